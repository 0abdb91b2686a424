"""Every request we make of Stripe: valid by the SDK's own types, with a key that stands in a row, and a time limit."""

from __future__ import annotations

import ast
import logging
import logging.config
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import stripe

from core.money import Money
from donations.models import (
    AskedChange,
    Checkout,
    FailedCharge,
    OnlinePayment,
    OnlineRefund,
    RecurringGift,
    StripeSubscription,
)
from donations.models.demo_stripe import FakeObject, FaultKind
from donations.stripe import checkout as checkouts
from donations.stripe import gateway
from donations.stripe.billing import asking, cards, charging
from donations.stripe.catching_up import catch_up
from donations.stripe.fake import acting, faults
from donations.stripe.fake.acting import Outcome
from donations.stripe.fake.client import FakeStripe
from donations.stripe.refunding import ask_refund, send_refund
from donations.stripe.syncing import invoices, payments, payouts, whole
from tests.harness.billing import BACK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("online")]

OURS = Path(checkouts.__file__).parent
_ID = re.compile(r"/(?:cs_test|pi|ch|re|du|po|in|sub|issfr)_\w+")


class Listening(FakeStripe):
    """The double, which checks every parameter against the SDK's types, and notes what it was asked by whom."""

    heard: list[tuple[str, str, str, float]] = []

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **more: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        """Note method, path, key and time limit."""
        path = _ID.sub("/{id}", url.partition("?")[0].partition(".com")[2])
        self.heard.append((method.upper(), path, (headers or {}).get("Idempotency-Key", ""), self.timeout))
        answer = super().request(method, url, headers, post_data, **more)
        assert answer[1] == 200, answer[0]
        return answer


@pytest.fixture
def heard(online: None) -> Iterator[list[tuple[str, str, str, float]]]:
    """What Stripe was asked: (method, path, key, seconds)."""
    gateway.play_with(Listening)
    Listening.heard.clear()
    yield Listening.heard
    gateway.play_with(FakeStripe)


def calls_in_the_sources() -> set[str]:
    """Return what our own sources call of the SDK, as `checkout.sessions.create`."""
    found = set()
    for path in OURS.rglob("*.py"):
        if OURS / "fake" in path.parents:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and (call := re.search(r"\bv1\.([\w.]+)$", ast.unparse(node.func))):
                found.add(call[1])
    return found


def as_request(call: str) -> tuple[str, str]:
    """Return the request that a call of the SDK makes."""
    noun, _dot, verb = call.rpartition(".")
    path = f"/v1/{noun.replace('.', '/')}"
    return {
        "list": ("GET", path),
        "create": ("POST", path),
        "retrieve": ("GET", f"{path}/{{id}}"),
        "update": ("POST", f"{path}/{{id}}"),
        "cancel": ("DELETE", f"{path}/{{id}}"),
        "expire": ("POST", f"{path}/{{id}}/expire"),
        "pay": ("POST", f"{path}/{{id}}/pay"),
        "void_invoice": ("POST", f"{path}/{{id}}/void"),
    }[verb]


def test_every_request_is_valid_has_a_key_of_ours_and_a_time_limit(
    heard: list[tuple[str, str, str, float]],
    go_to_pay: Callable[..., Checkout],
    sign_up: Callable[..., RecurringGift],
    hear: Callable[..., None],
) -> None:
    # A donor gives once, leaves a page behind, gives monthly, comes back, changes everything, and stops.
    left_behind = go_to_pay("8.00")
    checkouts.close_page.func(left_behind.session_id)
    once = go_to_pay("50.00")
    acting.pay(once.session_id, Outcome.DECLINE)
    payments.sync(latest_payment())
    acting.pay(once.session_id, Outcome.PAY)
    checkouts.settle(once)
    recurring = sign_up()
    checkouts.settle(Checkout.objects.for_settling().get(recurring=recurring))
    acting.renew(again(recurring).subscription.subscription_id)
    payments.sync(latest_payment())
    cards.replacement_page(again(recurring), return_url=BACK, language="en")
    acting.replace_card(again(recurring).subscription.customer_id)
    cards.adopt(again(recurring), by=None)
    for asked in (
        lambda: asking.change_amount(again(recurring), money=Money(Decimal(40), "USD"), by=None),
        lambda: charge_what_failed(again(recurring)),
        lambda: asking.pause(again(recurring), by=None),
        lambda: asking.resume(again(recurring), by=None),
        lambda: asking.stop(fails_again(again(recurring)), by=None),
    ):
        asking.carry_out(asked())
    # Staff refund, banks dispute and pay out, and the clock looks after all of it.
    payment = OnlinePayment.objects.get(recurring=None)
    refund = ask_refund(payment, money=Money(Decimal(10), "USD"), by=None, reason="Given twice")
    send_refund.call(refund.pk)
    whole.sync_refund(acting.refund_at_stripe(payment.payment_intent, amount=200)["id"])
    payouts.sync(acting.payout("usd")["id"])
    whole.sync_warning(acting.warn(payment.payment_intent)["id"])
    whole.sync_dispute(acting.dispute(payment.payment_intent)["id"])
    hear()
    catch_up()

    asked_for = {(method, path) for method, path, _key, _seconds in heard}
    expected = {as_request(call): call for call in calls_in_the_sources()}
    assert {call for request, call in expected.items() if request not in asked_for} == set()
    assert {patience(seconds) for *_request, seconds in heard} == {"donor", "job"}
    keys = [(path, key) for method, path, key, _seconds in heard if method != "GET"]
    assert {key for _path, key in keys} == keys_of_the_rows()
    assert not any(key for method, _path, key, _seconds in heard if method == "GET")


