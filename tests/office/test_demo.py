"""The demo data: plausible, deterministic, and right in the books."""

import datetime as dt
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Sum

from constituents.models import Constituent
from core.demo import DemoPlan, demo_parts
from core.organisation import current_organisation
from donations.models import (
    Dispute,
    Gift,
    GiftAidClaim,
    GiftAidDeclaration,
    OnlinePayment,
    Payout,
    Receipt,
    RecurringGift,
    SmallClaim,
    StripeSubscription,
)
from donations.services.books import check_books
from donations.stripe.billing import asking, charging
from donations.stripe.events import handler_for, object_id
from donations.stripe.fake import acting
from donations.stripe.syncing import invoices, payments, payouts
from office.demo.loading import load_demo
from tests.factories.constituents import make_person
from volunteers.models import Shift

pytestmark = pytest.mark.django_db

SAID = ("charge_id", "status", "amount_minor", "refunded_minor", "fee", "net", "balance_transaction", "gift__status",
        "method_brand", "method_last4", "method_wallet", "charged_at")  # fmt: skip
PLAN = DemoPlan(people=60, years=3, seed=7, today=dt.date(2026, 11, 20))
#: The parts of the demo that a country's law has a say in.
LAWFUL = {"organisation", "people", "funds", "giving", "papers", "receipts"}


def fingerprint() -> list[tuple]:
    gifts = Gift.objects.order_by("pk").values_list("donor__display_name", "amount", "received_on", "method")
    return [*Constituent.objects.order_by("pk").values_list("display_name", "search_entry__tokens"), *gifts]


def test_the_same_seed_makes_the_same_data() -> None:
    with transaction.atomic():
        load_demo(PLAN)
        first = fingerprint()
        transaction.set_rollback(True)
    load_demo(PLAN)
    assert fingerprint() == first


def test_the_books_are_right_no_gift_is_dated_in_the_future_and_no_shift_is_overbooked(settings: Any) -> None:
    counts = load_demo(PLAN)
    assert counts["people"] + counts["organisations"] == 60
    assert counts["gifts"] > 50
    assert check_books() == []
    assert not Gift.objects.filter(received_on__gt=PLAN.today).exists()
    assert all(shift.sign_ups.holding_a_place().count() == shift.places_taken for shift in Shift.objects.all()[:50])
    settings.STRIPE_DEMO = True
    stripe_says_the_same()
    and_goes_on_from_there()


def stripe_says_the_same() -> None:
    """Whatever of the past is asked of the double again is as our rows have it."""
    before = list(OnlinePayment.objects.order_by("pk").values(*SAID))
    for payment in OnlinePayment.objects.all():
        payments.sync(str(payment.payment_intent))
    assert list(OnlinePayment.objects.order_by("pk").values(*SAID)) == before
    for payout in Payout.objects.all():
        payouts.sync(payout.payout_id)
        assert payout.lines.in_deposits().aggregate(net=Sum("net_minor"))["net"] == payout.amount_minor
    standing = list(RecurringGift.objects.order_by("pk").values_list("pk", "status", "next_due_on", "amount"))
    for row in StripeSubscription.objects.all():
        invoices.sync_subscription(row.subscription_id)
    assert list(RecurringGift.objects.order_by("pk").values_list("pk", "status", "next_due_on", "amount")) == standing
    assert check_books() == []


def and_goes_on_from_there() -> None:
    """A payment of the past is refunded, another disputed, a failed charge charged, a subscription renewed."""
    mark = acting.cursor()
    first, second = OnlinePayment.objects.paid().filter(recurring__isnull=False, refunded_minor=0).order_by("pk")[:2]
    acting.refund_at_stripe(str(first.payment_intent))
    acting.dispute(str(second.payment_intent))
    for status in ("active", "past_due"):
        row = StripeSubscription.objects.filter(status=status, is_paused=False).order_by("pk").first()
        if row is not None and status == "active":
            acting.renew(row.subscription_id)
        elif row is not None:
            asking.carry_out(charging.charge_now(row.recurring, by=None))
    for event in acting.events(mark):
        if (handler := handler_for(event["type"])) is not None:
            handler(object_id(event))
    first.refresh_from_db()
    assert (first.refunded_minor, first.gift.status) == (first.amount_minor, "refunded")
    assert Dispute.objects.filter(payment=second).exists()
    assert check_books() == []


@pytest.mark.parametrize(
    ("country", "currency", "says"),
    [("GB", "GBP", "gift aid claims"), ("CA", "CAD", "receipts"), ("DE", "EUR", "receipts")],
)
def test_in_another_country_it_follows_that_countrys_law(country: str, currency: str, says: str) -> None:
    plan = replace(PLAN, people=40, years=2, country=country)
    counts = reduce(or_, (part(plan) for name, part in demo_parts() if name in LAWFUL))
    assert counts[says]
    assert set(Gift.objects.exclude(method="transfer").values_list("currency", flat=True)) == {currency}
    assert set(Receipt.objects.values_list("regime", flat=True)) == {current_organisation().regime}
    assert check_books() == []
    if country == "GB":
        assert GiftAidClaim.objects.with_hmrc().count() == 2
        assert SmallClaim.objects.get().state == "paid"
        assert GiftAidDeclaration.objects.exclude(cancelled_from=None).exists()
    if country == "CA":
        assert set(Receipt.objects.values_list("snapshot__language", flat=True)) == {"en-ca", "fr-ca"}


def test_a_database_with_data_is_refused() -> None:
    make_person()
    with pytest.raises(CommandError, match="holds data already"):
        call_command("load_demo", "--people", "40")


def test_the_data_ends_on_the_organisations_own_day_not_on_greenwichs() -> None:
    with time_machine.travel(dt.datetime(2026, 11, 22, 1, tzinfo=dt.UTC)):
        call_command("load_demo", "--people", "40", "--years", "2", verbosity=0)
    assert not Gift.objects.filter(received_on__gt=dt.date(2026, 11, 21)).exists()
    assert Gift.objects.filter(received_on=dt.date(2026, 11, 21)).exists()
