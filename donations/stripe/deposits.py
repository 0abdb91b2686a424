"""What a payout is made of: gross, fees, refunds, disputes, other; and whether that is what arrived in the bank.

    deposit = deposit_of(payout)
    deposit.net == payout.money  # deposit.ties; else deposit.difference says by how much it does not

Every figure is in the currency of the payout and comes from its balance lines alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, QuerySet, Sum

from core.money import Money
from donations.models import BalanceLine, LineKind, Payout, Reconciliation


class Tie(StrEnum):
    """Whether a deposit adds up to its payout."""

    EXACT = "exact"
    OFF = "off"
    WAITING = "waiting"  # Stripe has not said yet all that is in it
    UNKNOWABLE = "unknowable"  # asked for by hand: Stripe never says


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
        zero = Money.zero(self.payout.currency)
        return sum((section.gross for section in self.sections if section.kind in kinds), zero)

    @property
    def gross(self) -> Money:
        """What donors paid, before fees."""
        return self._gross(LineKind.CHARGE)

    @property
    def fees(self) -> Money:
        """What Stripe kept: with the payments, and by itself. Below zero."""
        taken = sum((section.fee for section in self.sections), Money.zero(self.payout.currency))
        return self._gross(LineKind.FEE) - taken

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

    @property
    def tie(self) -> Tie:
        """Whether it adds up, and if not, whether that is wrong."""
        if self.payout.reconciliation == Reconciliation.NOT_APPLICABLE and not self.count:
            return Tie.UNKNOWABLE
        if self.payout.lines_read_at is None:
            return Tie.WAITING
        return Tie.OFF if self.difference else Tie.EXACT


def lines_of(payout: Payout) -> QuerySet[BalanceLine]:
    """Return what a payout is made of, without the transfer itself."""
    return BalanceLine.objects.in_deposits().filter(payout=payout)


def deposit_of(payout: Payout) -> Deposit:
    """Return a payout with its lines added up by kind."""
    return deposits_of([payout])[payout.pk]


def deposits_of(payouts: Iterable[Payout]) -> dict[int, Deposit]:
    """Return the deposit of each payout, by its key, in one question however many they are."""
    asked = {payout.pk: payout for payout in payouts}
    rows: Any = (
        BalanceLine.objects.in_deposits()
        .filter(payout__in=asked)
        .order_by()
        .values("payout", "kind")
        .annotate(count=Count("pk"), gross=Sum("gross"), fee=Sum("fee"), net=Sum("net"))
    )
    found: dict[int, list[Section]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: list(LineKind.values).index(row["kind"])):
        currency = asked[row["payout"]].currency
        amounts = (Money(row[name], currency) for name in ("gross", "fee", "net"))
        found[row["payout"]].append(Section(LineKind(row["kind"]), row["count"], *amounts))
    return {pk: Deposit(payout, tuple(found[pk])) for pk, payout in asked.items()}