def patience(seconds: float) -> str:
    """Return whose time limit it is: a donor has what is left of the whole."""
    if seconds == gateway.FOR_A_JOB:
        return "job"
    return "donor" if 0 < seconds <= gateway.FOR_A_DONOR else f"{seconds} s"


def latest_payment() -> str:
    return FakeObject.objects.filter(kind="payment_intent").latest("pk").stripe_id


def fails_again(recurring: RecurringGift) -> RecurringGift:
    """Let the next charge fail, and hear of it."""
    invoices.sync(acting.renew(recurring.subscription.subscription_id, succeed=False)["id"])
    return again(recurring)


def charge_what_failed(recurring: RecurringGift) -> AskedChange:
    return charging.charge_now(fails_again(recurring), by=None)


def again(recurring: RecurringGift) -> RecurringGift:
    return RecurringGift.objects.select_related("subscription").get(pk=recurring.pk)


def voided() -> list[str]:
    return list(FakeObject.objects.filter(kind="invoice", data__status="void").values_list("stripe_id", flat=True))


def keys_of_the_rows() -> set[str]:
    """Return every key that our own rows say."""
    checkouts_, subscription = list(Checkout.objects.all()), StripeSubscription.objects.get()
    card_at = f"{subscription.card_asked_at:%Y%m%dT%H%M%S%f}"
    return {
        *(checkout.key for checkout in checkouts_),
        *(refund.key for refund in OnlineRefund.objects.filter(reason="Given twice")),
        *(asked.key for asked in AskedChange.objects.all()),
        f"close-{checkouts_[-1].session_id}",
        *(f"void-{failure.invoice_id}" for failure in FailedCharge.objects.filter(invoice_id__in=voided())),
        f"card-{subscription.pk}-{subscription.recurring.uuid}-{card_at}",
    }


def test_what_a_donor_waits_for_is_asked_with_a_donors_patience(
    heard: list[tuple[str, str, str, float]], go_to_pay: Callable[..., Checkout], sign_up: Callable[..., RecurringGift]
) -> None:
    once, recurring = go_to_pay("50.00"), sign_up()
    acting.pay(once.session_id, Outcome.PAY)
    checkouts.settle(once)
    checkouts.settle(Checkout.objects.for_settling().get(recurring=recurring))
    assert {patience(seconds) for *_request, seconds in heard} == {"donor"}


def test_one_question_settles_a_gift_so_that_a_slow_stripe_is_not_waited_for_twice(
    go_to_pay: Callable[..., Checkout], monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = go_to_pay("50.00")
    acting.pay(checkout.session_id, Outcome.PAY)
    monkeypatch.setattr(gateway, "FOR_A_DONOR", 0.05)
    with faults.committed(FaultKind.SLOW, seconds=0.03):
        assert checkouts.settle(checkout) is checkouts.Settled.PAID


@pytest.mark.parametrize("options", [{}, {"idempotency_key": "0b8c6c0e-7a29-4d0e-b7d5-3d7f2f6f0a11"}])
def test_what_acts_without_a_key_of_ours_is_never_sent(options: Any) -> None:
    """The SDK would make one up, another with each try: asked twice it would happen twice."""
    with pytest.raises(RuntimeError, match="idempotency key"):
        gateway.for_jobs().v1.refunds.create({"payment_intent": "pi_1"}, options)
    with pytest.raises(RuntimeError, match="idempotency key"):
        gateway.for_jobs().v1.subscriptions.cancel("sub_1")
    assert not FakeObject.objects.exists()


def test_the_limits_are_the_transports_own(settings: Any) -> None:
    """A key and no demo: the client that really asks Stripe has the same limits, no second try, and our key alone."""
    settings.STRIPE_SECRET_KEY = "rk_test_" + "a" * 24
    for client, seconds in ((gateway.for_donor(), gateway.FOR_A_DONOR), (gateway.for_jobs(), gateway.FOR_A_JOB)):
        requestor: Any = client._requestor
        assert requestor._options.max_network_retries == 0
        with requestor._client._waiting() as left:
            assert requestor._client._transport(left)._timeout == left == seconds
        assert requestor.api_key == settings.STRIPE_SECRET_KEY
    assert stripe.api_key is None, "the global key is set by nobody"


def test_however_much_is_logged_no_request_and_no_answer_is_written_down() -> None:
    said = logging.getLevelName(logging.root.level)
    logging.config.dictConfig({"version": 1, "incremental": True, "root": {"level": "DEBUG"}})
    try:
        assert not logging.getLogger("stripe").isEnabledFor(logging.DEBUG)
    finally:
        logging.config.dictConfig({"version": 1, "incremental": True, "root": {"level": said}})
