"""What Stripe charges of a recurring gift, from the payment page to the last try of a card that fails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from constituents.models import FollowUp, WorkEvent
from core.mail.models import Message
from core.money import Money
from donations.errors import StripeRefusedError
from donations.models import (
    AskedChange,
    AskedState,
    Checkout,
    FailedCharge,
    FaultKind,
    GiftStatus,
    Method,
    OnlinePayment,
    RecurringGift,
    RecurringStatus,
)
from donations.promises.errors import PromiseError
from donations.promises.schedule import Frequency, Unit
from donations.services.books import check_books
from donations.stripe import checkout as checkouts
from donations.stripe.billing import asking, cards, mending
from donations.stripe.billing.pending import pending_words
from donations.stripe.checkout import Settled
from donations.stripe.fake import acting, faults

pytestmark = pytest.mark.django_db

SignUp = Callable[..., RecurringGift]
Hear = Callable[..., None]


@pytest.fixture(autouse=True)
def _today(time_machine: Any) -> None:
    time_machine.move_to(dt.datetime(2026, 1, 5, 17, tzinfo=dt.UTC), tick=False)


def again(recurring: RecurringGift) -> RecurringGift:
    return RecurringGift.objects.select_related("subscription", "donor").get(pk=recurring.pk)


def subscription_of(recurring: RecurringGift) -> str:
    return again(recurring).subscription.subscription_id


def mails() -> list[str]:
    return list(Message.objects.filter(template="recurring_failed").order_by("pk").values_list("to", flat=True))


# The first gift, and those that follow


@pytest.mark.parametrize("order", ["sent", "reversed", "shuffled"])
def test_the_first_invoice_is_the_first_gift_and_the_page_makes_none(
    sign_up: SignUp, hear: Hear, order: str
) -> None:  # fmt: skip
    recurring = sign_up("25")
    hear(order, times=2)
    begun = again(recurring)
    gift = begun.gifts.get()
    assert (begun.status, begun.subscription.status, begun.subscription.last4) == ("active", "active", "4242")
    assert (gift.status, gift.amount, gift.method) == (GiftStatus.POSTED, 25, Method.CARD)
    payment = OnlinePayment.objects.get()
    assert (payment.gift, payment.recurring) == (gift, begun)
    assert payment.invoice_id
    assert check_books() == []


def test_a_donor_who_comes_back_before_any_event_sees_the_gift(sign_up: SignUp) -> None:
    recurring = sign_up()
    assert checkouts.settle(Checkout.objects.for_settling().get(recurring=recurring)) == Settled.PAID
    assert again(recurring).gifts.count() == 1


def test_a_quarter_is_a_quarter_at_stripe_and_here(sign_up: SignUp, hear: Hear) -> None:
    recurring = sign_up("90", frequency=Frequency(1, Unit.QUARTER))
    hear()
    begun = again(recurring)
    assert (begun.frequency, begun.monthly) == (Frequency(1, Unit.QUARTER), 30)
    assert begun.next_due_on == dt.date(2026, 4, 5)


def test_a_bank_debit_is_a_gift_when_the_money_is_here(sign_up: SignUp, hear: Hear) -> None:
    recurring = sign_up(outcome="bank_debit")
    hear()
    assert not again(recurring).gifts.exists()
    acting.settle_debit(str(OnlinePayment.objects.get().payment_intent))
    hear()
    assert again(recurring).gifts.get().method == Method.BANK_DEBIT


def test_each_renewal_is_one_gift_however_often_it_is_heard_of(sign_up: SignUp, hear: Hear) -> None:
    recurring = sign_up()
    acting.renew(subscription_of_session(recurring))
    acting.renew(subscription_of_session(recurring))
    hear("shuffled", times=2, seed=3)
    assert again(recurring).gifts.count() == 3
    assert check_books() == []


def subscription_of_session(recurring: RecurringGift) -> str:
    """Return the id at Stripe, which nobody here has heard of yet."""
    from donations.stripe.fake import store

    session = Checkout.objects.get(recurring=recurring).session_id
    return str(store.get("checkout.session", str(session))["subscription"])


# A card that fails


def test_a_failed_charge_is_told_once_and_a_later_one_makes_it_well(sign_up: SignUp, hear: Hear) -> None:
    recurring = sign_up()
    hear()
    invoice = acting.renew(subscription_of(recurring), succeed=False, reason="expired_card")["id"]
    hear(times=2)
    failing = again(recurring)
    assert (failing.status, failing.status_reason) == (RecurringStatus.FAILING, "The card has expired.")
    assert mails() == ["ada@example.org"]
    letter = Message.objects.get(template="recurring_failed")
    assert "The card has expired." in letter.text
    assert mending.link(failing).rpartition(":")[0].rpartition(":")[0] in letter.text
    acting.retry(invoice, succeed=False)
    hear()
    assert len(mails()) == 2
    failures = WorkEvent.objects.filter(name="gift.card_failed", constituent=recurring.donor).order_by("pk")
    assert [event.facts["attempt"] for event in failures] == [1, 2], "rules hear of each try, once"
    acting.retry(invoice)
    hear("reversed")
    well = again(recurring)
    assert (well.status, well.gifts.count(), len(mails())) == (RecurringStatus.ACTIVE, 2, 2)
    assert not FailedCharge.objects.open().exists()


def test_of_two_tries_that_come_to_light_at_once_the_later_is_told(sign_up: SignUp, hear: Hear) -> None:
    recurring = sign_up()
    hear()
    invoice = acting.renew(subscription_of(recurring), succeed=False)["id"]
    acting.retry(invoice, succeed=False)
    hear("reversed")
    assert len(mails()) == 1
    assert FailedCharge.objects.get().attempt == 2


def test_when_stripe_gives_up_it_lapses_and_can_be_set_up_again(sign_up: SignUp, hear: Hear) -> None:
    recurring = sign_up()
    hear()
    invoice = acting.renew(subscription_of(recurring), succeed=False)["id"]
    hear()
    for _ in range(3):
        acting.retry(invoice, succeed=False)
        hear()
    lapsed = again(recurring)
    assert (lapsed.status, lapsed.subscription.is_given_up) == (RecurringStatus.LAPSED, True)
    assert len(mails()) == 4
    found = mending.recurring_of(mending.token_of(lapsed))
    assert found is not None
    anew = mending.set_up_again(found)
    assert mending.set_up_again(found) == anew
    assert anew.recurring is not None
    assert (anew.recurring.donor, anew.recurring.money) == (lapsed.donor, lapsed.money)


def test_an_invoice_that_stripe_cannot_make_is_for_staff_and_not_for_the_donor(sign_up: SignUp, hear: Hear) -> None:
    recurring = sign_up()
    hear()
    draft = acting.fail_finalization(subscription_of(recurring), why="The customer's location isn't recognized.")
    hear("reversed", times=2)
    failure, step = FailedCharge.objects.open().get(), FollowUp.objects.open().get()
    assert (failure.attempt, failure.code, step.constituent) == (0, "finalization_failed", again(recurring).donor)
    assert step.note == "The customer's location isn't recognized."
    assert (mails(), again(recurring).gifts.count()) == ([], 1)
    acting.finalize(draft["id"])
    hear("reversed")
    assert again(recurring).gifts.count() == 2
    assert not FailedCharge.objects.open().exists()
    assert FollowUp.objects.count() == 1
    assert check_books() == []


def test_a_bank_that_wants_approval_says_so(sign_up: SignUp, hear: Hear) -> None:
    recurring = sign_up()
    hear()
    acting.renew(subscription_of(recurring), needs_approval=True)
    hear()
    failure = FailedCharge.objects.get()
    assert failure.needs_approval
    assert failure.invoice_url.endswith(f"/demo/invoice/{failure.invoice_id}/")


# Changes


def test_another_amount_is_charged_from_the_next_time_on(sign_up: SignUp, hear: Hear) -> None:
    recurring = sign_up()
    hear()
    asked = asking.change_amount(again(recurring), money=Money(Decimal(40), "USD"), by=None)
    assert asking.carry_out(asked).state == AskedState.DONE
    assert again(recurring).amount == 40
    acting.renew(subscription_of(recurring))
    hear()
    assert sorted(again(recurring).gifts.values_list("amount", flat=True)) == [25, 40]


def test_a_lost_answer_leaves_it_asked_and_asking_again_does_it_once(sign_up: SignUp, hear: Hear) -> None:
    recurring = sign_up()
    hear()
    asked = asking.change_amount(again(recurring), money=Money(Decimal(40), "USD"), by=None)
    faults.commit(FaultKind.TIMEOUT, method="POST", path="/v1/subscriptions")
    asked = asking.carry_out(asked)
    assert asked.state == AskedState.ASKED
    assert "$40.00" in pending_words(again(recurring))
    with pytest.raises(asking.StillAskingError):
        asking.stop(again(recurring), by=None)
    asking.carry_out_later.func(asked.pk)
    asking.carry_out_later.func(asked.pk)
    asked.refresh_from_db()
    assert (asked.state, again(recurring).amount, pending_words(again(recurring))) == (AskedState.DONE, 40, "")
    assert again(recurring).changes.filter(kind="upgraded").count() == 1


def test_an_event_that_is_quicker_than_the_answer_settles_it(sign_up: SignUp, hear: Hear) -> None:
    recurring = sign_up()
    hear()
    asked = asking.stop(again(recurring), by=None, reason="Moved abroad")
    faults.commit(FaultKind.TIMEOUT, method="DELETE", path="/v1/subscriptions")
    asking.carry_out(asked)
    hear()
    asked.refresh_from_db()
    ended = again(recurring)
    assert (asked.state, ended.status, ended.status_reason) == (AskedState.DONE, RecurringStatus.ENDED, "Moved abroad")


def test_what_is_stopped_at_stripe_already_is_stopped(sign_up: SignUp, hear: Hear) -> None:
    recurring = sign_up()
    hear()
    from donations.stripe.fake import store
    from donations.stripe.fake.money import subscribing

    subscribing.end(store.get("subscription", subscription_of(recurring)), reason="cancellation_requested")
    asked = asking.carry_out(asking.stop(again(recurring), by=None))
    assert (asked.state, again(recurring).status) == (AskedState.DONE, RecurringStatus.ENDED)


def test_a_refusal_stands_in_the_row_and_changes_nothing(sign_up: SignUp, hear: Hear) -> None:
    recurring = sign_up()
    hear()
    asked = asking.use_card(again(recurring), method="pm_nobodys", by=None)
    with pytest.raises(StripeRefusedError):
        asking.carry_out(asked)
    asked.refresh_from_db()
    assert (asked.state, again(recurring).status) == (AskedState.REFUSED, RecurringStatus.ACTIVE)
    assert asked.answer


def test_paused_nothing_is_charged_and_then_it_goes_on(sign_up: SignUp, hear: Hear) -> None:
    recurring = sign_up()
    hear()
    asking.carry_out(asking.pause(again(recurring), until=dt.date(2026, 3, 1), by=None))
    paused = again(recurring)
    assert (paused.status, paused.paused_until, paused.next_due_on) == (
        RecurringStatus.PAUSED,
        dt.date(2026, 3, 1),
        dt.date(2026, 3, 5),
    )
    acting.renew(subscription_of(recurring))
    hear("reversed")
    assert (again(recurring).gifts.count(), again(recurring).status) == (1, RecurringStatus.PAUSED)
    asking.carry_out(asking.resume(again(recurring), by=None))
    assert again(recurring).status == RecurringStatus.ACTIVE
    acting.renew(subscription_of(recurring))
    hear()
    assert again(recurring).gifts.count() == 2


def test_the_day_moves_and_the_free_time_in_between_is_no_gift(sign_up: SignUp, hear: Hear) -> None:
    recurring = sign_up()
    hear()
    asking.carry_out(asking.move_day(again(recurring), on=dt.date(2026, 2, 20), by=None))
    hear()
    moved = again(recurring)
    assert (moved.day, moved.next_due_on, moved.gifts.count()) == (20, dt.date(2026, 2, 20), 1)
    acting.renew(subscription_of(recurring))
    hear()
    assert (again(recurring).gifts.count(), again(recurring).next_due_on) == (2, dt.date(2026, 3, 20))


@pytest.mark.parametrize("days", [0, 500])
def test_a_day_gone_by_or_far_away_is_refused(sign_up: SignUp, hear: Hear, days: int) -> None:
    recurring = sign_up()
    hear()
    with pytest.raises(PromiseError):
        asking.move_day(again(recurring), on=dt.date(2026, 1, 5) + dt.timedelta(days=days), by=None)
    assert not AskedChange.objects.exists()


# Another card


def test_another_card_is_used_when_the_donor_is_back(sign_up: SignUp, hear: Hear) -> None:
    recurring = sign_up()
    hear()
    address = cards.replacement_page(again(recurring), return_url=BACK, language="en")
    assert "/demo/card/" in address
    acting.replace_card(again(recurring).subscription.customer_id)
    asked = cards.adopt(again(recurring), by=None)
    assert asked is not None
    assert (asked.state, again(recurring).subscription.last4) == (AskedState.DONE, "4444")
    assert cards.adopt(again(recurring), by=None) is None


def test_another_card_is_used_when_the_donor_never_comes_back(sign_up: SignUp, hear: Hear) -> None:
    recurring = sign_up()
    hear()
    cards.replacement_page(again(recurring), return_url=BACK, language="en")
    acting.replace_card(again(recurring).subscription.customer_id)
    hear()
    assert again(recurring).subscription.last4 == "4444"


BACK = "https://give.example.org/give/back/"


def test_a_link_that_is_too_old_or_forged_opens_nothing(sign_up: SignUp, hear: Hear, time_machine: Any) -> None:
    recurring = sign_up()
    hear()
    token = mending.token_of(recurring)
    assert mending.recurring_of(token) == recurring
    assert mending.recurring_of(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    time_machine.shift(mending.LASTS + dt.timedelta(seconds=1))
    assert mending.recurring_of(token) is None


# Any order

_STORY = st.lists(st.sampled_from(["renew", "fail", "retry", "retry_fails"]), min_size=1, max_size=4)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=_STORY, seed=st.integers(0, 1_000), times=st.integers(1, 2))
def test_whatever_happens_in_whatever_order_it_is_heard_the_gifts_are_what_was_paid(
    sign_up: SignUp, hear: Hear, time_machine: Any, story: list[str], seed: int, times: int
) -> None:
    time_machine.shift(60)  # the ids of mails are made of the moment and of chance, which is the same in each example
    recurring = sign_up()
    stripes = subscription_of_session(recurring)
    open_ones: list[str] = []
    paid = 1
    for step in story:
        if step in ("renew", "fail"):
            invoice = acting.renew(stripes, succeed=step == "renew")
            paid += step == "renew"
            open_ones += [invoice["id"]] if step == "fail" else []
        elif open_ones:
            acting.retry(open_ones[-1], succeed=step == "retry")
            paid += step == "retry"
            if step == "retry":
                open_ones.pop()
    hear("shuffled", seed=seed, times=times)
    heard = again(recurring)
    assert heard.gifts.count() == OnlinePayment.objects.paid().filter(recurring=recurring).count() == paid
    assert heard.status == (RecurringStatus.FAILING if heard.subscription.status == "past_due" else "active")
    assert check_books() == []
