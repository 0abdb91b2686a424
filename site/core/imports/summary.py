"""What an import will do, or did, in figures: the numbers of the preview, the result page and the command."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.db.models.fields.json import KT

from core.imports.models import ImportRecord, ImportRun, Outcome, RowState


def summarise(run: ImportRun) -> dict[str, Any]:
    """Return counts by record type and outcome, rows by state, and totals of money by currency."""
    counted = run.records.order_by().values_list("type", "outcome").annotate(number=Count("pk"))
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for type_name, outcome, number in counted:
        counts[type_name][outcome] = number
    for type_name, number in run.records.exclude(unsure="").order_by().values_list("type").annotate(number=Count("pk")):
        counts[type_name]["unsure"] = number
    rows = dict(run.rows.order_by().values_list("state").annotate(number=Count("pk")))
    amounts, new_amounts = _amounts(run)
    summary = {
        "counts": dict(counts),
        "rows": {"total": sum(rows.values()), "wrong": rows.get(RowState.WRONG, 0)},
        "amounts": amounts,
        "new_amounts": new_amounts,
    }
    summary["result"] = {
        "created": _by_type(counts, Outcome.CREATE),
        "updated": _by_type(counts, Outcome.UPDATE),
        "unchanged": sum(each.get(Outcome.SAME, 0) for each in counts.values()),
        "unsure": sum(each.get("unsure", 0) for each in counts.values()),
    }
    return summary


def _by_type(counts: dict[str, dict[str, int]], outcome: str) -> dict[str, int]:
    return {name: each[outcome] for name, each in sorted(counts.items()) if each.get(outcome)}


def _amounts(run: ImportRun) -> tuple[dict[str, str], dict[str, str]]:
    """Add up the money in the records, by currency: of all of them, and of the new ones."""
    every: dict[str, Decimal] = defaultdict(Decimal)
    new: dict[str, Decimal] = defaultdict(Decimal)
    records = (
        ImportRecord.objects.filter(run=run, state__has_key="amount")
        .order_by()
        .annotate(amount=KT("state__amount"), currency=KT("state__currency"))
        .values_list("amount", "currency", "outcome")
    )
    for amount, currency, outcome in records.iterator(chunk_size=2_000):
        every[currency] += Decimal(amount)
        if outcome == Outcome.CREATE:
            new[currency] += Decimal(amount)
    return {code: str(total) for code, total in sorted(every.items())}, {
        code: str(total) for code, total in sorted(new.items())
    }


def problems(run: ImportRun) -> list[dict[str, Any]]:
    """Return every error: row, column, message."""
    rows = run.rows.filter(state=RowState.WRONG).order_by("number").values_list("number", "problems")
    return [
        {"row": number, "column": problem["column"], "message": problem["message"]}
        for number, found in rows.iterator(chunk_size=2_000)
        for problem in found
    ]


def warnings(run: ImportRun) -> list[dict[str, Any]]:
    """Return every cell of a row that came in which was kept as it was written: row, column, message."""
    rows = run.rows.exclude(warnings=[]).exclude(state=RowState.WRONG).order_by("number")
    return [
        {"row": number, "column": warning["column"], "message": warning["message"]}
        for number, found in rows.values_list("number", "warnings").iterator(chunk_size=2_000)
        for warning in found
    ]


def contract(run: ImportRun) -> dict[str, Any]:
    """Return the run as `import_data --json` prints it."""
    result = run.summary.get("result", {})
    amounts = run.summary.get("amounts", {})
    return {
        "id": run.pk,
        "state": run.state,
        "kind": run.kind,
        "system": run.system,
        "created": result.get("created", {}),
        "updated": result.get("updated", {}),
        "unchanged": result.get("unchanged", 0),
        "unsure": result.get("unsure", 0),
        "errors": problems(run),
        "warnings": warnings(run),
        "amount_total": next(iter(amounts.values()), "0.00") if len(amounts) < 2 else _in_one(amounts),
        "amounts": amounts,
        "amounts_created": run.summary.get("new_amounts", {}),
        "rows": run.recognised.get("rows", 0),
        "not_imported": [c["name"] for c in run.recognised.get("columns", []) if not c["field"] and c["filled"]],
    }


def _in_one(amounts: dict[str, str]) -> str:
    """Amounts of several currencies do not add up: each stands by itself."""
    return ", ".join(f"{amount} {currency}" for currency, amount in amounts.items())
