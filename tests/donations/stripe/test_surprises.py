"""What nobody here asked for: closed funds, forms that are put right, and what others do in the account at Stripe."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from constituents.models import FollowUp
from core import clock
from core.mail.models import Message
from core.money import Money
from donations.campaigns.closing import close_fund
from donations.models import (
    Checkout,
    Dispute,
    EventState,
    FailedCharge,
    Gift,
    GiftStatus,
    OnlinePayment,
    RecurringGift,
    RecurringStatus,
    StripeCustomer,
    StripeEvent,
)
from donations.models.demo_stripe import FakeObject
from donations.promises.schedule import Frequency
from donations.services.books import check_books
from donations.services.gifts import post_gift
from donations.stripe import checkout as checkouts
from donations.stripe import inbox, unmatched
from donations.stripe.balance import record_lines
from donations.stripe.billing import cards
from donations.stripe.catching_up import catch_up
from donations.stripe.deposits import rows_of
from donations.stripe.donors import Giver
from donations.stripe.events import object_id
from donations.stripe.fake import acting, store
from donations.stripe.fake.acting import Outcome
from donations.stripe.refunding import ask_refund, send_refund
from donations.stripe.syncing import invoices, payments
from donations.stripe.waiting import open_disputes
from tests.donations.stripe.conftest import CANCEL, RETURN, post
from tests.factories.constituents import make_person
from tests.factories.donations import make_fund
from tests.factories.online import line_facts, make_payment, make_payout

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("online")]

GoToPay = Callable[..., Checkout]
MOVED = (("25.00", "payment"), ("-25.00", "payment_failure_refund"))


def hear() -> None:
    """Let the webhook get every event, and the worker handle each."""
    for event in acting.events():
        assert post(event) == 200
    for event in StripeEvent.objects.order_by("received_at", "pk"):
        assert inbox.handle(event).error == ""


def test_what_is_paid_after_the_last_day_of_its_fund_still_goes_there(go_to_pay: GoToPay, time_machine: Any) -> None:
    make_fund("General fund", is_default=True)
    roof = make_fund("Roof")
    midnight = clock.start_of_day(clock.today() + dt.timedelta(days=1))
    time_machine.move_to(midnight - dt.timedelta(minutes=10))
    checkout = go_to_pay("25.00", allocations=[(roof, Decimal("25.00"))])
    close_fund(roof, by=None, closes_on=clock.today(), reason="The roof is done")
    time_machine.move_to(midnight + dt.timedelta(minutes=10))
    acting.pay(checkout.session_id, Outcome.PAY)
    hear()
    gift = Gift.objects.get()
    assert (gift.status, gift.fund_names) == (GiftStatus.POSTED, "Roof")
    assert check_books() == []


def test_a_form_put_right_before_it_was_paid_is_of_who_it_says_now(go_to_pay: GoToPay) -> None:
    token = uuid.uuid4()
    go_to_pay(token=token, giver=Giver(given_name="Ada", family_name="Moreau", email="ada@exmaple.org"))
    checkout = go_to_pay(token=token, giver=Giver(given_name="Ada", family_name="Moreau", email="ada@example.org"))
    assert checkout.email == "ada@example.org"
    assert checkout.request["customer_email"] == "ada@example.org"
    acting.pay(checkout.session_id, Outcome.PAY)
    hear()
    gift = Gift.objects.get(status=GiftStatus.POSTED)
    assert gift.donor.primary_email == "ada@example.org"


def test_another_amount_with_another_address_is_written_to_the_new_one(go_to_pay: GoToPay) -> None:
    token = uuid.uuid4()
    go_to_pay("25.00", token=token)
    giver = Giver(given_name="Ada", family_name="Moreau", email="ada@new.example.org")
    assert go_to_pay("40.00", token=token, giver=giver).email == "ada@new.example.org"


def test_a_customer_deleted_at_stripe_hinders_nobody_from_giving(go_to_pay: GoToPay, fill_form: Any) -> None:
    checkout = fill_form()
    StripeCustomer.objects.create(constituent=checkout.donor, customer_id="cus_deleted")
    address = checkouts.begin(checkout, return_url=RETURN, cancel_url=CANCEL, is_signed_in=True)
    assert FakeObject.objects.filter(kind="checkout.session").count() == 1
    checkout.refresh_from_db()
    assert address == checkout.url
    assert checkout.request["customer_email"] == "ada@example.org"


@pytest.fixture
def paid(go_to_pay: GoToPay) -> OnlinePayment:
    """A gift of 50.00, paid by card and in the books."""
    acting.pay(go_to_pay("50.00").session_id, Outcome.PAY)
    hear()
    return OnlinePayment.objects.get()


def says(dispute: str, status: str) -> Dispute:
    """Let Stripe say that a dispute stands so, and have it looked at."""
    store.save({**store.get("dispute", dispute), "status": status})
    payments.sync(OnlinePayment.objects.get().payment_intent, hint="dispute")
    return Dispute.objects.get()


def test_a_lost_dispute_that_is_appealed_stays_lost_until_the_appeal_is_won(paid: OnlinePayment) -> None:
    opened = acting.dispute(paid.payment_intent)["id"]
    acting.close_dispute(opened, won=False)
    says(opened, "lost")
    for status in ("appeal_needs_response", "appeal_under_review"):
        appealed = says(opened, status)
        assert (appealed.status, appealed.closed_at) == (status, None)
        assert Gift.objects.get().status == GiftStatus.CHARGED_BACK
        assert open_disputes(None).number == (status == "appeal_needs_response")
    assert check_books() == []
    says(opened, "won")
    assert Gift.objects.get().status == GiftStatus.POSTED
    assert check_books() == []


def test_a_dispute_that_was_prevented_by_paying_back_is_a_charge_back(paid: OnlinePayment) -> None:
    opened = acting.dispute(paid.payment_intent)["id"]
    assert says(opened, "prevented").took_money
    assert Gift.objects.get().status == GiftStatus.CHARGED_BACK
    assert check_books() == []
    store.save({**store.get("dispute", opened), "balance_transactions": []})
    says(opened, "prevented")
    assert Gift.objects.get().status == GiftStatus.POSTED, "turned down, and no money moved"


def test_a_payment_that_the_bank_only_inquires_about_may_be_refunded(paid: OnlinePayment) -> None:
    says(acting.dispute(paid.payment_intent)["id"], "warning_needs_response")
    assert ask_refund(paid, money=paid.money, by=None, reason="To spare us the dispute").pk


def test_an_inquiry_that_was_closed_and_becomes_a_dispute_is_one_to_answer(paid: OnlinePayment) -> None:
    inquiry = acting.dispute(paid.payment_intent)["id"]
    assert says(inquiry, "warning_closed").closed_at
    dispute = says(inquiry, "needs_response")
    assert (dispute.status, dispute.closed_at, open_disputes(None).number) == ("needs_response", None, 1)


def test_a_debit_that_failed_is_known_where_it_moved_the_balance_there_and_back(go_to_pay: GoToPay) -> None:
    acting.pay(go_to_pay().session_id, Outcome.BANK_DEBIT)
    hear()
    asked = FakeObject.objects.get(kind="charge").stripe_id
    # Stripe books a debit when the bank is asked for it, and back when the bank says no.
    there, back = (line_facts(amount, type=kind, source_id=asked) for amount, kind in MOVED)
    acting.return_debit(OnlinePayment.objects.get().payment_intent)
    hear()
    rows = rows_of(make_payout("0.00", [there, back]))
    assert {(row.payment, row.is_unknown) for row in rows} == {(OnlinePayment.objects.get(), False)}
    assert catch_up().payments == 0


def test_what_moved_the_balance_and_is_not_ours_is_looked_at_once(paid: OnlinePayment) -> None:
    elsewhere = {**FakeObject.objects.get(kind="charge").data, "id": "ch_elsewhere", "payment_intent": None}
    elsewhere |= {"status": "failed", "paid": False}
    FakeObject.objects.create(stripe_id="ch_elsewhere", kind="charge", created=elsewhere["created"], data=elsewhere)
    record_lines([line_facts("25.00", source_id="ch_elsewhere"), line_facts("-25.00", source_id="re_unknown")])
    first, second = catch_up(), catch_up()
    assert (first.payments, second.payments) == (1, 0)
    assert [len(report.failed) for report in (first, second)] == [1, 1], "what cannot be read is asked for again"


def test_somebody_elses_daily_subscription_is_left_alone(sign_up: Callable[..., RecurringGift]) -> None:
    sign_up()
    ours = FakeObject.objects.get(kind="subscription").data
    item = ours["items"]["data"][0]
    daily = {**item, "price": {**item["price"], "recurring": {**item["price"]["recurring"], "interval": "day"}}}
    theirs = {**ours, "id": "sub_of_another_program", "metadata": {}, "items": {**ours["items"], "data": [daily]}}
    FakeObject.objects.create(stripe_id=theirs["id"], kind="subscription", created=theirs["created"], data=theirs)
    invoices.sync_changes(theirs["id"])
    invoices.sync_subscription(theirs["id"])
    assert RecurringGift.objects.count() == 1


def test_a_second_payment_for_one_invoice_waits_until_somebody_says_what_it_is(
    sign_up: Callable[..., RecurringGift],
) -> None:
    sign_up("25")
    hear()
    first = FakeObject.objects.get(kind="payment_intent").data
    paid_by = FakeObject.objects.get(kind="invoice_payment").data
    charge = {**store.get("charge", first["latest_charge"]), "id": "ch_second", "payment_intent": "pi_second"}
    second = {**first, "id": "pi_second", "latest_charge": "ch_second"}
    also = {**paid_by, "id": "inpay_second", "payment": {**paid_by["payment"], "payment_intent": "pi_second"}}
    also["is_default"] = False
    for thing in (charge, second, also):
        FakeObject.objects.create(stripe_id=thing["id"], kind=thing["object"], created=thing["created"], data=thing)
    payments.sync("pi_second")
    waiting = OnlinePayment.objects.unmatched().get()
    assert (waiting.payment_intent, waiting.invoice_id, Gift.objects.count()) == ("pi_second", None, 1)
    assert check_books() == []


def test_an_invoice_paid_another_way_than_first_tried_is_the_gift_it_is(sign_up: Callable[..., RecurringGift]) -> None:
    sign_up("25")
    invoice = FakeObject.objects.get(kind="invoice").stripe_id
    OnlinePayment.objects.create(
        payment_intent="pi_given_up", invoice_id=invoice, status="canceled", amount=25, currency="USD",
        amount_minor=2500, fetched_at=clock.now(),
    )  # fmt: skip
    hear()
    assert OnlinePayment.objects.get(invoice_id=invoice).gift == Gift.objects.get(status=GiftStatus.POSTED)


def test_what_happened_on_another_account_is_kept_and_not_asked_for(online: None) -> None:
    event = {
        "id": "evt_connect", "object": "event", "type": "charge.refunded", "created": 1_800_000_000, "livemode": False,
        "account": "acct_of_another", "data": {"object": {"id": "ch_of_another", "object": "charge"}},
    }  # fmt: skip
    assert post(event) == 200
    assert StripeEvent.objects.get().state == EventState.IGNORED


def test_an_invoice_to_come_is_read_by_its_subscription_whatever_id_it_bears() -> None:
    about = {"id": "upcoming_in_1", "parent": {"subscription_details": {"subscription": "sub_1"}}}
    assert object_id({"type": "invoice.upcoming", "data": {"object": about}}) == "sub_1"


def test_a_monthly_form_sent_again_after_its_page_expired_begins(online: None, time_machine: Any) -> None:
    make_fund("General fund", is_default=True)
    checkout = checkouts.prepare_recurring(
        token=uuid.uuid4(),
        giver=Giver(given_name="Ada", family_name="Moreau", email="ada@example.org"),
        money=Money(Decimal(25), "USD"),
        frequency=Frequency(),
        by=None,
    )
    checkouts.begin(checkout, return_url=RETURN, cancel_url=CANCEL)
    time_machine.move_to(clock.now() + dt.timedelta(hours=3))
    catch_up()
    checkouts.begin(checkout, return_url=RETURN, cancel_url=CANCEL)
    checkout.refresh_from_db()
    acting.pay(checkout.session_id, Outcome.PAY)
    hear()
    assert RecurringGift.objects.get().status == RecurringStatus.ACTIVE
    assert Gift.objects.get().status == GiftStatus.POSTED


def test_a_charge_for_which_there_is_no_card_any_more_has_failed_and_the_donor_is_told(
    sign_up: Callable[..., RecurringGift],
) -> None:
    recurring = sign_up("25")
    hear()
    invoice = acting.renew(recurring.subscription.subscription_id, succeed=False)
    intent = FakeObject.objects.filter(kind="payment_intent").latest("pk").data
    store.save({**intent, "last_payment_error": None})  # nothing was tried: there was nothing to try it with
    invoices.sync(invoice["id"])
    failure = FailedCharge.objects.get()
    assert failure.code == "no_payment_method"
    assert Message.objects.filter(template="recurring_failed").get().to == "ada@example.org"


def test_a_card_given_long_after_is_for_the_gift_it_was_given_for(
    sign_up: Callable[..., RecurringGift], time_machine: Any
) -> None:
    recurring = sign_up("25")
    hear()
    customer, before = recurring.subscription.customer_id, recurring.subscription.payment_method_id
    cards.replacement_page(recurring, return_url=RETURN, language="en")  # and turns back
    time_machine.move_to(clock.now() + dt.timedelta(days=3))
    acting.replace_card(customer, last4="4444")  # for another gift, or at Stripe
    cards.customer_changed(customer)
    recurring.subscription.refresh_from_db()
    assert recurring.subscription.payment_method_id == before


def test_a_gift_that_came_another_way_meanwhile_is_not_the_payment_too(go_to_pay: GoToPay) -> None:
    checkout = go_to_pay("25.00")
    post_gift(checkout.gift, by=None)  # staff found a transfer of that amount
    acting.pay(checkout.session_id, Outcome.PAY)
    hear()
    assert OnlinePayment.objects.unmatched().get().money == checkout.gift.money
    assert checkouts.begin(checkout, return_url=RETURN, cancel_url=CANCEL) == RETURN
    assert check_books() == []


def test_a_payment_taken_back_from_the_wrong_donor_leaves_them_no_customer_of_somebody_elses(
    django_user_model: Any,
) -> None:
    make_fund("General fund", is_default=True)
    staff, wrong = django_user_model.objects.create_user(email="staff@example.org"), make_person("Ann", "Wrong")
    payment = make_payment(customer_id="cus_of_another_ann")
    unmatched.make_gift(payment, donor=wrong, allocations=None, by=staff, reason="")
    assert wrong.stripe_customers.exists()
    unmatched.take_back(payment, by=staff, reason="Another Ann")
    assert not wrong.stripe_customers.exists()


def test_a_refund_that_did_not_reach_the_donor_is_somebodys_task(paid: OnlinePayment) -> None:
    asked = ask_refund(paid, money=paid.money, by=None, reason="The donor changed their mind")
    send_refund.call(asked.pk)
    asked.refresh_from_db()
    acting.fail_refund(asked.stripe_id)
    hear()
    hear()
    assert "did not reach the donor" in FollowUp.objects.get().subject
    assert Gift.objects.get().status == GiftStatus.POSTED
