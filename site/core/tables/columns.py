"""Columns: amounts, numbers, dates and states, each with what it shows and what it exports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.clock import local_date
from core.money import Money, format_amount
from core.theme.figures import day_in_words


class NumberColumn(tables.Column):
    """A number, to the right. `total=True` adds it up in the footer, over every row the filters let through."""

    def __init__(self, *args: Any, total: bool = False, **kwargs: Any) -> None:
        cells = {"class": "number s-amount"}
        kwargs["attrs"] = {"td": cells, "th": cells, "tf": cells} | (kwargs.get("attrs") or {})
        super().__init__(*args, **kwargs)
        self.total = total

    def value(self, value: Any, **_kwargs: Any) -> Any:
        """Return the number itself."""
        return value

    def render_total(self, totals: Mapping[str, Any]) -> str:
        """Write the total: `totals` has one number, under the empty currency."""
        return str(totals.get("", 0))

    def render_footer(self, table: tables.Table, bound_column: Any) -> str:
        """Show the total, when there is one."""
        totals = table.totals.get(bound_column.name)
        return self.render_total(totals) if self.total and totals else ""


class AmountColumn(NumberColumn):
    """An amount in the base currency, named once in the heading; or in each row's own: `currency="currency"`."""

    def __init__(self, *args: Any, currency: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def render(self, value: Decimal | Money, record: Any) -> str:
        """Write the amount."""
        if isinstance(value, Money):
            return str(value)
        return format_amount(value, tables.A(self.currency).resolve(record) if self.currency else None)

    def value(self, value: Any, **_kwargs: Any) -> Any:
        """Return the amount itself."""
        return value.amount if isinstance(value, Money) else value

    def render_total(self, totals: Mapping[str, Any]) -> str:
        """Write one total for each currency."""
        return ", ".join(format_amount(total or Decimal(0), currency or None) for currency, total in totals.items())


class DateColumn(tables.Column):
    """A date in words; of an instant, the date in the organisation's zone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"attrs": {"td": {"class": "s-date"}}, **kwargs})

    def render(self, value: dt.date) -> str:
        """Write the date."""
        date = local_date(value) if isinstance(value, dt.datetime) else value
        return day_in_words(date, "medium")

    def value(self, value: Any, **_kwargs: Any) -> Any:
        """Return the date itself."""
        return value


class StatusColumn(tables.Column):
    """A state as a chip; `tones` says which values are good, waiting or wrong."""

    def __init__(self, *args: Any, tones: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tones = tones or {}

    def render(self, value: Any, record: Any, bound_column: Any) -> SafeString:
        """Write the state's words, with the tone of its value."""
        raw = tables.A(bound_column.accessor).resolve(record) if bound_column.accessor else value
        tone = self.tones.get(str(raw() if callable(raw) else raw), "quiet")
        # One class for the portal's style sheet, one for the workspace's.
        return format_html('<span class="chip chip--{0} s-chip s-chip--{0}">{1}</span>', tone, value)

    def value(self, value: Any, **_kwargs: Any) -> str:
        """Return the words."""
        return str(value)
