"""Exports: the one safe way out for rows, as CSV, XLSX or JSON.

No cell can run as a formula in a spreadsheet, numbers stay numbers, dates dates and what is empty empty; files are
written row by row, so their length costs no memory. `download_response()` adds the permission and the audit entry
that every file leaving the system needs.

    write_csv(rows, columns=["Donor", "Amount"], out=file)

    return download_response(
        request, name=_("Gifts"), columns=columns, rows=rows, fmt="xlsx",
        permission="donations.export_gift", filter_description="Fund: Roof; 2026",
    )
"""

from core.exports.cells import guard, unguard
from core.exports.download import download_response
from core.exports.writers import FORMATS, ExportError, write, write_csv, write_json, write_xlsx

__all__ = [
    "FORMATS",
    "ExportError",
    "download_response",
    "guard",
    "unguard",
    "write",
    "write_csv",
    "write_json",
    "write_xlsx",
]
