"""StewardTable: one table for screen, sheet and PDF."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.db.models import Model, QuerySet, Sum

from core.organisation import current_organisation
from core.tables.columns import AmountColumn, NumberColumn


class StewardTable(tables.Table):
    """A table with totals that run over every row, not only over those on the page.

    Set `empty_text` in Meta: what to do first. Columns with `exclude_from_export` stay on the screen.
    """

    class Meta:
        template_name = "tables/table.html"
        per_page = 50

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: By column name: the total for each currency, or for "" where there is one kind of number.
        self.totals: Mapping[str, Mapping[str, Any]] = {}
        for bound in self.columns.iterall():
            if isinstance(bound.column, AmountColumn) and not bound.column.currency:
                bound.column.verbose_name = f"{bound.header} ({current_organisation().base_currency})"

    def has_footer(self) -> bool:
        """Show a footer only when it says something: an empty row would be announced as a row without cells."""
        return super().has_footer() and any(bound.footer for bound in self.columns.iterall())

    def add_up(self) -> None:
        """Fill `totals`: one query for each currency column that totals are asked in, whatever the length."""
        source = self.data.data
        by_currency: dict[str, list[Any]] = defaultdict(list)
        for bound in self.columns.iterall():
            if isinstance(bound.column, NumberColumn) and bound.column.total:
                currency = bound.column.currency if isinstance(bound.column, AmountColumn) else ""
                by_currency[currency].append(bound)
        self.totals = {
            name: totals
            for currency, columns in by_currency.items()
            for name, totals in _sums(source, columns, currency).items()
        }

    def export_columns(self) -> list[Any]:
        """Return the headings of what is exported."""
        return [bound.header for bound in self._exported()]

    def export_rows(self) -> Iterator[list[Any]]:
        """Return the values of what is exported, row by row: amounts and dates as such, not as words."""
        names = [bound.name for bound in self._exported()]
        for row in self.rows:
            yield [_exported(row.get_cell_value(name)) for name in names]

    def _exported(self) -> list[Any]:
        return [bound for bound in self.columns.iterall() if not bound.column.exclude_from_export]


def _exported(value: Any) -> Any:
    return str(value) if isinstance(value, Model) else value


def _sums(source: Any, columns: list[Any], currency: str) -> dict[str, dict[str, Any]]:
    paths = {bound.name: str(bound.accessor).replace(".", "__") for bound in columns}
    if not isinstance(source, QuerySet):
        return {name: _sum_rows(source, tables.A(path), currency) for name, path in paths.items()}
    sums = {f"total_{name}": Sum(path) for name, path in paths.items()}
    if not currency:
        found = source.order_by().aggregate(**sums)
        return {name: {"": found[f"total_{name}"] or Decimal(0)} for name in paths}
    column = currency.replace(".", "__")
    rows = list(source.order_by().values(column).annotate(**sums).order_by(column))
    return {name: {row[column]: row[f"total_{name}"] for row in rows} for name in paths}


def _sum_rows(rows: Any, path: tables.A, currency: str) -> dict[str, Any]:
    totals: dict[str, Any] = defaultdict(Decimal)
    for row in rows:
        totals[tables.A(currency).resolve(row) if currency else ""] += path.resolve(row) or 0
    return dict(totals)
