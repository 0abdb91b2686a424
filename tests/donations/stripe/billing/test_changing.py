"""What a donor with a regular gift may ask for beyond its amount: another rhythm, a charge now, the same again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from core import clock
from core.mail.models import Message
from core.money import Money
from donations.errors import ChargeDeclinedError
from donations.models import (
    AskedChange,
    AskedState,
    ChangeKind,
    FailedCharge,
    FaultKind,
    RecurringGift,
    RecurringStatus,
)
from donations.promises.errors import PromiseError
from donations.promises.reports import movements
from donations.promises.rhythms import as_much
from donations.promises.schedule import Frequency, Unit
from donations.services.books import check_books
from donations.stripe import checkout as checkouts
from donations.stripe.billing import asking, cards, charging, mending
from donations.stripe.billing.charging import Outcome
from donations.stripe.fake import acting, faults, store
from donations.stripe.syncing import subscriptions
from tests.factories.donations import make_fund

pytestmark = pytest.mark.django_db

SignUp = Callable[..., RecurringGift]
Hear = Callable[..., None]
QUARTERLY, YEARLY = Frequency(1, Unit.QUARTER), Frequency(1, Unit.YEAR)
BACK = "https://give.example.org/give/back/"


@pytest.fixture(autouse=True)
def _today(time_machine: Any) -> None:
    time_machine.move_to(dt.datetime(2026, 1, 5, 17, tzinfo=dt.UTC), tick=False)


@pytest.fixture
def recurring(sign_up: SignUp, hear: Hear) -> RecurringGift:
    """25 dollars every month, charged once, on 5 January."""
    begun = sign_up("25")
    hear()
    return again(begun)


@pytest.fixture
def failing(recurring: RecurringGift, hear: Hear) -> RecurringGift:
    """The same, and the second charge was declined."""
    acting.renew(stripes(recurring), succeed=False)
    hear()
    return again(recurring)


def again(recurring: RecurringGift) -> RecurringGift:
    return RecurringGift.objects.select_related("subscription", "donor").get(pk=recurring.pk)


def stripes(recurring: RecurringGift) -> str:
    return recurring.subscription.subscription_id


def told() -> list[str]:
    return list(Message.objects.filter(template="recurring_changed").order_by("pk").values_list("subject", flat=True))


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


# Another rhythm


def test_another_rhythm_begins_with_the_next_charge_which_stays_on_its_day(
    recurring: RecurringGift, hear: Hear
) -> None:  # fmt: skip
    asked = asking.change_rhythm(recurring, frequency=QUARTERLY, money=usd("75"), by=None)
    assert asking.carry_out(asked).state == AskedState.DONE
    hear("shuffled", times=2)
    changed = again(recurring)
    assert (changed.frequency, changed.amount, changed.monthly) == (QUARTERLY, 75, 25)
    assert (changed.next_due_on, changed.gifts.count()) == (dt.date(2026, 2, 5), 1)
    acting.renew(stripes(recurring))
    hear()
    renewed = again(recurring)
    assert (renewed.next_due_on, renewed.gifts.count()) == (dt.date(2026, 5, 5), 2)
    assert check_books() == []


def test_the_next_charge_may_move_with_the_rhythm(recurring: RecurringGift, hear: Hear) -> None:
    on = dt.date(2026, 3, 20)
    asking.carry_out(asking.change_rhythm(recurring, frequency=YEARLY, money=usd("300"), on=on, by=None))
    assert (again(recurring).next_due_on, again(recurring).day) == (on, 20)
    acting.renew(stripes(recurring))
    hear()
    assert again(recurring).next_due_on == dt.date(2027, 3, 20)


def test_a_rhythm_whose_answer_is_lost_is_asked_once_more_and_is_one_change(recurring: RecurringGift) -> None:
    asked = asking.change_rhythm(recurring, frequency=YEARLY, money=usd("300"), by=None)
    faults.commit(FaultKind.TIMEOUT, method="POST", path="/v1/subscriptions")
    assert asking.carry_out(asked).state == AskedState.ASKED
    asking.carry_out_later.func(asked.pk)
    asking.carry_out_later.func(asked.pk)
    assert again(recurring).frequency == YEARLY
    assert told() == ["Your gift to Your organisation is changed"]


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ({"frequency": Frequency()}, "as often already"),
        ({"frequency": YEARLY, "on": dt.date(2026, 1, 5)}, "after today"),
        ({"frequency": YEARLY, "money": Money(Decimal(300), "EUR")}, "keeps its currency"),
        ({"frequency": YEARLY, "money": Money(Decimal("0.10"), "USD")}, "least that can be charged"),
    ],
)
def test_a_rhythm_that_cannot_be_is_refused(recurring: RecurringGift, wanted: dict[str, Any], why: str) -> None:
    with pytest.raises(PromiseError, match=why):
        asking.change_rhythm(recurring, by=None, **wanted)
    assert not AskedChange.objects.exists()


def test_what_is_about_to_be_charged_is_left_alone(recurring: RecurringGift, time_machine: Any) -> None:
    time_machine.move_to(dt.datetime(2026, 2, 5, 16, 30, tzinfo=dt.UTC), tick=False)
    with pytest.raises(PromiseError, match="about to be charged"):
        asking.change_rhythm(recurring, frequency=YEARLY, by=None)


def test_as_much_in_a_year_is_so_in_every_rhythm(recurring: RecurringGift) -> None:
    assert (as_much(recurring, QUARTERLY), as_much(recurring, YEARLY)) == (usd("75.00"), usd("300.00"))


# Charge it now


def test_what_is_open_is_charged_now_and_once(failing: RecurringGift, hear: Hear) -> None:
    asked = asking.carry_out(charging.charge_now(failing, by=None))
    assert charging.outcome_of(asked) is Outcome.PAID
    hear("reversed")
    well = again(failing)
    assert (well.status, well.gifts.count(), charging.open_charge(well)) == (RecurringStatus.ACTIVE, 2, None)
    with pytest.raises(PromiseError, match="Nothing is open"):
        charging.charge_now(well, by=None)
    assert check_books() == []


def test_a_lost_answer_charges_once(failing: RecurringGift) -> None:
    asked = charging.charge_now(failing, by=None)
    faults.commit(FaultKind.TIMEOUT, method="POST", path="/v1/invoices")
    assert charging.outcome_of(asking.carry_out(asked)) is Outcome.ASKED
    with pytest.raises(asking.StillAskingError):
        charging.charge_now(failing, by=None)
    asking.carry_out_later.func(asked.pk)
    asked.refresh_from_db()
    assert charging.outcome_of(asked) is Outcome.PAID
    assert again(failing).gifts.count() == 2
    assert len(store.find("charge", status="succeeded")) == 2


def test_what_was_paid_a_moment_before_is_paid(failing: RecurringGift) -> None:
    asked = charging.charge_now(failing, by=None)
    acting.retry(failed_invoice(failing))
    assert charging.outcome_of(asking.carry_out(asked)) is Outcome.PAID


@pytest.mark.parametrize(
    ("last4", "why", "needs_approval"), [("0002", "declined the payment", False), ("3155", "to be approved", True)]
)
def test_a_bank_that_says_no_again_is_quoted_and_nobody_is_written_to_twice(
    failing: RecurringGift, hear: Hear, last4: str, why: str, needs_approval: bool
) -> None:
    cards.replacement_page(failing, return_url=BACK, language="en")
    acting.replace_card(failing.subscription.customer_id, last4=last4)
    cards.adopt(again(failing), by=None)
    asked = charging.charge_now(again(failing), by=None)
    with pytest.raises(ChargeDeclinedError, match=why):
        asking.carry_out(asked)
    hear(times=2)
    failure = FailedCharge.objects.get()
    assert (failure.attempt, failure.needs_approval) == (1, needs_approval), "a try by hand is none of Stripe's"
    assert Message.objects.filter(template="recurring_failed").count() == 1
    assert again(failing).status == RecurringStatus.FAILING


def test_after_some_tries_a_day_it_is_enough(failing: RecurringGift) -> None:
    cards.replacement_page(failing, return_url=BACK, language="en")
    acting.replace_card(failing.subscription.customer_id, last4="0002")
    cards.adopt(again(failing), by=None)
    for _ in range(charging.TRIES_A_DAY):
        with pytest.raises(ChargeDeclinedError):
            asking.carry_out(charging.charge_now(again(failing), by=None))
    with pytest.raises(PromiseError, match="several times today"):
        charging.charge_now(again(failing), by=None)


# Pausing and stopping let go of what is open


@pytest.mark.parametrize("verb", [asking.pause, asking.stop])
def test_who_pauses_or_stops_is_not_charged_for_what_failed_before(
    failing: RecurringGift, hear: Hear, verb: Callable[..., AskedChange]
) -> None:
    invoice = failed_invoice(failing)
    asking.carry_out(verb(failing, by=None))
    hear()
    assert store.get("invoice", invoice)["status"] == "void"
    assert not FailedCharge.objects.open().exists()
    assert again(failing).status == (RecurringStatus.PAUSED if verb is asking.pause else RecurringStatus.ENDED)


# The same again, instead of what could not be charged


def failed_invoice(recurring: RecurringGift) -> str:
    return recurring.subscription.failures.first().invoice_id  # type: ignore[union-attr]


def given_up(failing: RecurringGift, hear: Hear, *, in_the_end: str) -> RecurringGift:
    """Let Stripe try until it gives up, as its settings say."""
    invoice = failed_invoice(failing)
    for _ in range(3):
        acting.retry(invoice, succeed=False, in_the_end=in_the_end)
    hear()
    return again(failing)


def set_up_again(old: RecurringGift) -> RecurringGift:
    """Press the button of the mail and pay."""
    found = mending.recurring_of(mending.token_of(old))
    assert found is not None
    checkout = mending.set_up_again(found)
    checkouts.begin(checkout, return_url=BACK, cancel_url=BACK)
    checkout.refresh_from_db()
    acting.pay(str(checkout.session_id), "pay")
    assert checkout.recurring is not None
    return checkout.recurring


def do_what_waits(old: RecurringGift) -> None:
    for asked in AskedChange.objects.waiting().filter(subscription__recurring=old):
        asking.carry_out_later.func(asked.pk)


def test_what_was_set_up_again_can_never_be_charged_by_the_old_one_too(failing: RecurringGift, hear: Hear) -> None:
    lapsed = given_up(failing, hear, in_the_end="unpaid")
    assert (lapsed.status, lapsed.subscription.status) == (RecurringStatus.LAPSED, "unpaid")
    new = set_up_again(lapsed)
    hear("shuffled", times=2)
    do_what_waits(lapsed)
    hear()
    old, new = again(lapsed), again(new)
    assert (old.subscription.status, old.status, new.status) == ("canceled", "ended", "active")
    assert store.get("invoice", failed_invoice(failing))["status"] == "void"
    assert (new.replaces, mending.successor_of(old)) == (old, new)
    assert told() == [], "it goes on: nothing was stopped"
    with pytest.raises(PromiseError, match="already"):
        mending.set_up_again(old)
    assert check_books() == []


def test_what_was_asked_of_the_old_one_is_dropped_for_its_end(failing: RecurringGift, hear: Hear) -> None:
    lapsed = given_up(failing, hear, in_the_end="unpaid")
    faults.commit(FaultKind.UNREACHABLE, method="DELETE", path="/v1/subscriptions")
    asking.carry_out(asking.stop(lapsed, by=None))
    found = mending.recurring_of(mending.token_of(lapsed))
    assert found is not None
    set_up_again(lapsed)
    hear()
    do_what_waits(lapsed)
    assert again(lapsed).subscription.status == "canceled"
    assert again(lapsed).status_reason == "The donor set it up again."


def test_the_unpaid_invoice_of_a_cancelled_one_is_closed_too(
    failing: RecurringGift, hear: Hear, run_jobs: Callable[[], object]
) -> None:
    lapsed = given_up(failing, hear, in_the_end="canceled")
    invoice = store.get("invoice", failed_invoice(failing))
    store.save(invoice | {"status": "open"})  # as when the settings leave it past due
    set_up_again(lapsed)
    hear()
    run_jobs()
    assert store.get("invoice", invoice["id"])["status"] == "void"
    assert again(lapsed).status == RecurringStatus.LAPSED


# A mail for each change


def test_each_change_is_confirmed_once_in_the_donors_language(recurring: RecurringGift, hear: Hear) -> None:
    recurring.donor.language = "fr"
    recurring.donor.save(update_fields=["language"])
    asking.carry_out(asking.change_amount(recurring, money=usd("40"), by=None))
    asking.change_fund(again(recurring), fund=make_fund("Boat"), by=None)
    asking.carry_out(asking.pause(again(recurring), until=dt.date(2026, 3, 1), by=None))
    asking.carry_out(asking.resume(again(recurring), by=None))
    asking.carry_out(asking.stop(again(recurring), by=None))
    hear("shuffled", times=3)
    letters = Message.objects.filter(template="recurring_changed").order_by("pk")
    assert [letter.to for letter in letters] == ["ada@example.org"] * 5
    assert "40,00" in letters[0].text
    assert "Boat" in letters[1].text
    assert "1er mars 2026" in letters[2].text
    assert "Votre don" in letters[4].subject


def test_what_stripe_repeats_and_what_it_charges_confirm_nothing(recurring: RecurringGift, hear: Hear) -> None:
    acting.renew(stripes(recurring))
    hear(times=3)
    subscriptions.sync(stripes(recurring))
    assert told() == []


def test_a_change_made_at_stripe_is_confirmed_like_any_other(recurring: RecurringGift) -> None:
    there = store.get("subscription", stripes(recurring))
    store.save(there | {"pause_collection": {"behavior": "void", "resumes_at": None}})
    subscriptions.sync(stripes(recurring))
    subscriptions.sync(stripes(recurring))
    assert told() == ["Your gift to Your organisation is paused"]


def test_a_pause_that_ends_on_its_day_was_told_when_it_began(recurring: RecurringGift, time_machine: Any) -> None:
    asking.carry_out(asking.pause(recurring, until=dt.date(2026, 1, 20), by=None))
    time_machine.move_to(dt.datetime(2026, 1, 20, 17, tzinfo=dt.UTC), tick=False)
    subscriptions.sync(stripes(recurring))
    assert again(recurring).changes.filter(kind=ChangeKind.RESUMED).exists()
    assert len(told()) == 1


def test_another_end_of_a_pause_is_told_and_so_is_that_it_has_none_any_more(recurring: RecurringGift) -> None:
    asking.carry_out(asking.pause(recurring, until=dt.date(2026, 3, 1), by=None))
    there = store.get("subscription", stripes(recurring))
    later_on = int(dt.datetime(2026, 4, 1, 17, tzinfo=dt.UTC).timestamp())
    for resumes_at in (later_on, None):
        store.save(there | {"pause_collection": {"behavior": "void", "resumes_at": resumes_at}})
        subscriptions.sync(stripes(recurring))
        subscriptions.sync(stripes(recurring))
    letters = [letter.text for letter in Message.objects.filter(template="recurring_changed").order_by("pk")]
    assert ["March 1" in letters[0], "April 1" in letters[1], "until you let it go on" in letters[2]] == [True] * 3
    assert len(letters) == 3
    paused = again(recurring)
    assert (paused.status, paused.paused_until, paused.monthly) == (RecurringStatus.PAUSED, None, 0)
    assert movements(clock.today(), clock.today())[0].counts[ChangeKind.PAUSED] == 1


def test_nobody_writes_to_the_dead(recurring: RecurringGift) -> None:
    recurring.donor.is_deceased = True
    recurring.donor.save(update_fields=["is_deceased"])
    asking.carry_out(asking.stop(recurring, by=None, reason="Died"))
    assert told() == []
