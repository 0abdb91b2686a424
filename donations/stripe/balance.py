"""Movements of the balance at Stripe: what each is, and keeping it once.

Which gift, refund or dispute a line belongs to is not written on it but found by Stripe's id (`source_id`): lines and
payments come in any order, and neither has to wait for the other. Only how it was paid is written down: as its payment
says, so that in the journal it stands against the account its gift stands in; as its type says of what nobody knows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import transaction

from core import clock
from core.spreading import batched
from donations.accounting.periods import first_open_day
from donations.errors import MissingRateError
from donations.models import BalanceLine, Dispute, LineKind, Method, OnlinePayment, OnlineRefund, Payout
from donations.models.rate import rate_on
from donations.stripe.minor import from_minor
from donations.stripe.syncing.facts import method_of

#: Stripe's types, https://docs.stripe.com/reports/balance-transaction-types; what is not named here is OTHER.
_KINDS: Mapping[str, LineKind] = {
    "charge": LineKind.CHARGE,
    "payment": LineKind.CHARGE,
    "refund": LineKind.REFUND,
    "payment_refund": LineKind.REFUND,
    # A refund that could not be paid out comes back.
    "refund_failure": LineKind.REFUND,
    # A bank debit that the donor's bank returned after it had been paid.
    "payment_failure_refund": LineKind.DISPUTE,
    "payment_reversal": LineKind.DISPUTE,
    "stripe_fee": LineKind.FEE,
    "stripe_fx_fee": LineKind.FEE,
    "tax_fee": LineKind.FEE,
    "application_fee": LineKind.FEE,
    "payout": LineKind.PAYOUT,
    "payout_cancel": LineKind.PAYOUT,
    "payout_failure": LineKind.PAYOUT,
}
#: An adjustment is what its reporting category says: money taken for a dispute, or given back when it was won.
_CATEGORIES: Mapping[str, LineKind] = {
    "dispute": LineKind.DISPUTE,
    "dispute_reversal": LineKind.DISPUTE,
    "charge_failure": LineKind.DISPUTE,
    "refund": LineKind.REFUND,
    "refund_failure": LineKind.REFUND,
    "fee": LineKind.FEE,
    "network_cost": LineKind.FEE,
    "tax": LineKind.FEE,
}
_BATCH = 500


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What Stripe says of one balance transaction, in our own terms."""

    line_id: str
    livemode: bool
    type: str
    category: str
    currency: str
    gross_minor: int
    fee_minor: int
    net_minor: int
    exchange_rate: Decimal | None
    source_id: str
    description: str
    happened_at: dt.datetime
    available_on: dt.date

    @classmethod
    def of(cls, said: Any, *, livemode: bool) -> LineFacts:
        """Read a BalanceTransaction of the SDK. It does not say itself whether it is live: its key, or payout, does."""
        source = said.source
        return cls(
            line_id=said.id,
            livemode=livemode,
            type=said.type,
            category=said.reporting_category or "",
            currency=said.currency.upper(),
            gross_minor=said.amount,
            fee_minor=said.fee,
            net_minor=said.net,
            # The JSON number, digit by digit: no float takes part in money.
            exchange_rate=Decimal(str(said.exchange_rate)) if said.exchange_rate else None,
            source_id=(source if isinstance(source, str) else source.id) if source else "",
            description=(said.description or "")[:500],
            happened_at=dt.datetime.fromtimestamp(said.created, dt.UTC),
            available_on=dt.datetime.fromtimestamp(said.available_on, dt.UTC).date(),
        )

    @property
    def kind(self) -> LineKind:
        """What it is in a deposit report."""
        return _KINDS.get(self.type) or _CATEGORIES.get(self.category, LineKind.OTHER)

    @property
    def likely_method(self) -> Method:
        """How it was paid, by all it says: cards are booked as charges and the rest as payments, most of it debits."""
        return Method.BANK_DEBIT if self.type.startswith("payment") else Method.CARD


