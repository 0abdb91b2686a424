"""A file for the browser: allowed, written, recorded, then sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from tempfile import TemporaryFile
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.http import FileResponse, HttpRequest
from django.utils.text import slugify

from core.audit import record
from core.clock import today
from core.exports.writers import FORMATS, write
from core.organisation import current_organisation


def download_response(
    request: HttpRequest,
    *,
    name: Any,
    columns: Sequence[Any],
    rows: Iterable[Sequence[Any]],
    fmt: str,
    permission: str,
    filter_description: str = "",
    about: Model | None = None,
    bom: bool = False,
) -> FileResponse:
    """Return the rows as a download. Raises PermissionDenied, or ExportError when they do not fit the format.

    The file is finished on disk before its first byte leaves: the audit entry then counts exactly what went out, and a
    fault on the way gives an error instead of half a file. `about` is the constituent a personal export is about.
    """
    user = request.user
    if not permission or not user.is_authenticated or not user.has_perm(permission):
        raise PermissionDenied
    file = TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    try:
        count = write(fmt, rows, columns, file, **({"bom": bom} if fmt == "csv" else {}))
        with transaction.atomic():
            record(
                "export.downloaded",
                current_organisation(),
                by=user,
                new={"name": str(name), "format": fmt, "filter": filter_description, "rows": count},
                about=about,
            )
    except BaseException:
        file.close()
        raise
    file.seek(0)
    filename = f"{slugify(str(name)) or 'export'}-{today().isoformat()}.{fmt}"
    response = FileResponse(file, as_attachment=True, filename=filename, content_type=FORMATS[fmt][1])
    response["Cache-Control"] = "no-store"
    return response
