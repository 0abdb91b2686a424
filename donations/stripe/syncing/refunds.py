"""Refunds: those we asked for and those made at Stripe."""

from __future__ import annotations

from django.utils.translation import gettext as _
from stripe import StripeClient

from core import clock
from donations.models import OnlinePayment, OnlineRefund, RefundStatus
from donations.models.online_refund import REFUND_RANK
from donations.stripe import gateway
from donations.stripe.minor import from_minor
from donations.stripe.syncing.facts import PaymentFacts, RefundFacts, named, refund_facts
from donations.stripe.syncing.steps import leave_step


def fetch_all(payment: PaymentFacts, client: StripeClient) -> list[RefundFacts]:
    """Return all refunds of a payment, as Stripe says they stand."""
    asked_at = clock.now()
    of = {"payment_intent": payment.payment_intent} if payment.payment_intent else {"charge": payment.charge_id}
    with gateway.answering():
        found = list(client.v1.refunds.list({**of, "limit": 100}).auto_paging_iter())  # type: ignore[arg-type]
    return [refund_facts(refund.to_dict(), asked_at=asked_at) for refund in found]


def apply(payment: OnlinePayment, facts: RefundFacts) -> OnlineRefund:
    """Bring the row of a refund to what Stripe says; its payment is locked. The books follow in `books`."""
    row = _row_of(payment, facts)
    rank, known = REFUND_RANK[RefundStatus(facts.status)], REFUND_RANK[RefundStatus(row.status)]
    if rank < known or (rank == known and row.fetched_at is not None and facts.asked_at < row.fetched_at):
        return row
    is_news = row.pk is not None and facts.status == RefundStatus.FAILED != row.status
    row.stripe_id, row.status, row.failure = facts.stripe_id, facts.status, facts.failure
    row.fetched_at = facts.asked_at
    row.save()
    if is_news:
        have_failure_looked_at(row, payment)
    return row


def have_failure_looked_at(refund: OnlineRefund, payment: OnlinePayment) -> None:
    """Leave a step for whoever looks after the donor: the money is back with us, and they count on it."""
    subject = _("A refund of %(money)s did not reach the donor: send it another way") % {"money": refund.money}
    leave_step(payment, subject, refund.failure, days=1)


def _row_of(payment: OnlinePayment, facts: RefundFacts) -> OnlineRefund:
    """Return our row of a refund: the one that asked for it, or a new one for a refund made at Stripe."""
    if row := payment.refunds.filter(stripe_id=facts.stripe_id).first():
        return row
    if ours := named(facts.metadata, "refund"):
        row = payment.refunds.filter(uuid=ours, stripe_id=None).first()
        if row is not None:
            return row
    money = from_minor(facts.minor, facts.currency)
    return OnlineRefund(
        payment=payment,
        amount=money.amount,
        currency=money.currency,
        amount_minor=facts.minor,
        reason=_("Made at Stripe: %(reason)s") % {"reason": facts.reason} if facts.reason else _("Made at Stripe"),
        stripe_id=facts.stripe_id,
        status=facts.status,
        asked_at=facts.created_at,
        livemode=payment.livemode,
    )
