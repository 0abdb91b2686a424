"""Files from banks as plain lines. What a file is written in is found out from its beginning."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from donations.bank.readers.camt import looks_like_camt, read_camt
from donations.bank.readers.columns import read_columns
from donations.bank.readers.lines import Entry, StatementError
from donations.bank.readers.ofx import looks_like_ofx, read_ofx
from donations.models.bank import StatementFormat

__all__ = ["Entry", "StatementError", "read_entries"]

#: A year of a large charity's account is a tenth of it.
MOST_BYTES = 30 * 1024 * 1024


def read_entries(
    path: Path, *, currency: str, columns: Mapping[str, str], remembered: Mapping[str, str]
) -> tuple[StatementFormat, list[Entry], dict[str, str]]:
    """Return the format, the entries in the order of the file, and for a CSV which heading was taken for what.

    Raises StatementError naming the line or heading that cannot be read.
    """
    if path.stat().st_size > MOST_BYTES:
        raise StatementError.too_large(MOST_BYTES)
    with path.open("rb") as file:
        start = file.read(4_096)
    if looks_like_camt(start):
        return StatementFormat.CAMT, read_camt(path.read_bytes()), {}
    if looks_like_ofx(start):
        return StatementFormat.OFX, read_ofx(path.read_bytes(), currency), {}
    entries, used = read_columns(path, currency, columns, remembered)
    return StatementFormat.CSV, entries, used
