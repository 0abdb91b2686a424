"""What moved at Stripe, as the journal books it: fees, what was collected, and what was paid out to the bank.

The ledger says what donors gave and stands it in the account of the method (card payments, bank debits). From there:

| line | debit | credit |
|---|---|---|
| payment | money held by Stripe | card payments (bank debits) |
| refund, dispute | card payments (bank debits) | money held by Stripe |
| fee, of a payment or by itself | processing fees | money held by Stripe |
| payout | the bank account | money held by Stripe |
| anything else | money held by Stripe | other movements at Stripe |

So “money held by Stripe” is the balance that Stripe shows, and what stays on “card payments” is what ledger and Stripe
do not agree on yet: payments that wait to be matched, disputes still open, differences of exchange rates. Whoever
gives two of these accounts one number gets no lines from one to the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, Case, QuerySet, Sum, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.money import quantize
from core.organisation import current_organisation
from donations.accounting.journal import Frame, Posting, Side, Source
from donations.models import AccountUse, BalanceLine, LineKind
from donations.stripe.minor import from_minor

_FROM_THE_METHOD = (LineKind.CHARGE, LineKind.REFUND, LineKind.DISPUTE)


def _rows() -> QuerySet[BalanceLine]:
    """Return what can be booked: in the base currency, or at a rate that is on file."""
    return BalanceLine.objects.filter(base_rate__isnull=False)


def stripe_postings(lines: QuerySet[BalanceLine], frame: Frame) -> Iterator[Posting]:
    """Return what the lines add up to: by day, kind and method what moved, and by day the fees."""
    base = current_organisation().base_currency
    # What leaves and what comes back are not set off against each other.
    leaves = Case(When(gross_minor__lt=0, then=Value(True)), default=Value(False), output_field=BooleanField())
    same = ("booked_on", "kind", "leaves", "method", "currency", "base_rate")
    grouped: Any = (
        lines.order_by()
        .annotate(leaves=leaves)
        .values(*same)
        .annotate(gross=Sum("gross_minor"), fee=Sum("fee_minor"))
        .order_by(*same)
    )
    for row in grouped:
        gross, fee = (from_minor(row[name], row["currency"]).amount for name in ("gross", "fee"))
        if row["kind"] == LineKind.FEE:
            gross, fee = Decimal(0), fee - gross
        yield from _posted(row, frame, base, gross, *_sides(row, frame))
        fees = Side(frame.chart.of(AccountUse.FEES))
        yield from _posted(row, frame, base, -fee, fees, _("Processing fees"))


def _sides(row: dict[str, Any], frame: Frame) -> tuple[Side, str]:
    """Return what stands against the money at Stripe, and what the line is called."""
    kind = row["kind"]
    if kind in _FROM_THE_METHOD:
        text = {
            LineKind.CHARGE: _("Collected by Stripe"),
            LineKind.REFUND: _("Refunded by Stripe"),
            LineKind.DISPUTE: _("Disputes at Stripe"),
        }[LineKind(kind)]
        return Side(frame.chart.of(row["method"]), method=row["method"]), text
    if kind == LineKind.PAYOUT:
        return Side(frame.chart.of(AccountUse.DEPOSITS)), _("Paid out by Stripe")
    return Side(frame.chart.of(AccountUse.STRIPE_OTHER)), _("Other movements at Stripe")


def _posted(row: dict[str, Any], frame: Frame, base: str, amount: Decimal, other: Side, text: str) -> Iterator[Posting]:
    """Yield the posting of an amount that came to the balance at Stripe (below zero: left it), if there is any."""
    worth = quantize(amount * row["base_rate"], base)
    held = Side(frame.chart.of(AccountUse.STRIPE))
    if not worth or (held.account.code and held.account.code == other.account.code):
        return
    came = worth > 0
    foreign = row["currency"] != base
    yield Posting(
        date=frame.date_of(row["booked_on"]),
        text=text,
        debit=held if came else other,
        credit=other if came else held,
        amount=abs(worth),
        own_currency=row["currency"] if foreign else "",
        own_amount=abs(quantize(amount, row["currency"])),
    )


STRIPE = Source(
    name="stripe",
    label=gettext_lazy("Stripe"),
    rows=_rows,
    postings=stripe_postings,
    dated="booked_on",
    recorded="recorded_at",
    uses=(AccountUse.FEES, AccountUse.STRIPE, AccountUse.DEPOSITS, AccountUse.STRIPE_OTHER),
)
