"""Opening a file: which reader takes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from core.imports.errors import UnreadableFileError
from core.imports.readers.sheet import is_workbook, read_workbook
from core.imports.readers.table import Limits, Table
from core.imports.readers.text import read_text

_NOT_TABLES = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\xd0\xcf\x11\xe0", "XLS"),
    (b"\x1f\x8b", "GZIP"),
)


@contextmanager
def open_table(path: Path, *, known: Iterable[frozenset[str]] = (), limits: Limits | None = None) -> Iterator[Table]:
    """Open a CSV, TSV or XLSX file as a table; `known` are the headers of formats, to find the header row by.

    Raises UnreadableFileError, with the line where there is one.
    """
    limits = limits or Limits()
    size = path.stat().st_size
    if size > limits.bytes:
        raise UnreadableFileError(
            _("The file is larger than %(limit)s MB. Split it.") % {"limit": limits.bytes // 1024 // 1024}
        )
    if size == 0:
        raise UnreadableFileError(_("There is nothing in this file."))
    with path.open("rb") as file:
        start = file.read(8)
    for mark, what in _NOT_TABLES:
        if start.startswith(mark):
            raise UnreadableFileError(_("This is a %(what)s file. Save it as CSV or XLSX.") % {"what": what})
    read = read_workbook if is_workbook(path) else read_text
    with ExitStack() as open_files:
        yield read(path, list(known), limits, open_files)
