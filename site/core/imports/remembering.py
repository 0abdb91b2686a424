"""What somebody said the columns of a file hold, remembered for the next file with the same headers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.imports.drafts import hashed
from core.imports.formats import format_named
from core.imports.models import ImportMapping, ImportRun
from core.imports.readers.table import header_key

_REMEMBERED = ("columns", "decimal_mark")


def headers_of(run: ImportRun) -> str:
    """Return a hash of the file's headers, in their order."""
    return hashed(*(header_key(column["name"]) for column in run.recognised["columns"]))


def remember(run: ImportRun) -> None:
    """Keep what was answered by hand; nothing to keep where nothing was corrected."""
    if not run.options.get("columns"):
        return
    ImportMapping.objects.update_or_create(
        headers=headers_of(run),
        defaults={
            "kind": run.kind,
            "options": {name: run.options[name] for name in _REMEMBERED if run.options.get(name)},
            "system": run.system,
            "file_name": run.file_name,
            "saved_by": run.created_by,
        },
    )


def recall(run: ImportRun, *, keep_system: bool) -> bool:
    """Answer as was answered for the last file with these headers; returns whether there was one.

    Dates are looked at anew: the next file may write them in another order. Its ids come from the same system, unless
    that was said (`keep_system`).
    """
    saved = ImportMapping.objects.filter(headers=headers_of(run), kind=run.kind).first()
    if saved is None:
        return False
    run.options = {**_still_there(run, saved.options), **run.options, "recalled": saved.file_name}
    run.system = run.system if keep_system else saved.system
    return True


def _still_there(run: ImportRun, options: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what was said of custom fields that are gone since."""
    file_format = format_named(run.kind)
    kept = {field.path for field in file_format.keeper.fields(run)} if file_format.keeper else set()

    def known(path: str) -> bool:
        if path in ("", "new") or path in kept:
            return True
        try:
            file_format.find(path)
        except KeyError:
            return False
        return True

    return {**options, "columns": {header: path for header, path in options["columns"].items() if known(path)}}
