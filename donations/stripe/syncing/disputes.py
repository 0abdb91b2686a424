"""Disputes, and the warnings that come before them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from stripe import StripeClient

from core import clock
from donations.models import Dispute, DisputeStatus, FraudWarning, OnlinePayment
from donations.models.dispute import DISPUTE_RANK, UNDECIDED
from donations.stripe import gateway
from donations.stripe.minor import from_minor
from donations.stripe.syncing.facts import DisputeFacts, PaymentFacts, dispute_facts
from donations.stripe.syncing.steps import leave_step


def fetch_all(payment: PaymentFacts, client: StripeClient) -> list[DisputeFacts]:
    """Return all disputes of a payment, as Stripe says they stand."""
    asked_at = clock.now()
    of = {"payment_intent": payment.payment_intent} if payment.payment_intent else {"charge": payment.charge_id}
    with gateway.answering():
        found = list(client.v1.disputes.list({**of, "limit": 100}).auto_paging_iter())  # type: ignore[arg-type]
    return [dispute_facts(dispute.to_dict(), asked_at=asked_at) for dispute in found]


def apply(payment: OnlinePayment, facts: DisputeFacts) -> Dispute | None:
    """Bring the row of a dispute to what Stripe says; its payment is locked. The books follow in `books`.

    Returns the row when this is how we learn that it is lost: whoever called has it looked at, once its gift is known.
    """
    money = from_minor(facts.minor, facts.currency)
    row = payment.disputes.filter(stripe_id=facts.stripe_id).first()
    if row is None:
        row = Dispute(payment=payment, stripe_id=facts.stripe_id, opened_at=facts.opened_at, livemode=facts.livemode)
    elif not _is_news(row, facts):
        return None
    was_lost = row.is_lost
    row.status, row.reason, row.evidence_due_at = facts.status, facts.reason, facts.evidence_due_at
    row.amount, row.currency, row.amount_minor = money.amount, money.currency, facts.minor
    row.took_money, row.fetched_at = facts.took_money, facts.asked_at
    # What was decided may be appealed, and a closed inquiry become a dispute: then it is open again.
    row.closed_at = None if row.status in UNDECIDED else row.closed_at or clock.now()
    row.save()
    return row if row.is_lost and not was_lost else None


def have_loss_looked_at(payment: OnlinePayment, lost: Dispute) -> None:
    """Leave a step for whoever looks after the donor of a payment that the bank took back for good."""
    leave_step(payment, _("A disputed payment was lost: %(money)s") % {"money": lost.money}, lost.reason)


def _is_news(row: Dispute, facts: DisputeFacts) -> bool:
    rank, known = DISPUTE_RANK[DisputeStatus(facts.status)], DISPUTE_RANK[DisputeStatus(row.status)]
    return rank > known or (rank == known and facts.asked_at >= row.fetched_at)


@transaction.atomic
def warn(payment: OnlinePayment, *, stripe_id: str, kind: str, is_actionable: bool, at: dt.datetime) -> FraudWarning:
    """Note that a card network suspects a payment, and have somebody decide on a refund in time; once."""
    payment = OnlinePayment.objects.select_for_update(of=("self",)).select_related("gift__donor").get(pk=payment.pk)
    now = clock.now()
    row, is_new = FraudWarning.objects.get_or_create(
        stripe_id=stripe_id,
        defaults={
            "payment": payment,
            "type": kind[:60],
            "is_actionable": is_actionable,
            "warned_at": at,
            "fetched_at": now,
            "livemode": payment.livemode,
        },
    )
    if is_new and is_actionable:
        leave_step(
            payment, _("A payment is suspected to be fraud: refund %(money)s?") % {"money": payment.money}, kind, days=1
        )
    elif not is_new and row.is_actionable != is_actionable:
        row.is_actionable, row.fetched_at = is_actionable, now
        row.save(update_fields=["is_actionable", "fetched_at"])
    return row