@transaction.atomic
def record_lines(lines: Iterable[LineFacts], *, payout: Payout | None = None) -> int:
    """Keep what is new of these lines, and say of those that are known which payout took them; return how many are new.

    Safe in any order and any number of times: what a line says of money never changes, and one payout takes it, once.
    """
    by_id = {line.line_id: line for line in lines}
    known: set[str] = set()
    for some in batched(list(by_id), _BATCH):
        known.update(BalanceLine.objects.filter(line_id__in=some).values_list("line_id", flat=True))
    opens, now, rate = first_open_day(), clock.now(), cache(_rate)
    new = [facts for key, facts in by_id.items() if key not in known]
    paid_with = _methods_of([facts.source_id for facts in new])
    fresh = [_row(facts, payout, opens, now, rate, paid_with) for facts in new]
    # Two who read the same page of the list at once: the second meets rows that are there, and leaves them.
    BalanceLine.objects.bulk_create(fresh, batch_size=_BATCH, ignore_conflicts=True)
    if payout is not None:
        for some in batched(list(by_id), _BATCH):
            BalanceLine.objects.filter(line_id__in=some, payout__isnull=True).update(payout=payout)
    return len(fresh)


def fill_rates() -> int:
    """Give lines that waited for a rate the one that is on file now; return how many."""
    filled = 0
    for line in BalanceLine.objects.filter(base_rate__isnull=True).order_by("pk")[:5_000]:
        if (rate := _rate(line.currency, line.booked_on)) is not None:
            filled += BalanceLine.objects.filter(pk=line.pk, base_rate__isnull=True).update(base_rate=rate)
    return filled


def look_for_rates(*, now: dt.datetime) -> None:
    """Fill in rates that have been entered since. Rung by the clock."""
    fill_rates()


def _methods_of(sources: list[str]) -> dict[str, Method]:
    """Return how each charge, refund or dispute that is known here was paid, by its id at Stripe."""
    found: dict[str | None, str] = {}
    for some in batched(sources, _BATCH):
        charges = OnlinePayment.objects.filter(charge_id__in=some)
        refunds = OnlineRefund.objects.filter(stripe_id__in=some)
        disputes = Dispute.objects.filter(stripe_id__in=some)
        found.update(charges.values_list("charge_id", "method_type"))
        found.update(refunds.values_list("stripe_id", "payment__method_type"))
        found.update(disputes.values_list("stripe_id", "payment__method_type"))
    return {str(source): method_of(method_type) for source, method_type in found.items()}


def _row(
    facts: LineFacts,
    payout: Payout | None,
    opens: dt.date,
    now: dt.datetime,
    rate: Any,
    paid_with: Mapping[str, Method],
) -> BalanceLine:
    booked_on = max(clock.local_date(facts.happened_at), opens)
    gross, fee, net = (from_minor(n, facts.currency) for n in (facts.gross_minor, facts.fee_minor, facts.net_minor))
    return BalanceLine(
        line_id=facts.line_id,
        livemode=facts.livemode,
        type=facts.type,
        category=facts.category,
        kind=facts.kind,
        method=paid_with.get(facts.source_id, facts.likely_method),
        currency=facts.currency,
        gross=gross.amount,
        fee=fee.amount,
        net=net.amount,
        gross_minor=facts.gross_minor,
        fee_minor=facts.fee_minor,
        net_minor=facts.net_minor,
        exchange_rate=facts.exchange_rate,
        base_rate=rate(facts.currency, booked_on),
        source_id=facts.source_id,
        description=facts.description,
        happened_at=facts.happened_at,
        booked_on=booked_on,
        available_on=facts.available_on,
        payout=payout,
        recorded_at=now,
    )


def _rate(currency: str, date: dt.date) -> Decimal | None:
    try:
        return rate_on(currency, date)
    except MissingRateError:
        return None
