"""What the wizard's pages show, in words and figures; a constant number of queries a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.imports.formats import format_named
from core.imports.models import ImportRecord, ImportRow, ImportRun, ImportState, Outcome, RowState
from core.imports.records import RecordType, record_type, record_types
from core.money import Money

TONES = {
    ImportState.UPLOADED: "quiet",
    ImportState.PLANNING: "waiting",
    ImportState.PLANNED: "waiting",
    ImportState.RUNNING: "waiting",
    ImportState.DONE: "good",
    ImportState.FAILED: "wrong",
    ImportState.UNDOING: "waiting",
    ImportState.UNDONE: "quiet",
}
_SEPARATORS = {
    ",": gettext_lazy("commas"),
    ";": gettext_lazy("semicolons"),
    "\t": gettext_lazy("tabs"),
    "|": gettext_lazy("vertical bars"),
}
_OUTCOMES = {
    Outcome.CREATE: (gettext_lazy("New"), "good"),
    Outcome.UPDATE: (gettext_lazy("Changed"), "waiting"),
    Outcome.SAME: (gettext_lazy("Unchanged"), ""),
}


def findings(run: ImportRun) -> list[tuple[str | Promise, Any]]:
    """Return what was found out about the file, as label and value."""
    found = run.recognised
    facts: list[tuple[str | Promise, Any]] = [(_("Kind"), format_named(run.kind).label)]
    if found["separator"]:
        facts.append(
            (
                _("Written in"),
                _("%(encoding)s, cells between %(separator)s")
                % {
                    "encoding": found["encoding"],
                    "separator": _SEPARATORS[found["separator"]],
                },
            )
        )
    else:
        facts.append((_("Written in"), _("Excel, sheet “%(sheet)s”") % {"sheet": found["sheet"]}))
    header = _("Row %(row)s") % {"row": found["header_row"]}
    if found["header_row"] > 1:
        header = _("Row %(row)s; what stands above it is left out") % {"row": found["header_row"]}
    facts.append((_("Header"), header))
    facts.append((_("Rows"), number_format(found["rows"], force_grouping=True)))
    filled = [column for column in found["columns"] if column["filled"]]
    mapped = [column for column in filled if column["field"]]
    facts.append(
        (
            _("Columns"),
            _("%(all)s, of which %(filled)s hold something and %(mapped)s are imported")
            % {"all": len(found["columns"]), "filled": len(filled), "mapped": len(mapped)},
        )
    )
    return facts


def left_out(run: ImportRun) -> list[dict[str, Any]]:
    """Return the columns that hold something and are not imported."""
    return [column for column in run.recognised["columns"] if column["filled"] and not column["field"]]


def new_fields(run: ImportRun) -> list[dict[str, Any]]:
    """Return the columns that get a field of their own."""
    return [column for column in run.recognised["columns"] if column.get("new") and column["field"]]


@dataclass(frozen=True, slots=True)
class TypeCounts:
    """One line of the table of counts."""

    label: str | Promise
    new: int
    changed: int
    same: int
    unsure: int


def counts(run: ImportRun) -> list[TypeCounts]:
    """Return the counts by record type, in the order they are written."""
    by_type = run.summary.get("counts", {})
    return [
        TypeCounts(
            kind.label_plural,
            each.get(Outcome.CREATE, 0),
            each.get(Outcome.UPDATE, 0),
            each.get(Outcome.SAME, 0),
            each.get("unsure", 0),
        )
        for kind in record_types()
        if (each := by_type.get(kind.name))
    ]


def money(amounts: dict[str, str]) -> list[Money]:
    """Return totals by currency."""
    return [Money(Decimal(amount), currency) for currency, amount in amounts.items()]


def first_rows(run: ImportRun, number: int = 8) -> list[dict[str, Any]]:
    """Return the first good rows as the records they become."""
    rows = list(run.rows.exclude(state=RowState.WRONG).order_by("number")[:number])
    return [{"number": row.number, "records": records} for row, records in _with_records(run, rows)]


def _with_records(run: ImportRun, rows: Iterable[ImportRow]) -> Iterator[tuple[ImportRow, list[dict[str, Any]]]]:
    rows = list(rows)
    numbers = {action["record"] for row in rows for action in row.actions}
    known = {record.number: record for record in run.records.filter(number__in=numbers)}
    for row in rows:
        shown = []
        for action in row.actions:
            record = known.get(action["record"])
            if record is None:
                continue
            kind = record_type(action["type"])
            outcome = {"create": Outcome.CREATE, "update": Outcome.UPDATE}.get(action.get("do", ""), Outcome.SAME)
            label, tone = _OUTCOMES[outcome]
            shown.append(
                {
                    "type": kind.label,
                    "label": record.label,
                    "outcome": label,
                    "tone": tone,
                    "details": details(kind, action.get("values") or {}, run),
                    "changes": described(kind, action.get("changes", []), run),
                    "unsure": record.unsure,
                }
            )
        yield row, shown


def details(kind: RecordType, values: dict[str, Any], run: ImportRun) -> str:
    """Return what a new record will hold, in one line."""
    parts = []
    for name, value in values.items():
        if name in kind.shown:
            parts.append(shown(name, value))
        elif "." in name:
            parts.append(_("%(label)s: %(value)s") % {"label": kind.label_of(name, run), "value": shown(name, value)})
    return " · ".join(filter(None, parts))


def shown(name: str, value: Any) -> str:
    """Return a value of a plan in words."""
    if value in ("", None):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(str(part) for part in value.values() if part)
    if isinstance(value, list):
        if name in ("emails", "phones"):
            return ", ".join(each[0] for each in value if isinstance(each, list)) or str(value[0])
        if name in ("members", "external_ids"):
            return str(value[-1])
        return ", ".join(shown(name, each) for each in value)
    return str(value)


def described(kind: RecordType, changes: Iterable[list[Any]], run: ImportRun) -> list[dict[str, Any]]:
    """Return changes as label, old and new."""
    return [
        {
            "label": kind.label_of(field, run),
            "old": shown(field, old),
            "new": shown(field, new) if field not in ("emails", "phones") else str(new[0]),
        }
        for field, old, new in changes
    ]


def changed_records(run: ImportRun) -> Any:
    """The records the import changes."""
    return run.records.filter(outcome=Outcome.UPDATE).order_by("number")


def unsure_records(run: ImportRun) -> Any:
    """The records somebody should look at."""
    return run.records.exclude(unsure="").order_by("number")


def kept_records(run: ImportRun) -> Any:
    """What an undo left, and why."""
    return run.records.exclude(kept="").order_by("number")


def as_lines(records: Iterable[ImportRecord], run: ImportRun) -> list[dict[str, Any]]:
    """Return records as a list shows them."""
    lines = []
    for record in records:
        kind = record_type(record.type)
        label, tone = _OUTCOMES[Outcome(record.outcome)]
        lines.append(
            {
                "type": kind.label,
                "label": record.label,
                "row": record.first_row,
                "outcome": label,
                "tone": tone,
                "changes": described(kind, record.changes, run),
                "unsure": record.unsure,
                "kept": record.kept,
            }
        )
    return lines
