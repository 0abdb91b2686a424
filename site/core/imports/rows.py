"""From a row's cells to drafts: clean each mapped cell, then let the format build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from core.imports.cleaning import (
    Style,
    clean_amount,
    clean_birth_part,
    clean_birthday,
    clean_boolean,
    clean_country,
    clean_date,
    clean_email,
    clean_phone,
    clean_text,
    clean_url,
)
from core.imports.columns import Fields
from core.imports.drafts import RowPlan
from core.imports.errors import CellError
from core.imports.formats import Field, Format, Proposal, Setup, Values
from core.imports.models import ImportRun
from core.imports.readers import Row
from core.imports.recognition import style_of

Cleaner = Callable[[str], Any]


class RowBuilder:
    """Turns rows into drafts, for one run."""

    def __init__(self, run: ImportRun, file_format: Format) -> None:
        style = style_of(run)
        fields = Fields.of(run, file_format)
        self.format = file_format
        self.keeper = file_format.keeper
        self.setup = Setup(system=run.system, currency=style.currency, country=style.country)
        self.cells: list[_Cell] = []
        for column in run.recognised["columns"]:
            if path := column["field"]:
                field = fields.get(path)
                missing = frozenset(column.get("missing", ()))
                odd = self.keeper.as_written(column["name"]) if self.keeper and not field.vital else None
                self.cells.append(_Cell(column["index"], path, column["name"], _cleaner(field, style), missing, odd))
        self.column_of = {cell.path: cell.name for cell in reversed(self.cells)}
        self.cell_of = {cell.path: cell for cell in reversed(self.cells)}

    def build(self, row: Row) -> RowPlan:
        """Return the row with its drafts, or with what is wrong with it."""
        plan = RowPlan(row.number, row.cells)
        if row.surplus:
            plan.wrong("", _("This row has more cells than the header."))
        cleaned: dict[str, Any] = {}
        for cell in self.cells:
            text = row.cells[cell.index]
            if not text or text in cell.missing:
                continue
            try:
                value = cell.clean(text)
            except CellError as error:
                if cell.odd is None:
                    plan.wrong(cell.name, str(error))
                    continue
                _keep_as_written(plan, cell, cleaned, str(error))
                value = error.rest
            if value is None:
                continue
            if cell.path in cleaned and isinstance(value, str):
                # Several columns of one field, by hand: their texts follow each other.
                value = f"{cleaned[cell.path]} {value}"
            cleaned[cell.path] = value
        if not plan.problems:
            values = Values(cleaned, self.column_of, plan.wrong, row.cells, partial(self._doubt, plan, cleaned))
            plan.drafts = list(self.format.build(values, self.setup))
            if not plan.drafts and not plan.problems:
                plan.wrong("", _("Nothing in this row says who or what it is about."))
        return plan

    def _doubt(self, plan: RowPlan, cleaned: dict[str, Any], path: str, message: str) -> None:
        cell = self.cell_of.get(path)
        if cell is not None and cell.odd is not None:
            _keep_as_written(plan, cell, cleaned, message)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A column that is imported."""

    index: int
    path: str
    name: str
    clean: Cleaner
    missing: frozenset[str]
    """What counts as blank in it."""
    odd: Proposal | None
    """Where a cell is kept as written that cannot be understood; without it such a cell refuses the row."""


def _keep_as_written(plan: RowPlan, cell: _Cell, cleaned: dict[str, Any], message: str) -> None:
    if cell.odd is not None:
        cleaned[cell.odd["path"]] = plan.cells[cell.index]
        plan.warn(cell.name, message, kept=cell.odd)


def _cleaner(field: Field, style: Style) -> Cleaner:
    if field.clean is not None:
        return partial(field.clean, style=style)
    match field.kind:
        case "date":
            return partial(clean_date, style=style)
        case "birthday":
            return partial(clean_birthday, style=style)
        case "birth_year" | "birth_month" | "birth_day":
            return partial(clean_birth_part, part=field.kind.removeprefix("birth_"))
        case "amount":
            return partial(clean_amount, style=style)
        case "boolean":
            return clean_boolean
        case "email":
            return clean_email
        case "phone":
            return clean_phone
        case "url":
            return clean_url
        case "country":
            return clean_country
    return partial(clean_text, most=field.most)
