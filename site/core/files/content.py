"""What a file really is: told from its first bytes, never from its name or from what the browser says.

Taken are the formats an office passes around, none of which runs anything when it is looked at. Refused are whatever a
browser would run (HTML, SVG, XML, scripts), programs, macros, archives, and anything that cannot be told.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import BinaryIO

from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.files.pictures import is_picture

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
_HEAD = 4096
# More entries than any letter or sheet has: the directory of an archive made to be slow.
_MOST_ENTRIES = 10_000


class FileRefusedError(DomainError):
    """The file is not one we keep; `str(error)` says why and what to do."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a file is: its type, and how its name ends."""

    content_type: str
    extension: str


_OFFICE = "application/vnd.openxmlformats-officedocument"
# The part that only this kind of Office file has, and what the kind is.
_OFFICE_PARTS = {
    "word/document.xml": Found(f"{_OFFICE}.wordprocessingml.document", ".docx"),
    "xl/workbook.xml": Found(f"{_OFFICE}.spreadsheetml.sheet", ".xlsx"),
    "ppt/presentation.xml": Found(f"{_OFFICE}.presentationml.presentation", ".pptx"),
}
_OPEN_DOCUMENTS = {
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
}
_TEXTS = {".txt": "text/plain", ".csv": "text/csv", ".eml": "message/rfc822"}


def check_content(file: UploadedFile, *, most_bytes: int = MOST_BYTES) -> Found:
    """Return what the file is. Raises FileRefusedError for what we do not keep."""
    name = file.name or ""
    if not file.size:
        raise FileRefusedError(_("“%(name)s” is empty.") % {"name": name})
    if file.size > most_bytes:
        raise FileRefusedError(
            _("“%(name)s” is larger than %(most)d MB. Make it smaller, or keep a link to it in the note.")
            % {"name": name, "most": most_bytes // MEGABYTE}
        )
    file.seek(0)
    head = file.read(_HEAD)
    found = _of_head(head, file, name)
    file.seek(0)
    if found is None:
        raise FileRefusedError(_refusal(head) % {"name": name})
    return found


def _of_head(head: bytes, file: BinaryIO | UploadedFile, name: str) -> Found | None:
    if head.startswith(b"%PDF-"):
        return Found("application/pdf", ".pdf")
    if picture := is_picture(file):
        return Found(*picture)
    if head.startswith(b"PK\x03\x04"):
        return _of_archive(file)
    if head.startswith(b"{\\rtf1"):
        return Found("application/rtf", ".rtf")
    return _of_text(head, file, name)


def _of_archive(file: BinaryIO | UploadedFile) -> Found | None:
    # Only the directory is read, and one short first entry: nothing is unpacked, so nothing can blow up.
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.namelist()
            if len(entries) > _MOST_ENTRIES or any("vbaproject" in entry.lower() for entry in entries):
                return None
            for part, found in _OFFICE_PARTS.items():
                if part in entries and "[Content_Types].xml" in entries:
                    return found
            if entries[:1] == ["mimetype"] and archive.getinfo("mimetype").file_size <= 80:
                content_type = archive.read("mimetype").decode("ascii", "replace").strip()
                extension = _OPEN_DOCUMENTS.get(content_type)
                has_macros = any(entry.startswith(("Basic/", "Scripts/")) for entry in entries)
                return Found(content_type, extension) if extension and not has_macros else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return None
    return None


def _of_text(head: bytes, file: BinaryIO | UploadedFile, name: str) -> Found | None:
    extension = next((ending for ending in _TEXTS if name.lower().endswith(ending)), "")
    if not extension or b"\0" in head or looks_like_markup(head):
        return None
    return Found(_TEXTS[extension], extension)


def looks_like_markup(head: bytes) -> bool:
    """Return whether a browser left to guess could take the bytes for a page or a drawing."""
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x0c").lower()
    return text.startswith((b"<", b"#!")) or any(tag in text for tag in (b"<script", b"<svg", b"<html", b"<!doctype"))


def _refusal(head: bytes) -> str | Promise:
    if looks_like_markup(head):
        return _("“%(name)s” is a web page or a drawing that can carry programs. Save it as PDF and add that.")
    return _(
        "“%(name)s” is of a kind we do not keep. Add a PDF, a picture (JPEG, PNG, GIF, WebP), a Word, Excel or "
        "OpenDocument file without macros, or a plain text."
    )
