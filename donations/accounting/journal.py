"""The journal: from movements of money to lines of debit and credit.

A source is a kind of movement: the ledger's entries are one; fees and pledges can be others. Each says which of its
rows are still to be exported and how a set of them is booked. Every posting has both its sides, so a journal made of
postings balances by its construction.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from donations.accounting.chart import AccountName, Chart
from donations.models import AccountUse, ExportedEntry, JournalExport, JournalGrouping, JournalLine, JournalSettings


@dataclass(frozen=True, slots=True)
class Frame:
    """How a journal is made: up to which day, summed up how, in which accounts."""

    through: dt.date
    grouping: str
    chart: Chart

    def date_of(self, day: dt.date) -> dt.date:
        """Return the date a line carries for a day or, by the month, for the month's first day."""
        if self.grouping == JournalGrouping.DAY:
            return day
        next_month = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        return min(next_month - dt.timedelta(days=1), self.through)


class Side(NamedTuple):
    """One side of a posting: the account, and the fund or the method it is about."""

    account: AccountName
    fund: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class Posting:
    """The same amount on two accounts, in base currency; above zero."""

    date: dt.date
    text: str
    debit: Side
    credit: Side
    amount: Decimal
    own_currency: str = ""
    own_amount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of movement. `dated` and `recorded` name the fields of its rows with the day and the instant.

    `history` picks, by the day the journal begins, what an import brought of the time before it: that stands in the
    books already, whenever it was imported. `uses` are the accounts its postings stand in.
    """

    name: str
    label: Any
    rows: Callable[[], QuerySet]
    postings: Callable[[QuerySet, Frame], Iterable[Posting]]
    dated: str
    recorded: str
    uses: tuple[AccountUse, ...]
    history: Callable[[dt.date], Q] | None = None

    def pending(self, settings: JournalSettings, through: dt.date) -> QuerySet:
        """Return the rows dated up to a day that no live export has.

        What is dated before the journal begins stands in the books already, unless it was entered after that was said.
        """
        exported = ExportedEntry.objects.filter(
            is_live=True, source=self.name, row=Cast(OuterRef("pk"), BigIntegerField())
        )
        rows = self.rows().filter(**{f"{self.dated}__lte": through}).exclude(Exists(exported))
        if settings.begins_on is None:
            return rows
        late = Q(**{f"{self.recorded}__gt": settings.begins_set_at})
        rows = rows.filter(Q(**{f"{self.dated}__gte": settings.begins_on}) | late)
        return rows.exclude(self.history(settings.begins_on)) if self.history else rows

    def of_export(self, export: JournalExport) -> QuerySet:
        """Return the rows that an export had."""
        return self.rows().filter(pk__in=export.entries.filter(source=self.name).values("row"))


_sources: dict[str, Source] = {}


def register_source(source: Source) -> None:
    """Add a kind of movement; called from an AppConfig.ready()."""
    _sources[source.name] = source


def sources() -> list[Source]:
    """Return every kind of movement, the ledger first."""
    return list(_sources.values())


def uses() -> list[AccountUse]:
    """Return what accounts are needed for, by every kind of movement there is."""
    wanted = {use for source in sources() for use in source.uses}
    return [use for use in AccountUse if use in wanted]


def lines_of(postings: Iterable[tuple[str, Posting]]) -> list[JournalLine]:
    """Sum postings up to the lines of a journal, unsaved: by date and text, debit before credit."""
    sums: dict[tuple[Any, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    order: dict[tuple[str, str], int] = {}
    for source, posting in postings:
        place = order.setdefault((source, posting.text), len(order))
        for number, side in enumerate((posting.debit, posting.credit)):
            key = (posting.date, place, number, side.account, side.fund, side.method, posting.own_currency)
            sums[key][0] += posting.amount
            sums[key][1] += posting.own_amount
    named = {place: name for name, place in order.items()}
    return [
        JournalLine(
            source=named[place][0],
            date=date,
            text=named[place][1],
            account=account.code,
            account_name=account.name,
            fund=fund,
            method=method,
            debit=Decimal(0) if is_credit else amount,
            credit=amount if is_credit else Decimal(0),
            own_currency=currency,
            own_amount=own if currency else None,
        )
        for (date, place, is_credit, account, fund, method, currency), (amount, own) in sorted(sums.items())
    ]


def all_postings(rows: Callable[[Source], QuerySet], frame: Frame) -> Iterator[tuple[str, Posting]]:
    """Return the postings of every source for the rows that `rows` picks of it, with the source's name."""
    for source in sources():
        for posting in source.postings(rows(source), frame):
            yield source.name, posting
