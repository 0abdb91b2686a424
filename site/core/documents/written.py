"""Objects of a file that we write ourselves: a table has thousands of cells, and ReportLab's dictionaries are slow."""

from __future__ import annotations

from typing import Any

from reportlab.pdfbase import pdfdoc


class Written(pdfdoc.PDFObject):
    """An object given as the bytes that stand in the file."""

    def __init__(self, content: bytes = b"") -> None:
        self.content = content

    def format(self, _document: Any) -> bytes:
        """Return the bytes: what ReportLab asks of each object when it writes the file."""
        return self.content


def add(doc: Any, written: Written, name: str) -> int:
    """Add an object to a ReportLab document under a name of its own; return its number, by which others refer to it."""
    doc.Reference(written, name)
    return number(doc, name)


def number(doc: Any, name: str) -> int:
    """Return the number of the object of that name."""
    found: int = doc.idToObjectNumberAndVersion[name][0]
    return found
