"""`stripe_sync`: what holds nothing back, what is found when events are lost for good, and what others write."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from constituents.models import FollowUp
from core import clock
from core.jobs.models import Job
from donations.models import (
    Checkout,
    Dispute,
    DisputeStatus,
    EventState,
    Gift,
    GiftStatus,
    OnlinePayment,
    OnlineRefund,
    RecurringGift,
    RecurringStatus,
    RefundStatus,
    StripeEvent,
    SyncCursor,
)
from donations.models.demo_stripe import FakeObject, FaultKind
from donations.services.books import check_books
from donations.stripe import gateway
from donations.stripe.catching_up import FIRST_TIME, catch_up, catch_up_every_hour
from donations.stripe.fake import acting, faults
from donations.stripe.fake.acting import Outcome
from donations.stripe.fake.store import Thing, peek, save
from donations.stripe.health import look

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("online")]

GoToPay = Callable[..., Checkout]
DAY = dt.timedelta(days=1)


def paid(checkout: Checkout) -> str:
    """Pay by card; return the payment."""
    acting.pay(checkout.session_id, Outcome.PAY)
    acting.book_fees()
    return FakeObject.objects.filter(kind="payment_intent").latest("pk").stripe_id


def forget_events() -> None:
    """Let more than thirty days go by: nothing tells any more what happened."""
    FakeObject.objects.filter(kind="event").delete()


def read_through() -> dict[str, dt.datetime]:
    return dict(SyncCursor.objects.values_list("name", "read_through"))


# What fails


def test_an_event_that_always_fails_holds_nothing_back_and_can_be_tried_again(
    go_to_pay: GoToPay, staff_client: Any, time_machine: Any
) -> None:
    paid(go_to_pay("20.00"))
    acting.payout("usd")
    broken: Thing = FakeObject.objects.get(kind="payout").data
    FakeObject.objects.filter(kind="payout").delete()
    paid(go_to_pay("50.00"))
    report = catch_up()
    assert Gift.objects.get(amount=50).status == GiftStatus.POSTED, "what comes after it is handled"
    assert any("StripeMissingError" in line for line in report.failed)
    assert set(read_through().values()) == {read_through()["events"]}
    failed = StripeEvent.objects.failed()
    assert {event.object_id for event in failed} == {broken["id"]}
    time_machine.move_to(clock.now() + 3 * DAY)
    catch_up()  # reads an hour of what it has read once more, and tries again what failed
    time_machine.move_to(clock.now() + 3 * DAY)
    assert catch_up().events == 0
    assert look().failed_events == failed.count() > 0

    client, event = staff_client("Gift processor"), failed.order_by("pk").first()
    assert "StripeMissingError" in client.get(reverse("stripe_events:index")).text
    again = reverse("stripe_events:again", args=[event.pk])
    assert "It went wrong again" in client.post(again).text
    FakeObject.objects.create(stripe_id=broken["id"], kind="payout", created=broken["created"], data=broken)
    client.post(again)
    event.refresh_from_db()
    assert (event.state, event.error, event.tries) == (EventState.DONE, "", 4)


def test_what_could_not_be_listed_is_read_the_next_time(go_to_pay: GoToPay) -> None:
    paid(go_to_pay("50.00"))
    with faults.committed(FaultKind.UNREACHABLE, path="/v1/events"), pytest.raises(gateway.StripeUnavailableError):
        catch_up()
    assert read_through() == {}
    with faults.committed(FaultKind.SERVER_ERROR, path="/v1/balance"), pytest.raises(gateway.StripeUnavailableError):
        catch_up()
    assert set(read_through()) == {"events"}
    catch_up()
    assert set(read_through()) == {"events", "balance_transactions"}
    assert Gift.objects.get().status == GiftStatus.POSTED


def test_the_clock_has_it_done_once_an_hour_and_the_command_says_what_was_found(
    go_to_pay: GoToPay, capsys: pytest.CaptureFixture[str]
) -> None:
    now = clock.now().replace(minute=10)
    for minutes in (0, 20, 40, 60):
        catch_up_every_hour(now=now + dt.timedelta(minutes=minutes))
    assert Job.objects.filter(kind="stripe.sync").count() == 2
    paid(go_to_pay("50.00"))
    call_command("stripe_sync", "--json")
    report = json.loads(capsys.readouterr().out)
    assert (report["failed"], Gift.objects.get().status) == ([], GiftStatus.POSTED)


def test_reading_from_a_later_day_leaves_the_days_between_to_be_read(time_machine: Any) -> None:
    catch_up()
    before = read_through()
    time_machine.move_to(clock.now() + 5 * DAY)
    catch_up(since=clock.now() - DAY)
    assert read_through() == before
    catch_up(since=clock.now() - 6 * DAY)
    assert read_through()["events"] > before["events"]
    SyncCursor.objects.all().delete()
    catch_up(since=clock.now() - FIRST_TIME / 2)
    assert read_through() == {}


# When nothing tells what happened


def test_a_refund_and_a_lost_dispute_whose_events_are_long_forgotten_are_found_in_the_balance(
    go_to_pay: GoToPay,
) -> None:
    refunded, disputed = paid(go_to_pay("50.00")), paid(go_to_pay("70.00"))
    catch_up()
    acting.refund_at_stripe(refunded, amount=2000)
    acting.close_dispute(acting.dispute(disputed)["id"], won=False)
    forget_events()
    assert catch_up().failed == []
    assert sorted(Gift.objects.values_list("amount", "status")) == [
        (50, GiftStatus.PARTLY_REFUNDED),
        (70, GiftStatus.CHARGED_BACK),
    ]
    assert check_books() == []


def test_what_is_decided_or_arrives_much_later_is_asked_about(go_to_pay: GoToPay, time_machine: Any) -> None:
    disputed = paid(go_to_pay("70.00"))
    debit = go_to_pay("90.00")
    acting.pay(debit.session_id, Outcome.BANK_DEBIT)
    debited = FakeObject.objects.filter(kind="payment_intent").latest("pk").stripe_id
    acting.settle_debit(debited)
    dispute, refund = acting.dispute(disputed), acting.refund_at_stripe(debited, amount=500)
    catch_up()
    assert Dispute.objects.get().status == DisputeStatus.NEEDS_RESPONSE
    assert OnlineRefund.objects.get().status == RefundStatus.PENDING
    acting.close_dispute(dispute["id"], won=False)
    acting.settle_refund(refund["id"])
    forget_events()
    time_machine.move_to(clock.now() + DAY)
    catch_up()
    assert Dispute.objects.get().status == DisputeStatus.LOST
    assert OnlineRefund.objects.get().status == RefundStatus.SUCCEEDED
    assert check_books() == []


def test_a_subscription_that_was_cancelled_long_ago_is_noticed_when_its_day_is_over(
    sign_up: Callable[..., RecurringGift], hear: Callable[..., None], time_machine: Any
) -> None:
    recurring = sign_up()
    hear()
    stripes = RecurringGift.objects.get(pk=recurring.pk).subscription
    save({**peek(stripes.subscription_id), "status": "canceled", "ended_at": int(clock.now().timestamp())})
    forget_events()
    time_machine.move_to(stripes.period_ends_at)
    catch_up()
    assert RecurringGift.objects.get(pk=recurring.pk).status == RecurringStatus.ACTIVE
    time_machine.move_to(stripes.period_ends_at + DAY + DAY)
    assert catch_up().failed == []
    assert RecurringGift.objects.get(pk=recurring.pk).status == RecurringStatus.ENDED


# Who hears of it first makes no difference


def test_a_dispute_that_is_lost_before_anybody_heard_of_the_payment_is_a_step_for_staff_too(
    go_to_pay: GoToPay,
) -> None:
    acting.close_dispute(acting.dispute(paid(go_to_pay("70.00")))["id"], won=False)
    catch_up()
    gift = Gift.objects.get()
    assert (gift.status, [step.about for step in FollowUp.objects.open()]) == (GiftStatus.CHARGED_BACK, [gift])
    catch_up(since=clock.now() - DAY)
    assert FollowUp.objects.open().count() == 1


# What others write


def test_a_payment_of_another_program_that_uses_our_words_waits_among_the_unmatched(go_to_pay: GoToPay) -> None:
    theirs = {"checkout": "shop-17", "gift": "card", "recurring": "no", "attempt": "first"}
    line = {"quantity": 1, "price_data": {"currency": "usd", "unit_amount": 1700, "product_data": {"name": "Shop"}}}
    session: Any = gateway.for_jobs().v1.checkout.sessions.create(
        {
            "mode": "payment",
            "line_items": [line],
            "success_url": "https://shop.example.org/",
            "metadata": theirs,
            "payment_intent_data": {"metadata": theirs},
        },
        {"idempotency_key": "shop-17"},
    )
    acting.pay(session.id, Outcome.DECLINE)
    acting.pay(session.id, Outcome.PAY)
    intent = FakeObject.objects.filter(kind="payment_intent").latest("pk").stripe_id
    refund = acting.refund_at_stripe(intent, amount=300)
    save({**refund, "metadata": {"refund": "of the shop"}})
    assert catch_up().failed == []
    payment = OnlinePayment.objects.unmatched().get()
    assert (payment.money.plain, payment.refunded.plain) == ("17.00", "3.00")
    assert check_books() == []
