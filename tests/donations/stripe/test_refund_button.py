"""The button that gives money of a payment back: who may press it, what it refuses, and what the page says after."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.money import Money
from donations.errors import StripeUnavailableError
from donations.models import Checkout, Gift, GiftStatus, OnlinePayment, OnlineRefund, RefundStatus
from donations.models.demo_stripe import FakeObject, FaultKind
from donations.services.books import check_books
from donations.stripe.catching_up import catch_up
from donations.stripe.fake import acting, faults
from donations.stripe.fake.acting import Outcome
from donations.stripe.refunding import ask_refund, send_refund
from tests.harness.forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("online")]


@pytest.fixture
def paid(go_to_pay: Callable[..., Checkout]) -> OnlinePayment:
    """A gift of 50.00, paid by card and in the books."""
    acting.pay(go_to_pay("50.00").session_id, Outcome.PAY)
    catch_up()
    return OnlinePayment.objects.get()


def of_payment(payment: OnlinePayment) -> str:
    return reverse("online_payments:refund", args=[payment.pk])


def of_gift(payment: OnlinePayment) -> str:
    return reverse("gifts:refund", args=[payment.gift_id])


def form_of(client: Client, url: str) -> dict[str, str]:
    """What the form holds when it is opened."""
    return filled(client.get(url).text)


def shown(client: Client, payment: OnlinePayment) -> str:
    return client.get(reverse("online_payments:inspect", args=[payment.pk])).text


@pytest.mark.parametrize("address", [of_payment, of_gift])
def test_who_may_not_void_gifts_gives_no_money_back(
    staff_client: Any, paid: OnlinePayment, address: Callable[[OnlinePayment], str]
) -> None:
    for role in ("Board reader", "Fundraiser", "Read-only", "Volunteer coordinator"):
        client = staff_client(role)
        answer = client.post(address(paid), {"amount": "10", "reason": "Given twice"})
        assert answer.status_code in (302, 403), role
        assert address(paid) not in client.get(reverse("online_payments:index")).text
    assert not OnlineRefund.objects.exists()


@pytest.mark.parametrize("address", [of_payment, of_gift])
def test_a_double_click_is_one_refund_and_the_form_opened_again_is_another(
    staff_client: Any, paid: OnlinePayment, address: Callable[[OnlinePayment], str]
) -> None:
    client = staff_client("Gift processor")
    first = form_of(client, address(paid)) | {"amount": "10", "reason": "Given twice"}
    assert [client.post(address(paid), first).status_code for _ in range(3)] == [302, 302, 302]
    asked = OnlineRefund.objects.get()
    assert (asked.by, asked.amount, asked.status) == (client.user, Decimal(10), RefundStatus.ASKED)
    send_refund.call(asked.pk)
    again = form_of(client, address(paid)) | {"amount": "10", "reason": "And once more"}
    client.post(address(paid), again)
    assert OnlineRefund.objects.count() == 2
    for refund in OnlineRefund.objects.all():
        send_refund.call(refund.pk)
    assert FakeObject.objects.filter(kind="refund").count() == 2
    gift = Gift.objects.get()
    assert (gift.status, gift.refunded_amount) == (GiftStatus.PARTLY_REFUNDED, Decimal(20))
    assert check_books() == []


@pytest.mark.parametrize("address", [of_payment, of_gift])
def test_what_cannot_be_given_back_stays_on_the_form_and_says_how_much_can(
    staff_client: Any, paid: OnlinePayment, address: Callable[[OnlinePayment], str]
) -> None:
    client = staff_client("Gift processor")
    send_refund.call(ask_refund(paid, money=Money(Decimal(20), "USD"), by=None, reason="Given twice").pk)
    assert form_of(client, of_payment(paid))["amount"] == "30.00", "what is left is filled in"
    for amount, words in (("30.01", "Between nothing and $30.00 can be refunded."), ("0", "nothing"), ("ten", "")):
        answer = client.post(address(paid), {"amount": amount, "reason": "The rest of it"})
        assert answer.status_code == 200
        assert words in answer.text
        assert "The rest of it" in answer.text
    assert client.post(address(paid), {"amount": "30", "reason": ""}).status_code == 200
    assert OnlineRefund.objects.count() == 1


def test_while_it_is_disputed_nothing_goes_back(staff_client: Any, paid: OnlinePayment) -> None:
    acting.dispute(paid.payment_intent)
    catch_up()
    answer = staff_client("Gift processor").post(of_payment(paid), {"amount": "10", "reason": "Given twice"})
    assert "answer the dispute instead" in answer.text
    assert not OnlineRefund.objects.exists()


def test_with_stripe_down_it_is_written_down_and_goes_on_by_itself(staff_client: Any, paid: OnlinePayment) -> None:
    client = staff_client("Gift processor")
    with faults.committed(FaultKind.UNREACHABLE):
        answer = client.post(of_payment(paid), {"amount": "10", "reason": "Given twice"}, follow=True)
        assert "The refund of $10.00 is asked of Stripe." in answer.text
        asked = OnlineRefund.objects.get()
        with pytest.raises(StripeUnavailableError):
            send_refund.call(asked.pk)
        assert "Asked for" in shown(client, paid)
        assert form_of(client, of_payment(paid))["amount"] == "40.00", "it is spoken for"
    assert Gift.objects.get().status == GiftStatus.POSTED, "the books follow Stripe"
    send_refund.call(asked.pk)
    page = shown(client, paid)
    assert "Asked for" not in page.partition("Refunds")[2].partition("Given twice")[0].rpartition("$10.00")[2]
    assert OnlineRefund.objects.get().get_status_display() in page
    assert (Gift.objects.get().status, Gift.objects.get().refunded_amount) == (GiftStatus.PARTLY_REFUNDED, 10)


def test_what_stripe_refuses_says_why_on_the_page(staff_client: Any, paid: OnlinePayment) -> None:
    client = staff_client("Gift processor")
    client.post(of_payment(paid), {"amount": "50", "reason": "Given twice"})
    acting.refund_at_stripe(paid.payment_intent, amount=1000)
    send_refund.call(OnlineRefund.objects.get().pk)
    catch_up()
    refused = OnlineRefund.objects.get(reason="Given twice")
    assert refused.status == RefundStatus.FAILED
    assert refused.failure in shown(client, paid)
    assert "greater than unrefunded amount" in refused.failure
    assert form_of(client, of_payment(paid))["amount"] == "40.00"
    assert check_books() == []
