"""What Stripe's types of events are called on our screens."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

_WORDS = {
    "charge.dispute.closed": _("Dispute decided"),
    "charge.dispute.created": _("Payment disputed"),
    "charge.dispute.funds_reinstated": _("Disputed money given back"),
    "charge.dispute.funds_withdrawn": _("Disputed money taken"),
    "charge.dispute.updated": _("Dispute changed"),
    "charge.failed": _("Charge failed"),
    "charge.refunded": _("Payment refunded"),
    "charge.succeeded": _("Charge succeeded"),
    "charge.updated": _("Charge changed, its fee known"),
    "checkout.session.async_payment_failed": _("Bank debit failed"),
    "checkout.session.async_payment_succeeded": _("Bank debit came"),
    "checkout.session.completed": _("Payment page completed"),
    "checkout.session.expired": _("Payment page expired"),
    "customer.subscription.created": _("Recurring gift set up"),
    "customer.subscription.deleted": _("Recurring gift ended"),
    "customer.subscription.paused": _("Recurring gift paused"),
    "customer.subscription.resumed": _("Recurring gift went on"),
    "customer.subscription.updated": _("Recurring gift changed"),
    "customer.updated": _("Donor’s card or details changed"),
    "invoice.finalization_failed": _("Invoice could not be made"),
    "invoice.marked_uncollectible": _("Invoice given up"),
    "invoice.paid": _("Recurring gift charged"),
    "invoice.payment_action_required": _("Donor’s bank wants approval"),
    "invoice.payment_failed": _("Recurring gift could not be charged"),
    "invoice.upcoming": _("Recurring gift about to be charged"),
    "invoice.voided": _("Invoice voided"),
    "payment_intent.canceled": _("Payment cancelled"),
    "payment_intent.payment_failed": _("Payment failed"),
    "payment_intent.processing": _("Bank debit on its way"),
    "payment_intent.succeeded": _("Payment came"),
    "payment_method.automatically_updated": _("Card renewed by the bank"),
    "payout.canceled": _("Payout cancelled"),
    "payout.created": _("Payout begun"),
    "payout.failed": _("Payout failed"),
    "payout.paid": _("Payout sent to the bank"),
    "payout.reconciliation_completed": _("Payout listed in full"),
    "payout.updated": _("Payout changed"),
    "radar.early_fraud_warning.created": _("Early fraud warning"),
    "radar.early_fraud_warning.updated": _("Early fraud warning changed"),
    "refund.created": _("Refund begun"),
    "refund.failed": _("Refund failed"),
    "refund.updated": _("Refund changed"),
}


def in_words(name: str) -> Any:
    """Return what an event of the type says, in words; the type itself when nobody here makes use of it."""
    return _WORDS.get(name, name)
