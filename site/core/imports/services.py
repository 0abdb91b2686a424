"""The doors of this room: take a file in, plan it, run it; for the wizard and the command alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.files import File
from django.utils.translation import gettext as _

from core import audit
from core.exports import write_csv
from core.imports.errors import BadMappingError, ImportStateError, UnreadableFileError
from core.imports.formats import format_named
from core.imports.models import ImportMode, ImportRun, ImportState, RowState
from core.imports.planning import plan_import
from core.imports.readers import Limits
from core.imports.recognition import answer_questions, examine
from core.imports.remembering import recall, remember
from core.imports.running import run_import

_OPTIONS = ("columns", "date_order", "decimal_mark")


def take_in(
    file: File,
    *,
    name: str,
    by: Any = None,
    kind: str = "",
    system: str = "",
    mode: str = ImportMode.UPDATE,
    mapping: Mapping[str, Any] | None = None,
) -> ImportRun:
    """Keep the file and find out what it is. Raises an ImportProblem; then nothing is kept.

    `mapping` may hold `columns` (header to field), `system`, `date_order` (dmy, mdy, ymd), `decimal_mark`; a mapping
    without any of these is taken for the columns alone.
    """
    if file.size > Limits().bytes:
        raise UnreadableFileError(
            _("The file is larger than %(limit)s MB. Split it.") % {"limit": Limits().bytes // 1024 // 1024}
        )
    if kind and kind != "auto":
        format_named(kind)
    options, named_system = _options(mapping or {})
    if not options["columns"]:
        del options["columns"]
    run = ImportRun(
        file_name=Path(name).name[:255],
        kind="" if kind == "auto" else kind,
        system=(system or named_system)[:60],
        mode=mode,
        options=options,
        created_by=by,
    )
    run.file.save(name, file, save=True)
    try:
        examine(run)
        if "columns" not in options and recall(run, keep_system=bool(system or named_system)):
            examine(run)
        answer_questions(run)
    except Exception:
        discard(run)
        raise
    audit.record("import.uploaded", run, by=by, new={"file": run.file_name, "kind": run.kind})
    return run


def _options(mapping: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    if not set(mapping) & {*_OPTIONS, "system", "external_id_system"}:
        mapping = {"columns": dict(mapping)}
    columns = mapping.get("columns") or {}
    if not isinstance(columns, Mapping) or not all(isinstance(path, str | None) for path in columns.values()):
        raise BadMappingError(_("“columns” maps each header to the name of a field."))
    options = {name: mapping[name] for name in _OPTIONS if mapping.get(name)}
    options["columns"] = {header: path or "" for header, path in columns.items()}
    return options, str(mapping.get("system") or mapping.get("external_id_system") or "")


def read_anew(
    run: ImportRun, *, kind: str, system: str, mode: str, date_order: str, columns: Mapping[str, str]
) -> None:
    """Read the file again with other answers. Raises an ImportProblem; ImportStateError once there is a plan."""
    if run.state != ImportState.UPLOADED:
        raise ImportStateError(_("This file has been compared already. Start over to change how it is read."))
    run.kind, run.system, run.mode = kind, system, mode
    options = {**run.options, "columns": dict(columns)}
    if date_order:
        options["date_order"] = date_order
    run.options = options
    examine(run)
    answer_questions(run)
    remember(run)


def discard(run: ImportRun) -> None:
    """Throw an import away that has not run, with its file. Raises ImportStateError once it has."""
    if run.state not in (ImportState.UPLOADED, ImportState.PLANNING, ImportState.PLANNED):
        raise ImportStateError(_("This import has run: undo it instead."))
    run.file.delete(save=False)
    run.delete()


def bring_in(
    path: Path,
    *,
    kind: str = "auto",
    mapping: Mapping[str, Any] | None = None,
    system: str = "",
    mode: str = ImportMode.UPDATE,
    dry_run: bool = False,
    by: Any = None,
) -> ImportRun:
    """Take a file in, plan it, and run it unless it is a dry run. Raises an ImportProblem."""
    with path.open("rb") as file:
        run = take_in(File(file), name=path.name, by=by, kind=kind, system=system, mode=mode, mapping=mapping)
    plan_import(run)
    if not dry_run:
        run_import(run)
    return run


def error_rows(run: ImportRun) -> Iterator[list[str]]:
    """Yield the header and every refused row as it stood in the file, with its number and the reason behind it."""
    yield [*(column["name"] for column in run.recognised["columns"]), _("Row"), _("Reason")]
    for row in run.rows.filter(state=RowState.WRONG).order_by("number").iterator(chunk_size=2_000):
        reasons = [f"{p['column']}: {p['message']}" if p["column"] else p["message"] for p in row.problems]
        yield [*row.cells, str(row.number), " ".join(reasons)]


def write_errors(run: ImportRun, out: Path) -> None:
    """Write the refused rows as CSV, ready to be corrected and brought in again."""
    rows = error_rows(run)
    with out.open("wb") as file:
        write_csv(rows, next(rows), file, bom=True)
