"""A regular gift promised by standing order: where nobody pays online, or whoever would rather not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from core.mail.models import Message
from core.money import Money
from donations.models import Checkout, Fund, Gift, RecurringGift, RecurringKind, RecurringStatus
from donations.promises.matching import expected_for
from donations.promises.schedule import Frequency, Unit
from donations.promises.standing import end_recurring, start_recurring
from donations.promises.upkeep import keep_promises
from tests.factories.constituents import make_person
from tests.factories.website import form_token

pytestmark = pytest.mark.django_db

Give = Callable[..., HttpResponse]
MONTHLY = {"frequency": "month", "amount_month": "20", "method": "transfer"}


@pytest.fixture(autouse=True)
def _today(time_machine: Any) -> None:
    time_machine.move_to(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC), tick=False)


def test_without_a_key_a_regular_gift_is_promised_by_standing_order(
    general_fund: Fund, client: Client, give: Give
) -> None:  # fmt: skip
    assert 'value="month"' in client.get("/give/").text
    promised = give(**MONTHLY)
    standing = RecurringGift.objects.get()
    assert (standing.kind, standing.status, standing.amount) == (RecurringKind.STANDING_ORDER, "active", 20)
    assert (standing.frequency, standing.starts_on, standing.fund_names) == (
        Frequency(),
        dt.date(2026, 12, 1),
        general_fund.name,
    )
    page = client.get(promised["Location"]).text
    letter = Message.objects.get(template="recurring_promised")
    for words in (standing.reference, "$20", "December 1, 2026", "standing order"):
        assert words in page
        assert words in letter.text
    assert not Gift.objects.exists()
    found = expected_for(money=Money(Decimal(20), "USD"), on=dt.date(2026, 12, 2), reference=standing.reference)
    assert found[0].is_sure, "the bank's statement finds it"


@pytest.mark.usefixtures("online")
def test_who_may_pay_online_may_also_promise_and_sent_twice_it_is_one(client: Client, give: Give) -> None:
    assert "Promise it by standing order" in client.get("/give/").text
    token = form_token()
    first, second = (give(**MONTHLY, token=token)["Location"] for _ in range(2))
    assert first == second
    assert RecurringGift.objects.get().is_online is False
    assert Message.objects.filter(template="recurring_promised").count() == 1


@pytest.mark.usefixtures("online")
def test_who_then_pays_online_has_promised_nothing_more(give: Give) -> None:
    token = form_token()
    give(**MONTHLY, token=token)
    give(**MONTHLY | {"method": "online"}, token=token)
    standing = RecurringGift.objects.get(kind=RecurringKind.STANDING_ORDER)
    assert (standing.status, standing.status_reason) == ("ended", "The donor pays online instead.")
    assert Checkout.objects.get().recurring is not None


@pytest.mark.usefixtures("general_fund")
def test_a_dedication_and_the_wish_for_silence_stand_in_the_note(give: Give) -> None:
    give(**MONTHLY, is_anonymous="on", dedicate="on", tribute_kind="memory", honouree="Grandma Lee")
    assert RecurringGift.objects.get().note == "Not to be named in public.\nDedicated: In memory of Grandma Lee."


@pytest.mark.usefixtures("general_fund")
def test_what_ends_before_its_first_date_never_begins(time_machine: Any) -> None:
    standing = start_recurring(
        donor=make_person(),
        money=Money(Decimal(20), "USD"),
        frequency=Frequency(1, Unit.MONTH),
        starts_on=dt.date(2026, 12, 1),
        by=None,
    )
    end_recurring(standing, by=None, reason="Changed their mind")
    time_machine.move_to(dt.datetime(2026, 12, 3, 12, tzinfo=dt.UTC), tick=False)
    keep_promises(now=dt.datetime(2026, 12, 3, 12, tzinfo=dt.UTC))
    standing.refresh_from_db()
    assert (standing.status, standing.next_due_on) == (RecurringStatus.ENDED, None)
    assert sum(change.difference for change in standing.changes.all()) == 0
