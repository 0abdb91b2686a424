"""However Stripe fails us, and however often we ask again, everything happens once: for each thing we ask of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from core import clock
from core.money import Money
from donations.errors import OnlineGivingError
from donations.models import (
    AskedChange,
    AskedState,
    Checkout,
    CheckoutState,
    Gift,
    GiftStatus,
    OnlinePayment,
    OnlineRefund,
    RecurringGift,
    RecurringStatus,
    RefundStatus,
)
from donations.models.demo_stripe import FakeObject, FaultKind
from donations.promises.schedule import Frequency, Unit
from donations.services.books import check_books
from donations.stripe import checkout as checkouts
from donations.stripe import inbox
from donations.stripe.billing import asking, cards, charging
from donations.stripe.catching_up import catch_up
from donations.stripe.donors import Giver
from donations.stripe.fake import acting, faults
from donations.stripe.fake.acting import Outcome
from donations.stripe.refunding import ask_refund, send_refund
from donations.stripe.syncing import invoices, payments
from tests.donations.stripe.conftest import CANCEL, RETURN, post
from tests.donations.stripe.test_orders import undone
from tests.harness.billing import BACK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("online")]

DAY = dt.timedelta(days=1)
#: It acted, and we do not hear of it.
ACTED = (FaultKind.TIMEOUT, FaultKind.BROKEN)
FAILURES = (*ACTED, FaultKind.UNREACHABLE, FaultKind.SERVER_ERROR, FaultKind.RATE_LIMIT)


@dataclass(frozen=True)
class Wish:
    """Something asked of Stripe: how it is asked, again and again the same, and what must be true once it is done."""

    name: str
    method: str
    path: str
    ask: Callable[[], object]
    is_done_once: Callable[[], bool]
    #: How long nothing may be known of it: of money, as long as Stripe keeps to a failed answer.
    takes: dt.timedelta = dt.timedelta()
    moves_money: bool = False


def at_stripe(kind: str, **fields: Any) -> int:
    return FakeObject.objects.filter(kind=kind, **{f"data__{name}": value for name, value in fields.items()}).count()


def pages_to_pay_on() -> int:
    """How many payment pages donors know of; one that nobody was ever sent to is found by nobody."""
    known = Checkout.objects.exclude(session_id=None).values_list("session_id", flat=True)
    return FakeObject.objects.filter(kind="checkout.session", stripe_id__in=known, data__status="open").count()


def begin(checkout: Checkout) -> Callable[[], object]:
    return lambda: checkouts.begin(checkout, return_url=RETURN, cancel_url=CANCEL)


def monthly() -> Checkout:
    return checkouts.prepare_recurring(
        token=uuid.uuid4(),
        giver=Giver(given_name="Iris", family_name="Vega", email="iris@example.org"),
        money=Money(Decimal(15), "USD"),
        frequency=Frequency(),
        by=None,
    )


@pytest.fixture
def wishes(
    fill_form: Callable[..., Checkout],
    go_to_pay: Callable[..., Checkout],
    sign_up: Callable[..., RecurringGift],
    hear: Callable[..., None],
) -> list[Wish]:
    """Everything we ask Stripe to do."""
    left_behind = go_to_pay("8.00")
    session = str(left_behind.session_id)
    acting.pay(go_to_pay("50.00").session_id, Outcome.PAY)
    intent = FakeObject.objects.get(kind="payment_intent").stripe_id
    payments.sync(intent)
    sign_up()
    hear()
    return [
        Wish(
            "a page to give once", "POST", "/v1/checkout/sessions", begin(fill_form("9.00")), one_page, moves_money=True
        ),
        Wish("a page to give monthly", "POST", "/v1/checkout/sessions", begin(monthly()), one_page, moves_money=True),
        Wish(
            "closing a page",
            "POST",
            f"/v1/checkout/sessions/{session}",
            lambda: checkouts.close_page.func(session),
            lambda: is_over(session),
            takes=DAY,  # its time is over by then
        ),
        Wish("a refund", "POST", "/v1/refunds", Refunding(), Refunding.is_done_once, takes=DAY, moves_money=True),
        *subscription_wishes(),
        Wish("charging what is open", "POST", "/v1/invoices/", Charging(), Charging.is_done_once, moves_money=True),
        Wish(
            "a page for another card",
            "POST",
            "/v1/billing_portal/sessions",
            lambda: cards.replacement_page(recurring(), return_url=BACK, language="en"),
            lambda: recurring().subscription.card_asked_at is not None,
        ),
    ]


def is_over(session: str) -> bool:
    """Whether nobody can pay on a page any more."""
    page: dict[str, Any] = FakeObject.objects.get(stripe_id=session).data
    return page["status"] != "open" or page["expires_at"] < clock.now().timestamp()


def one_page() -> bool:
    """Beside the one that was left behind, and another that was paid on."""
    return pages_to_pay_on() == 2


class Refunding:
    """Somebody presses the button once; after that the clock asks."""

    def __call__(self) -> None:
        asked = OnlineRefund.objects.first()
        if asked is None:
            payment = OnlinePayment.objects.get(recurring=None)
            asked = ask_refund(payment, money=Money(Decimal(10), "USD"), by=None, reason="Given twice")
        send_refund.call(asked.pk)

    @staticmethod
    def is_done_once() -> bool:
        """One row, one refund, and that much in the books."""
        row, gift = OnlineRefund.objects.get(), Gift.objects.get(amount=50)
        return (row.status, at_stripe("refund"), gift.refunded_amount) == (RefundStatus.SUCCEEDED, 1, 10)


def recurring() -> RecurringGift:
    return RecurringGift.objects.select_related("subscription").get(status__in=["active", "failing", "paused", "ended"])


def subscription_wishes() -> Iterator[Wish]:
    on, until = clock.today() + 20 * DAY, clock.today() + 60 * DAY
    method = recurring().subscription.payment_method_id
    for what, ask, is_so in (
        (
            "another amount",
            lambda: asking.change_amount(recurring(), money=Money(Decimal(40), "USD"), by=None),
            lambda: recurring().amount == 40 and recurring().changes.filter(kind="upgraded").count() == 1,
        ),
        (
            "another rhythm",
            lambda: asking.change_rhythm(recurring(), frequency=Frequency(1, Unit.YEAR), by=None),
            lambda: recurring().frequency == Frequency(1, Unit.YEAR),
        ),
        ("another day", lambda: asking.move_day(recurring(), on=on, by=None), lambda: recurring().next_due_on == on),
        (
            "a pause",
            lambda: asking.pause(recurring(), until=until, by=None),
            lambda: recurring().status == RecurringStatus.PAUSED,
        ),
        (
            "a known card",
            lambda: asking.use_card(recurring(), method=method, by=None),
            lambda: recurring().subscription.payment_method_id == method,
        ),
        ("a stop", lambda: asking.stop(recurring(), by=None), lambda: recurring().status == RecurringStatus.ENDED),
    ):
        verb = "DELETE" if what == "a stop" else "POST"
        yield Wish(what, verb, "/v1/subscriptions", Changing(ask), settled_once(is_so))


@dataclass(frozen=True)
class Changing:
    """The change is written down once; after that the clock asks."""

    ask: Callable[[], AskedChange]

    def __call__(self) -> None:
        if not AskedChange.objects.exists():
            self.ask()
        asking.carry_out_later.func(AskedChange.objects.get().pk)


class Charging:
    """A renewal failed, and the donor presses the button of the mail; after that the clock asks."""

    def __call__(self) -> None:
        if not AskedChange.objects.exists():
            invoices.sync(acting.renew(recurring().subscription.subscription_id, succeed=False)["id"])
            charging.charge_now(recurring(), by=None)
        asking.carry_out_later.func(AskedChange.objects.get().pk)

    @staticmethod
    def is_done_once() -> bool:
        """Beside the first one charge, one gift, and nothing open."""
        paid = OnlinePayment.objects.paid().filter(recurring=recurring())
        is_settled = AskedChange.objects.get().state == AskedState.DONE
        charges = at_stripe("charge", status="succeeded", customer=recurring().subscription.customer_id)
        return is_settled and (paid.count(), recurring().gifts.count(), charges) == (2, 2, 2)


def settled_once(is_so: Callable[[], bool]) -> Callable[[], bool]:
    return lambda: AskedChange.objects.get().state == AskedState.DONE and is_so()


def test_whatever_fails_is_asked_for_again_and_done_once(wishes: list[Wish], time_machine: Any) -> None:
    for wish in wishes:
        for kind in FAILURES if wish.moves_money else ACTED:
            with undone():
                fault = faults.commit(kind, method=wish.method, path=wish.path)
                with suppress(OnlineGivingError):
                    wish.ask()
                assert not type(fault).objects.exists(), f"{wish.name} was never asked for"
                began = clock.now()
                time_machine.move_to(began + wish.takes)
                for _ in range(2):
                    wish.ask()
                assert wish.is_done_once(), f"{wish.name} after {kind}"
                if wish.moves_money and kind is FaultKind.BROKEN:
                    assert check_books() == []
                time_machine.move_to(began)


def test_while_stripe_keeps_to_its_failure_a_refund_is_on_record_and_a_second_is_not_sent(
    go_to_pay: Callable[..., Checkout], time_machine: Any
) -> None:
    """Stripe answers a key as it did at first, for a day; whether it acted nobody can be sure of before."""
    acting.pay(go_to_pay("50.00").session_id, Outcome.PAY)
    catch_up()
    asked = ask_refund(OnlinePayment.objects.get(), money=Money(Decimal(10), "USD"), by=None, reason="Given twice")
    faults.commit(FaultKind.SERVER_ERROR, path="/v1/refunds", method="POST")
    for hours in (1, 5, 15):
        time_machine.move_to(clock.now() + dt.timedelta(hours=hours))
        with suppress(OnlineGivingError):
            send_refund.call(asked.pk)
        asked.refresh_from_db()
        assert (asked.status, at_stripe("refund")) == (RefundStatus.ASKED, 0)
    time_machine.move_to(clock.now() + dt.timedelta(hours=10))
    catch_up()
    asked.refresh_from_db()
    assert (asked.status, at_stripe("refund")) == (RefundStatus.SUCCEEDED, 1)


def test_a_refund_that_was_made_though_stripe_said_it_failed_is_recorded_at_once(
    go_to_pay: Callable[..., Checkout],
) -> None:
    acting.pay(go_to_pay("50.00").session_id, Outcome.PAY)
    catch_up()
    asked = ask_refund(OnlinePayment.objects.get(), money=Money(Decimal(10), "USD"), by=None, reason="Given twice")
    faults.commit(FaultKind.BROKEN, path="/v1/refunds", method="POST")
    send_refund.call(asked.pk)
    asked.refresh_from_db()
    assert (asked.status, Gift.objects.get().refunded_amount) == (RefundStatus.SUCCEEDED, 10)


# Killed in the middle


def test_an_event_that_was_stored_when_the_machine_died_is_handled_when_it_is_back(
    go_to_pay: Callable[..., Checkout], time_machine: Any
) -> None:
    acting.pay(go_to_pay("25.00").session_id, Outcome.PAY)
    for event in acting.events():
        assert post(event) == 200
    assert Gift.objects.get().status == GiftStatus.PENDING, "stored, and nobody has looked"
    assert inbox.due(clock.now()) == []
    later = clock.now() + dt.timedelta(minutes=11)
    waiting = inbox.due(later)
    assert inbox.try_due(now=later) == len(waiting) > 0
    for event in waiting:
        inbox.handle_event.func(event.pk)
    assert Gift.objects.get().status == GiftStatus.POSTED
    assert inbox.due(later) == []


def test_a_page_whose_address_was_never_written_down_is_found_again_or_given_up(
    fill_form: Callable[..., Checkout], time_machine: Any
) -> None:
    """The machine died between Stripe's answer and our writing it down; for us that is an answer that never came."""
    paid, left = fill_form("30.00"), fill_form("31.00")
    for checkout in (paid, left):
        faults.commit(FaultKind.TIMEOUT, path="/v1/checkout/sessions")
        with pytest.raises(OnlineGivingError):
            begin(checkout)()
    pages = FakeObject.objects.filter(kind="checkout.session")
    made = {page.data["client_reference_id"]: page.stripe_id for page in pages}
    acting.pay(made[str(paid.uuid)], Outcome.PAY)
    catch_up()
    paid.refresh_from_db()
    assert (paid.session_id, paid.state) == (made[str(paid.uuid)], CheckoutState.COMPLETE)
    time_machine.move_to(clock.now() + 2 * DAY)
    catch_up()
    left.refresh_from_db()
    assert left.state == CheckoutState.EXPIRED
    assert dict(Gift.objects.values_list("amount", "status")) == {30: GiftStatus.POSTED, 31: GiftStatus.CANCELLED}
    assert check_books() == []


def test_a_refund_whose_answer_was_never_written_down_is_picked_up_by_the_clock(
    go_to_pay: Callable[..., Checkout], time_machine: Any
) -> None:
    acting.pay(go_to_pay("50.00").session_id, Outcome.PAY)
    catch_up()
    asked = ask_refund(OnlinePayment.objects.get(), money=Money(Decimal(10), "USD"), by=None, reason="Given twice")
    faults.commit(FaultKind.TIMEOUT, path="/v1/refunds", method="POST")
    with pytest.raises(OnlineGivingError):
        send_refund.call(asked.pk)
    FakeObject.objects.filter(kind="event").delete()
    time_machine.move_to(clock.now() + dt.timedelta(minutes=11))
    assert catch_up().failed == []
    asked.refresh_from_db()
    assert (asked.status, at_stripe("refund"), Gift.objects.get().refunded_amount) == (RefundStatus.SUCCEEDED, 1, 10)
    assert check_books() == []
