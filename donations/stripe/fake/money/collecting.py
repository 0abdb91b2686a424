"""Collecting an invoice: by Stripe's own schedule, as whoever acts has it go, or by hand, as the card has it."""

from __future__ import annotations

from donations.stripe.fake import store
from donations.stripe.fake.money import charging, invoicing, subscribing
from donations.stripe.fake.money.methods import LAST4
from donations.stripe.fake.problems import ApiError, wrong
from donations.stripe.fake.store import Thing


def collect(
    subscription: Thing, invoice: Thing, *, succeed: bool, reason: str, needs_approval: bool = False
) -> Thing:  # fmt: skip
    """Let Stripe try to collect an invoice of a subscription; return the invoice."""
    intent = invoicing.intent_of(invoice)
    if intent is None:
        return invoicing.mark_paid(invoice, None)
    method = _method_of(subscription)
    if method["type"] != "card":
        charging.start_debit(intent, method)
        return invoice
    if needs_approval:
        charging.need_approval_off_session(intent, method)
    elif not succeed:
        charging.decline_card(intent, method, reason)
    else:
        return _paid(invoice, intent, method)
    invoicing.mark_failed(invoice, needs_approval=needs_approval)
    subscribing.change(store.get("subscription", subscription["id"]), status="past_due")
    return invoice


def pay_now(invoice: Thing, method_id: str | None) -> Thing:
    """Try by hand; raise the card's error when its bank declines.

    A try by hand is not counted among the attempts and moves none of those to come.
    """
    intent, subscription = invoicing.intent_of(invoice), invoicing.subscription_of(invoice)
    if intent is None:
        return invoicing.mark_paid(invoice, None)
    if intent["status"] == "processing":
        raise ApiError("This invoice has a payment that is processing.")
    method = store.get("payment_method", method_id, param="payment_method") if method_id else _method_of(subscription)
    if method["type"] != "card":
        charging.start_debit(intent, method)
        return invoice
    if method["card"]["last4"] == LAST4["declined"]:
        charging.decline_card(intent, method)
    elif method["card"]["last4"] == LAST4["approval"]:
        charging.need_approval_off_session(intent, method)
    else:
        return _paid(invoice, intent, method)
    error = store.get("payment_intent", intent["id"])["last_payment_error"]
    raise ApiError(
        error["message"],
        status=402,
        kind="card_error",
        code=error["code"],
        kept=True,
        decline_code=error["decline_code"],
    )


def pay_on_page(invoice: Thing, *, approve: bool) -> Thing:
    """Let the donor, on the invoice's own page, approve what the bank asked, or refuse it."""
    intent = invoicing.intent_of(invoice)
    if intent is None or invoice["status"] not in ("open", "uncollectible") or intent["status"] == "processing":
        raise wrong(f"This invoice is {invoice['status']}.")
    method = _method_of(invoicing.subscription_of(invoice))
    if approve:
        return _paid(invoice, intent, method, three_d_secure=method["type"] == "card")
    charging.refuse_approval(intent, method)
    return invoice


def _paid(invoice: Thing, intent: Thing, method: Thing, *, three_d_secure: bool = False) -> Thing:
    charging.charge_card(intent, method, three_d_secure=three_d_secure)
    invoice = invoicing.mark_paid(invoice, intent)
    subscription = invoicing.subscription_of(invoice)
    if subscription["status"] not in subscribing.OVER:
        subscribing.change(subscription, status="active")
    return invoice


def _method_of(subscription: Thing) -> Thing:
    """What a subscription is charged to: its own payment method, else its customer's."""
    settings = store.get("customer", subscription["customer"])["invoice_settings"]
    return store.get("payment_method", subscription["default_payment_method"] or settings["default_payment_method"])
