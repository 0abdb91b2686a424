"""Invoices: each period of a subscription is asked for by one, and paid through an invoice payment."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from donations.stripe.fake import store
from donations.stripe.fake.events import emit
from donations.stripe.fake.listing import list_of
from donations.stripe.fake.money import intents
from donations.stripe.fake.money.intents import make_intent
from donations.stripe.fake.store import Thing

DAY = 24 * 60 * 60
# After how many days Stripe tries again, as its own schedule often has it; then it gives up.
RETRIES = (3, 5, 7)


def make_invoice(
    subscription: Thing, reason: str, *, period: tuple[int, int], intent: Thing | None = None, trial: bool = False
) -> Thing:
    """Ask for a period: a finalised invoice and the payment that is to pay it; nothing is asked for in a trial."""
    invoice = _written(subscription, reason, period, trial=trial)
    emit("invoice.created", invoice)
    _finalized(invoice, intent)
    return invoice


def make_draft(subscription: Thing, reason: str, *, period: tuple[int, int], why: str) -> Thing:
    """Ask for a period by an invoice that cannot be finalised: nothing is to be paid until somebody mends it."""
    invoice = _written(subscription, reason, period)
    error = {"code": "customer_tax_location_invalid", "message": why, "type": "invalid_request_error"}
    invoice |= {"status": "draft", "auto_advance": False, "hosted_invoice_url": None, "last_finalization_error": error}
    invoice["status_transitions"]["finalized_at"] = None
    store.save(invoice)
    emit("invoice.created", invoice)
    emit("invoice.finalization_failed", invoice)
    return invoice


def finalize(invoice: Thing) -> Thing:
    """Make of a draft what is to be paid."""
    invoice |= {"status": "open", "hosted_invoice_url": page_of(invoice["id"]), "last_finalization_error": None}
    invoice["status_transitions"]["finalized_at"] = store.instant()
    store.save(invoice)
    _finalized(invoice, None)
    return invoice


def page_of(stripe_id: str) -> str:
    """Return the address of the page on which a donor pays an invoice, or approves its payment: ours."""
    return f"{settings.BASE_URL}/demo/invoice/{stripe_id}/"


def mark_paid(invoice: Thing, intent: Thing | None) -> Thing:
    """Let an invoice be paid by its payment, or by nothing when it asks for nothing."""
    now = store.instant()
    amount = invoice["amount_due"]
    invoice |= {
        "status": "paid",
        "amount_paid": amount,
        "amount_remaining": 0,
        "attempted": True,
        "auto_advance": False,
        "next_payment_attempt": None,
        "status_transitions": {**invoice["status_transitions"], "paid_at": now},
    }
    store.save(invoice)
    if intent is not None:
        for payment in store.find("invoice_payment", invoice=invoice["id"], payment__payment_intent=intent["id"]):
            payment |= {"status": "paid", "amount_paid": amount}
            payment["status_transitions"]["paid_at"] = now
            store.save(payment)
            emit("invoice_payment.paid", payment)
    emit("invoice.paid", invoice)
    emit("invoice.payment_succeeded", invoice)
    return invoice


def mark_failed(invoice: Thing, *, needs_approval: bool = False) -> Thing:
    """Let an attempt to collect fail; Stripe says when it tries again."""
    tries = invoice["attempt_count"] + 1
    again = store.instant() + RETRIES[tries - 1] * DAY if tries <= len(RETRIES) else None
    invoice |= {"attempt_count": tries, "attempted": True, "next_payment_attempt": again}
    store.save(invoice)
    emit("invoice.payment_failed", invoice)
    if needs_approval:
        emit("invoice.payment_action_required", invoice)
    return invoice


def void(invoice: Thing) -> Thing:
    """Ask for the period no longer; a subscription that was late with it is no longer."""
    invoice["status_transitions"]["voided_at"] = store.instant()
    invoice = _close(invoice, "void", "invoice.voided")
    intent = intent_of(invoice)
    if intent is not None and intent["status"] not in intents.FINAL:
        intents.cancel(intent, "void_invoice")
    subscription = subscription_of(invoice)
    if subscription["latest_invoice"] == invoice["id"] and subscription["status"] in ("past_due", "unpaid"):
        _stands(subscription, "active")
    return invoice


def mark_uncollectible(invoice: Thing) -> Thing:
    """Stop trying."""
    invoice["status_transitions"]["marked_uncollectible_at"] = store.instant()
    return _close(invoice, "uncollectible", "invoice.marked_uncollectible")


def stop_collecting(subscription: Thing) -> None:
    """Try no longer by itself to collect what is open of a subscription that is over."""
    of_it = {"parent__subscription_details__subscription": subscription["id"]}
    for invoice in store.find("invoice", status="open", **of_it):
        store.save(invoice | {"auto_advance": False, "next_payment_attempt": None})


def invoice_of(intent: Thing) -> Thing | None:
    """Return the invoice a payment is for."""
    found = store.find("invoice_payment", payment__payment_intent=intent["id"])
    return store.get("invoice", found[0]["invoice"]) if found else None


def intent_of(invoice: Thing) -> Thing | None:
    """Return the payment that is to pay an invoice."""
    found = store.find("invoice_payment", invoice=invoice["id"], is_default=True)
    return store.get("payment_intent", found[0]["payment"]["payment_intent"]) if found else None


def subscription_of(invoice: Thing) -> Thing:
    """Return the subscription an invoice is of."""
    return store.get("subscription", invoice["parent"]["subscription_details"]["subscription"])


def debit_came(intent: Thing) -> None:
    """Pay the invoice whose debit came."""
    if (invoice := invoice_of(intent)) and invoice["status"] == "open":
        mark_paid(invoice, intent)
        _stands(subscription_of(invoice), "active")


def debit_failed(intent: Thing) -> None:
    """Leave the invoice open whose debit did not come."""
    if (invoice := invoice_of(intent)) and invoice["status"] == "open":
        mark_failed(invoice)
        _stands(subscription_of(invoice), "past_due")


def _stands(subscription: Thing, status: str) -> None:
    if subscription["status"] not in (status, "canceled"):
        previous = {"status": subscription["status"]}
        store.save(subscription | {"status": status})
        emit("customer.subscription.updated", subscription | {"status": status}, previous)


def _close(invoice: Thing, status: str, event: str) -> Thing:
    invoice |= {"status": status, "auto_advance": False, "next_payment_attempt": None}
    store.save(invoice)
    emit(event, invoice)
    return invoice


def _written(subscription: Thing, reason: str, period: tuple[int, int], *, trial: bool = False) -> Thing:
    customer = store.get("customer", subscription["customer"])
    item = subscription["items"]["data"][0]
    amount = 0 if trial else item["price"]["unit_amount"] * item["quantity"]
    invoice = _make(subscription, customer, reason, amount)
    invoice["lines"]["data"] = [_line(invoice, subscription, item, amount, period)]
    return store.save(invoice)


def _finalized(invoice: Thing, intent: Thing | None) -> None:
    emit("invoice.finalized", invoice)
    if invoice["amount_due"]:
        intent = intent or make_intent(
            amount=invoice["amount_due"],
            currency=invoice["currency"],
            customer=invoice["customer"],
            description="Subscription update",
            receipt_email=None,
        )
        _make_payment(invoice, intent)


def _make_payment(invoice: Thing, intent: Thing) -> Thing:
    return store.add(
        "invoice_payment",
        {
            "amount_paid": None,
            "amount_requested": invoice["amount_due"],
            "currency": invoice["currency"],
            "invoice": invoice["id"],
            "is_default": True,
            "livemode": False,
            "payment": {"payment_intent": intent["id"], "type": "payment_intent"},
            "status": "open",
            "status_transitions": {"canceled_at": None, "paid_at": None},
        },
    )


def _line(invoice: Thing, subscription: Thing, item: Thing, amount: int, period: tuple[int, int]) -> Thing:
    price = item["price"]
    parent: dict[str, Any] = {
        "invoice_item_details": None,
        "subscription_item_details": {
            "invoice_item": None,
            "proration": False,
            "proration_details": {"credited_items": None},
            "subscription": subscription["id"],
            "subscription_item": item["id"],
        },
        "type": "subscription_item_details",
    }
    return {
        "id": store.new_id("line_item"),
        "object": "line_item",
        "amount": amount,
        "currency": invoice["currency"],
        "description": store.get("product", price["product"])["name"],
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": invoice["id"],
        "livemode": False,
        "metadata": dict(subscription["metadata"]),
        "parent": parent,
        "period": {"start": period[0], "end": period[1]},
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        "quantity": item["quantity"],
        "subtotal": amount,
        "taxes": [],
    }


def _make(subscription: Thing, customer: Thing, reason: str, amount: int) -> Thing:
    now, stripe_id = store.instant(), store.new_id("invoice")
    number = f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04}"
    store.save({**customer, "next_invoice_sequence": customer["next_invoice_sequence"] + 1})
    asked = {
        "id": stripe_id,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "billing_reason": reason,
        "collection_method": "charge_automatically",
        "created": now,
        "currency": subscription["currency"],
        "effective_at": now,
        "hosted_invoice_url": page_of(stripe_id),
        "last_finalization_error": None,
        "lines": list_of([], f"/v1/invoices/{stripe_id}/lines"),
        "livemode": False,
        "next_payment_attempt": None,
        "number": number,
        "parent": {
            "quote_details": None,
            "subscription_details": {
                "metadata": dict(subscription["metadata"]),
                "subscription": subscription["id"],
            },
            "type": "subscription_details",
        },
        "period_end": now,
        "period_start": now,
        "status": "open",
        "status_transitions": {
            "finalized_at": now,
            "marked_uncollectible_at": None,
            "paid_at": None,
            "voided_at": None,
        },
    }
    return store.add("invoice", {**_addressee(customer), **_sums(amount), **asked})


def _addressee(customer: Thing) -> dict[str, Any]:
    return {
        "customer": customer["id"],
        "customer_address": customer["address"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_phone": customer["phone"],
        "customer_shipping": None,
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
    }


def _sums(amount: int) -> dict[str, Any]:
    """Return the sums of an invoice without tax, discount, shipping or credit: a gift has none."""
    return {
        "amount_due": amount,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_remaining": amount,
        "amount_shipping": 0,
        "ending_balance": 0,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "starting_balance": 0,
        "subtotal": amount,
        "subtotal_excluding_tax": amount,
        "total": amount,
        "total_discount_amounts": [],
        "total_excluding_tax": amount,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
    }
