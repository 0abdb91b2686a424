"""What time does to subscriptions: the next period is asked for, an attempt is made again, Stripe gives up."""

from __future__ import annotations

from django.db import transaction

from donations.stripe.fake import store
from donations.stripe.fake.events import emit
from donations.stripe.fake.money import collecting, invoicing, methods, periods, subscribing
from donations.stripe.fake.problems import wrong
from donations.stripe.fake.store import Thing


@transaction.atomic
def renew(
    subscription_id: str, *, succeed: bool = True, reason: str = "insufficient_funds", needs_approval: bool = False
) -> Thing:
    """Let the period of a subscription end and the next be asked for; return its invoice.

    The card pays, is declined for a reason, or its bank asks the donor, who is not there. A bank debit is on its way.
    """
    store.lock()
    subscription = _alive(subscription_id)
    if subscription["status"] == "unpaid":
        raise wrong("This subscription is unpaid: nothing more is charged until its invoice is paid.")
    invoice = invoicing.make_invoice(subscription, "subscription_cycle", period=_next_period(subscription))
    subscription = _renewed(subscription, invoice)
    pause = subscription["pause_collection"]
    if pause and pause["behavior"] == "void":
        return invoicing.void(invoice)
    return collecting.collect(subscription, invoice, succeed=succeed, reason=reason, needs_approval=needs_approval)


@transaction.atomic
def fail_finalization(subscription_id: str, *, why: str = "The customer's location isn't recognized.") -> Thing:
    """Let the next period be asked for by an invoice that Stripe cannot make; return it, a draft."""
    store.lock()
    subscription = _alive(subscription_id)
    invoice = invoicing.make_draft(subscription, "subscription_cycle", period=_next_period(subscription), why=why)
    _renewed(subscription, invoice)
    return invoice


@transaction.atomic
def finalize(invoice_id: str) -> Thing:
    """Let somebody at Stripe put right what kept an invoice a draft: it is made, and charged; return it."""
    store.lock()
    invoice = invoicing.finalize(store.get("invoice", invoice_id))
    return collecting.collect(invoicing.subscription_of(invoice), invoice, succeed=True, reason="")


@transaction.atomic
def retry(
    invoice_id: str, *, succeed: bool = True, reason: str = "insufficient_funds", in_the_end: str = "canceled"
) -> Thing:
    """Let Stripe try an open invoice again; return the invoice.

    After the last attempt it gives up: it cancels, or leaves the subscription `unpaid`, as its settings say.
    """
    store.lock()
    invoice = store.get("invoice", invoice_id)
    if invoice["status"] != "open":
        raise wrong(f"Nothing is open: this invoice is {invoice['status']}.")
    subscription = invoicing.subscription_of(invoice)
    invoice = collecting.collect(subscription, invoice, succeed=succeed, reason=reason)
    if invoice["status"] == "open" and invoice["attempt_count"] > len(invoicing.RETRIES):
        subscription = store.get("subscription", subscription["id"])
        if in_the_end == "unpaid":
            subscribing.change(subscription, status="unpaid")
        else:
            invoicing.mark_uncollectible(invoice)
            subscribing.end(subscription, reason="payment_failed")
    return store.get("invoice", invoice_id)


@transaction.atomic
def pay_on_page(invoice_id: str, *, approve: bool = True) -> Thing:
    """Let a donor approve an open invoice's payment on its page, or refuse it; return the invoice."""
    store.lock()
    return collecting.pay_on_page(store.get("invoice", invoice_id), approve=approve)


@transaction.atomic
def announce_renewal(subscription_id: str) -> Thing:
    """Let Stripe say that an invoice comes in some days (`invoice.upcoming`, an invoice without an id)."""
    store.lock()
    subscription = _alive(subscription_id)
    latest = store.get("invoice", subscription["latest_invoice"])
    upcoming = {key: value for key, value in latest.items() if key != "id"}
    end = subscribing.item_of(subscription)["current_period_end"]
    upcoming |= {"status": "draft", "billing_reason": "upcoming", "next_payment_attempt": end, "number": None}
    return emit("invoice.upcoming", upcoming)


@transaction.atomic
def replace_card(customer_id: str, *, last4: str = "4444") -> Thing:
    """Put another card on file for a customer, as Stripe's portal does; return the card."""
    store.lock()
    customer = store.get("customer", customer_id)
    billing = {"address": customer["address"], "email": customer["email"], "name": customer["name"]}
    card = methods.make_card({**billing, "phone": None, "tax_id": None}, customer=customer_id, last4=last4)
    emit("payment_method.attached", card)
    old = {"invoice_settings": dict(customer["invoice_settings"])}
    customer["invoice_settings"]["default_payment_method"] = card["id"]
    store.save(customer)
    emit("customer.updated", customer, old)
    return card


def _alive(subscription_id: str) -> Thing:
    subscription = store.get("subscription", subscription_id)
    if subscription["status"] in subscribing.OVER:
        raise wrong(f"This subscription is {subscription['status']}.")
    return subscription


def _next_period(subscription: Thing) -> tuple[int, int]:
    """Move what a subscription charges for to the next period; return when that begins and ends."""
    item = subscribing.item_of(subscription)
    start, recurring = item["current_period_end"], item["price"]["recurring"]
    # What moved the day was a trial, and it is over.
    anchor = subscription["billing_cycle_anchor"]
    end = periods.after(start, recurring["interval"], recurring["interval_count"], anchor=anchor)
    item |= {"current_period_start": start, "current_period_end": end}
    return start, end


def _renewed(subscription: Thing, invoice: Thing) -> Thing:
    status = "active" if subscription["status"] == "trialing" else subscription["status"]
    subscription = subscribing.change(
        subscription, items=subscription["items"], latest_invoice=invoice["id"], status=status
    )
    emit("customer.subscription.updated", subscription, {"latest_invoice": None})
    return subscription
