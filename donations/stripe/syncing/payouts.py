"""Payouts, and what each is made of: fetched from Stripe, kept as rows.

sync("po_123")                     # the payout as it stands now, and its lines when Stripe can say them
read_balance(since=some_instant)   # every movement since then, paid out or not
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core import clock
from donations.bank.applying import tie_waiting
from donations.models import Payout, PayoutStatus, Reconciliation
from donations.stripe import gateway, mode
from donations.stripe.balance import LineFacts, record_lines
from donations.stripe.minor import from_minor

#: The events after which a payout is asked about.
EVENTS = (
    "payout.created",
    "payout.updated",
    "payout.paid",
    "payout.failed",
    "payout.canceled",
    "payout.reconciliation_completed",
)
_PAGE = 100


@dataclass(frozen=True, slots=True)
class PayoutFacts:
    """What Stripe says of a payout now, in our own terms."""

    payout_id: str
    livemode: bool
    status: PayoutStatus
    amount_minor: int
    currency: str
    sent_at: dt.datetime
    arrives_on: dt.date
    is_automatic: bool
    reconciliation: Reconciliation
    descriptor: str
    trace_id: str
    failure_code: str
    failure_message: str

    @classmethod
    def of(cls, said: Any) -> PayoutFacts:
        """Read a Payout of the SDK."""
        trace = said.trace_id if "trace_id" in said else None
        return cls(
            payout_id=said.id,
            livemode=said.livemode,
            status=PayoutStatus(said.status),
            amount_minor=said.amount,
            currency=said.currency.upper(),
            sent_at=dt.datetime.fromtimestamp(said.created, dt.UTC),
            # Stripe writes a day as midnight UTC.
            arrives_on=dt.datetime.fromtimestamp(said.arrival_date, dt.UTC).date(),
            is_automatic=said.automatic,
            reconciliation=Reconciliation(said.reconciliation_status),
            descriptor=(said.statement_descriptor or "")[:255],
            trace_id=(trace.value or "") if trace else "",
            failure_code=said.failure_code or "",
            failure_message=(said.failure_message or "")[:500],
        )


def sync(payout_id: str) -> Payout:
    """Fetch a payout and what it is made of, and make our rows say the same.

    Raises OnlineGivingError when Stripe does not answer; whoever called tries again.
    """
    with gateway.answering():
        client = gateway.for_jobs()
        asked_at = clock.now()
        facts = PayoutFacts.of(client.v1.payouts.retrieve(payout_id))
        # A payout that was asked for by hand has no list, and Stripe refuses the question.
        lines = list(_lines(client, facts.livemode, payout=payout_id)) if facts.is_automatic else []
    return apply(facts, lines, asked_at=asked_at)


def read_balance(*, since: dt.datetime, until: dt.datetime | None = None) -> int:
    """Keep every movement of the balance that Stripe booked since an instant; return how many were new."""
    created = {"gte": int(since.timestamp())} | ({"lt": int(until.timestamp())} if until else {})
    new = 0
    with gateway.answering():
        page: list[LineFacts] = []
        for facts in _lines(gateway.for_jobs(), mode.current().is_live, created=created):
            page.append(facts)
            if len(page) == _PAGE:
                new += record_lines(page)
                page = []
    return new + record_lines(page)


@transaction.atomic
def apply(facts: PayoutFacts, lines: list[LineFacts], *, asked_at: dt.datetime) -> Payout:
    """Write a payout's facts and its lines; what was asked for earlier than what stands there changes nothing."""
    payout = Payout.objects.select_for_update().filter(payout_id=facts.payout_id).first()
    if payout is None or payout.synced_at <= asked_at:
        payout = _write(payout or Payout(payout_id=facts.payout_id), facts, asked_at)
    record_lines(lines, payout=payout)
    if facts.reconciliation == Reconciliation.COMPLETED and payout.lines_read_at is None:
        payout.lines_read_at = asked_at
        payout.save(update_fields=["lines_read_at"])
    tie_waiting(payout)
    return payout


def _write(payout: Payout, facts: PayoutFacts, asked_at: dt.datetime) -> Payout:
    payout.livemode = facts.livemode
    payout.status = facts.status
    payout.amount = from_minor(facts.amount_minor, facts.currency).amount
    payout.amount_minor = facts.amount_minor
    payout.currency = facts.currency
    payout.sent_at = facts.sent_at
    payout.arrives_on = facts.arrives_on
    payout.is_automatic = facts.is_automatic
    payout.reconciliation = facts.reconciliation
    payout.descriptor = facts.descriptor
    payout.trace_id = facts.trace_id
    payout.failure_code = facts.failure_code
    payout.failure_message = facts.failure_message
    payout.synced_at = asked_at
    payout.full_clean(exclude=["payout_id"] if payout.pk else None)
    payout.save()
    return payout


def _lines(client: Any, livemode: bool, **asked: Any) -> Iterator[LineFacts]:
    """Yield every balance transaction that answers the question, page by page."""
    pages = client.v1.balance_transactions.list({"limit": _PAGE, **asked})
    for said in pages.auto_paging_iter():
        yield LineFacts.of(said, livemode=livemode)
