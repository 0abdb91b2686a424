"""What a payout is made of: gross, fees, refunds, disputes, other; and whether that is what arrives in the bank.

    deposit = deposit_of(payout)
    deposit.net == payout.money  # deposit.tie is EXACT; else deposit.difference says by how much it is not
    rows_of(payout)              # the same line by line, each with its gift

Every figure is in the currency of the payout, comes from its balance lines alone, and is added up in Stripe's own whole
units, so that nothing is rounded on the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet, Sum

from core.money import Money
from donations.models import (
    BalanceLine,
    Dispute,
    Gift,
    LineKind,
    OnlinePayment,
    OnlineRefund,
    Payout,
    Reconciliation,
    Tie,
)
from donations.models.payout import tie_of
from donations.stripe.minor import from_minor


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one kind, added up."""

    kind: LineKind
    count: int
    gross: Money
    fee: Money
    net: Money


@dataclass(frozen=True, slots=True)
class Deposit:
    """A payout and what it is made of."""

    payout: Payout
    sections: tuple[Section, ...]

    def _gross(self, *kinds: LineKind) -> Money:
        return sum((section.gross for section in self.sections if section.kind in kinds), self._zero)

    @property
    def _zero(self) -> Money:
        return Money.zero(self.payout.currency)

    @property
    def gross(self) -> Money:
        """What donors paid, before fees."""
        return self._gross(LineKind.CHARGE)

    @property
    def fees(self) -> Money:
        """What Stripe kept: with the payments, and by itself. Below zero."""
        return self._gross(LineKind.FEE) - sum((section.fee for section in self.sections), self._zero)

    @property
    def refunds(self) -> Money:
        """What went back to donors. Below zero."""
        return self._gross(LineKind.REFUND)

    @property
    def disputes(self) -> Money:
        """What banks took back, less what was won. Below zero, as a rule."""
        return self._gross(LineKind.DISPUTE)

    @property
    def other(self) -> Money:
        """Payouts that failed and came back, money topped up, corrections of Stripe's."""
        return self._gross(LineKind.OTHER, LineKind.PAYOUT)

    @property
    def net(self) -> Money:
        """What the lines add up to."""
        return self.gross + self.fees + self.refunds + self.disputes + self.other

    @property
    def difference(self) -> Money:
        """What the bank gets beyond what the lines explain; nothing, when the report is right."""
        return self.payout.money - self.net

    @property
    def count(self) -> int:
        """How many lines there are."""
        return sum(section.count for section in self.sections)

    def count_of(self, kind: LineKind) -> int:
        """Return how many lines there are of a kind."""
        return sum(section.count for section in self.sections if section.kind == kind)

    @property
    def tie(self) -> Tie:
        """Whether it adds up, and if not, whether that is wrong."""
        return tie_of(self.payout, count=self.count, is_exact=not self.difference)


def lines_of(payout: Payout) -> QuerySet[BalanceLine]:
    """Return what a payout is made of, without the transfer itself."""
    return BalanceLine.objects.in_deposits().filter(payout=payout)


def deposit_of(payout: Payout) -> Deposit:
    """Return a payout with its lines added up by kind."""
    rows: Any = (
        lines_of(payout)
        .order_by()
        .values("kind", "currency")
        .annotate(count=Count("pk"), gross=Sum("gross_minor"), fee=Sum("fee_minor"), net=Sum("net_minor"))
    )
    order = list(LineKind)
    sections = [
        Section(
            LineKind(row["kind"]),
            row["count"],
            *(from_minor(row[name], row["currency"]) for name in ("gross", "fee", "net")),
        )
        for row in rows
    ]
    return Deposit(payout, tuple(sorted(sections, key=lambda section: order.index(section.kind))))


@dataclass(frozen=True, slots=True)
class DepositRow:
    """One line of a deposit, with the payment it belongs to, and the gift when somebody has said which."""

    line: BalanceLine
    payment: OnlinePayment | None

    @property
    def gift(self) -> Gift | None:
        """The gift it is, or takes from."""
        return self.payment.gift if self.payment else None

    @property
    def said(self) -> str:
        """Whose it is, or as much as is known of it."""
        if self.gift is not None:
            return str(self.gift.donor)
        if self.payment is not None:
            return self.payment.payer_name or self.payment.payer_email or str(self.payment)
        return self.line.description or self.line.type.replace("_", " ")

    @property
    def funds(self) -> str:
        """What the gift is for."""
        return self.gift.fund_names if self.gift else ""

    @property
    def is_unknown(self) -> bool:
        """Whether nobody can say what it is: no payment of ours, or one that waits to be matched."""
        if self.line.kind == LineKind.OTHER:
            return True
        if self.line.kind in (LineKind.FEE, LineKind.PAYOUT):
            return False
        if self.payment is None:
            return True
        return self.payment.is_paid and self.payment.gift_id is None and not self.payment.resolution


def rows_of(payout: Payout) -> list[DepositRow]:
    """Return every line of a payout with its gift, by kind and time, in a constant number of queries."""
    lines = lines_of(payout)
    payments = payments_of(lines)
    order = list(LineKind)
    rows = [DepositRow(line, payments.get(line.source_id)) for line in lines.order_by("happened_at", "pk")]
    return sorted(rows, key=lambda row: order.index(LineKind(row.line.kind)))


def payments_of(lines: QuerySet[BalanceLine]) -> dict[str, OnlinePayment]:
    """Return the payment of each line, by the id of the charge, refund or dispute the line belongs to."""
    ids = lines.order_by().exclude(source_id="").values("source_id")
    payments = OnlinePayment.objects.select_related("gift__donor").prefetch_related("gift__allocations__fund")
    found = {str(payment.charge_id): payment for payment in payments.filter(charge_id__in=ids)}
    leads = dict(OnlineRefund.objects.filter(stripe_id__in=ids).values_list("stripe_id", "payment"))
    leads |= dict(Dispute.objects.filter(stripe_id__in=ids).values_list("stripe_id", "payment"))
    by_key = {payment.pk: payment for payment in found.values()}
    by_key |= payments.in_bulk([pk for pk in leads.values() if pk not in by_key])
    return found | {str(source): by_key[pk] for source, pk in leads.items()}


def payouts_off() -> QuerySet[Payout]:
    """Return the payouts that Stripe has listed in full and that do not add up."""
    listed = Payout.objects.filter(lines_read_at__isnull=False).exclude(reconciliation=Reconciliation.NOT_APPLICABLE)
    added_up: QuerySet = listed.with_lines()
    return added_up.exclude(amount_minor=F("lines_net"))
