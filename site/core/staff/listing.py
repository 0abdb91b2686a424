"""StaffTable: Wagtail's listing, whose rows become small records on a phone because each cell knows its heading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from wagtail.admin.ui.tables import Column, Table

#: What shows something without a word.
_DRAWN = ("<svg", "<img", "<input", "<button")


class LabelledCell:
    """A cell with its column's heading on it; one that shows nothing is marked, for a phone to leave it out."""

    def __init__(self, cell: Column.Cell) -> None:
        self.cell = cell

    def render_html(self, parent_context: Mapping[str, Any]) -> SafeString:
        """Draw what the column draws, and write on it what the column is called."""
        html = self.cell.render_html(parent_context).strip()
        if not html.startswith("<td"):
            return html
        empty = not strip_tags(html).strip() and not any(drawn in html for drawn in _DRAWN)
        says = format_html(' data-label="{}"', self.cell.column.label)
        return mark_safe(f"<td{says}{' data-empty' if empty else ''}{html[3:]}")  # noqa: S308  # both parts are escaped


class StaffTable(Table):
    """A listing that a phone shows as records, one below the other."""

    classname = "listing s-cards"

    @property
    def rows(self) -> Iterator[Table.Row]:
        """The rows, their cells labelled."""
        for index, instance in enumerate(self.data):
            yield StaffTable.Row(self, instance, index)

    class Row(Table.Row):
        """A row of labelled cells."""

        def __getitem__(self, key: str) -> LabelledCell:
            return LabelledCell(super().__getitem__(key))
