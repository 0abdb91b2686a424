"""The demo data: plausible, deterministic, and right in the books."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Sum

from constituents.models import Constituent
from core.demo import DemoPlan
from core.organisation import forget_organisation
from donations.models import Dispute, Gift, OnlinePayment, Payout, RecurringGift, StripeSubscription
from donations.services.books import check_books
from donations.stripe.billing import asking, charging
from donations.stripe.events import handler_for, object_id
from donations.stripe.fake import acting
from donations.stripe.syncing import invoices, payments, payouts
from office.demo.loading import load_demo
from tests.harness.worlds import standing
from volunteers.models import Shift

pytestmark = pytest.mark.django_db

SAID = ("charge_id", "status", "amount_minor", "refunded_minor", "fee", "net", "balance_transaction", "gift__status",
        "method_brand", "method_last4", "method_wallet", "charged_at")  # fmt: skip
PLAN = DemoPlan(people=60, years=3, seed=7, today=dt.date(2026, 11, 21))
#: The next day has begun in Greenwich, and not yet with the organisation.
TEN_AT_NIGHT = dt.datetime(2026, 11, 22, 1, tzinfo=dt.UTC)


class Loaded(NamedTuple):
    """What the same plan made before: its counts, and its people and gifts."""

    counts: dict[str, int]
    planned: list[tuple]


def fingerprint() -> list[tuple]:
    gifts = Gift.objects.order_by("pk").values_list("donor__display_name", "amount", "received_on", "method")
    return [*Constituent.objects.order_by("pk").values_list("display_name", "search_entry__tokens"), *gifts]


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Loaded]:
    """The demo as the command makes it at night, for the tests that look at it; beside it what the plan had made."""
    with standing(django_db_blocker):
        with transaction.atomic():
            counts = load_demo(PLAN)
            planned = fingerprint()
            transaction.set_rollback(True)
        with time_machine.travel(TEN_AT_NIGHT):
            call_command("load_demo", "--people", "60", "--years", "3", "--seed", "7", verbosity=0)
        forget_organisation()
        yield Loaded(counts, planned)


def test_the_same_seed_makes_the_same_data(loaded: Loaded) -> None:
    assert fingerprint() == loaded.planned


def test_the_data_ends_on_the_organisations_own_day_not_on_greenwichs(loaded: Loaded) -> None:
    assert not Gift.objects.filter(received_on__gt=dt.date(2026, 11, 21)).exists()
    assert Gift.objects.filter(received_on=dt.date(2026, 11, 21)).exists()


def test_the_books_are_right_and_no_shift_is_overbooked(loaded: Loaded, settings: Any) -> None:
    assert loaded.counts["people"] + loaded.counts["organisations"] == 60
    assert loaded.counts["gifts"] > 50
    assert check_books() == []
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


def test_a_database_with_data_is_refused(loaded: Loaded) -> None:
    with pytest.raises(CommandError, match="holds data already"):
        call_command("load_demo", "--people", "40")
