"""From a row's cells to drafts: clean each mapped cell, then let the format build."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from core.imports.cleaning import (
    Style,
    clean_amount,
    clean_boolean,
    clean_country,
    clean_date,
    clean_email,
    clean_phone,
    clean_text,
    clean_url,
)
from core.imports.drafts import RowPlan
from core.imports.errors import CellError
from core.imports.formats import Field, Format, Setup, Values
from core.imports.models import ImportRun
from core.imports.readers import Row
from core.imports.recognition import style_of

Cleaner = Callable[[str], Any]


class RowBuilder:
    """Turns rows into drafts, for one run."""

    def __init__(self, run: ImportRun, file_format: Format) -> None:
        style = style_of(run)
        self.format = file_format
        self.setup = Setup(system=run.system, currency=style.currency, country=style.country)
        self.cells: list[tuple[int, str, str, Cleaner]] = []
        for column in run.recognised["columns"]:
            if path := column["field"]:
                cleaner = _cleaner(file_format.field(path), style)
                self.cells.append((column["index"], path, column["name"], cleaner))
        self.column_of = {path: name for _index, path, name, _cleaner in self.cells}

    def build(self, row: Row) -> RowPlan:
        """Return the row with its drafts, or with what is wrong with it."""
        plan = RowPlan(row.number, row.cells)
        if row.surplus:
            plan.wrong("", _("This row has more cells than the header."))
        cleaned = {}
        for index, path, name, cleaner in self.cells:
            text = row.cells[index]
            if not text:
                continue
            try:
                cleaned[path] = cleaner(text)
            except CellError as error:
                plan.wrong(name, str(error))
        if not plan.problems:
            values = Values(cleaned, self.column_of, plan.wrong, row.cells)
            plan.drafts = list(self.format.build(values, self.setup))
            if not plan.drafts and not plan.problems:
                plan.wrong("", _("Nothing in this row says who or what it is about."))
        return plan


def _cleaner(field: Field, style: Style) -> Cleaner:
    match field.kind:
        case "date":
            return partial(clean_date, style=style)
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
