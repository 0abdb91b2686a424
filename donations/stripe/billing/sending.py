"""A change that was written down, asked of Stripe: the request, what is read back after it, and what a refusal means.

What is charged of a subscription stands in its invoices, and pausing or cancelling it leaves those that were made
before: a paused one is still tried again, a cancelled one may still be paid by its page. Whoever pauses or stops is
told that nothing is charged, so they are voided.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any

from stripe import StripeClient

from donations.errors import ChargeDeclinedError, StripeRefusedError
from donations.models import Asked, AskedChange, OnlinePayment
from donations.stripe import gateway
from donations.stripe.billing import failing, reasons, terms
from donations.stripe.syncing import invoices, subscriptions

logger = logging.getLogger("donations.stripe")
# More invoices are never open of one subscription at once: each is a period.
_MOST = 20


def send(asked: AskedChange, client: StripeClient) -> None:
    """Ask Stripe for it; the key stands in the row. Raises the SDK's errors: call it within `gateway.answering()`."""
    subscription_id = asked.subscription.subscription_id
    key: Any = {"idempotency_key": asked.key}
    match Asked(asked.what):
        case Asked.STOP:
            details: Any = {"cancellation_details": {"comment": asked.reason}}
            if not asked.subscription.is_over:
                client.v1.subscriptions.cancel(subscription_id, details, key)
        case Asked.CHARGE:
            how: Any = {"off_session": True}
            if method := asked.terms.get("method"):
                how["payment_method"] = method
            client.v1.invoices.pay(asked.terms["invoice"], how, key)
        case _:
            client.v1.subscriptions.update(subscription_id, terms.params(asked), key)  # type: ignore[arg-type]
    if asked.what in (Asked.STOP, Asked.PAUSE):
        void_open_invoices(subscription_id, client)


def void_open_invoices(subscription_id: str, client: StripeClient) -> None:
    """Ask that nothing of a subscription which is still open can be paid any more; what is on its way stays."""
    with gateway.answering():
        found = client.v1.invoices.list({"subscription": subscription_id, "status": "open", "limit": _MOST})
    for invoice in found.data:
        # A debit that is on its way cannot be called back: it comes, and is a gift.
        with suppress(StripeRefusedError), gateway.answering():
            client.v1.invoices.void_invoice(str(invoice.id), options={"idempotency_key": f"void-{invoice.id}"})
            failing.settle(str(invoice.id))


def read_back(asked: AskedChange, client: StripeClient) -> None:
    """Bring into our rows how it stands at Stripe now."""
    if asked.what == Asked.CHARGE:
        invoices.sync(asked.terms["invoice"], client=client)
    else:
        subscriptions.sync(asked.subscription.subscription_id, client=client)


def is_done_all_the_same(asked: AskedChange) -> bool:
    """Return whether what Stripe would not do has been done already: the invoice was paid a moment before."""
    if asked.what != Asked.CHARGE:
        return False
    return OnlinePayment.objects.paid().filter(invoice_id=asked.terms["invoice"]).exists()


def in_words(asked: AskedChange, refusal: StripeRefusedError) -> StripeRefusedError:
    """Return a refusal as donor and staff read it: of a card that was declined what the bank said."""
    if asked.what == Asked.CHARGE and (refusal.is_decline or reasons.is_known(refusal.code)):
        return ChargeDeclinedError(reasons.in_words(refusal.code))
    return refusal
