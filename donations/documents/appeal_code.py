"""The code of an appeal as a PDF: squares on white, sharp at any size, to be placed on a letter or a poster."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from itertools import groupby

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

# The whole page, with the white margin a reader needs; printers scale it.
_SIDE = 50 * mm


def draw_appeal_code(squares: Sequence[Sequence[bool]], *, title: str) -> bytes:
    """Return the page; `squares` are the rows of the code, true where it is dark, with their white margin."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(_SIDE, _SIDE), invariant=1)
    canvas.setTitle(title)
    size = _SIDE / len(squares)
    page = canvas.beginPath()
    for down, row in enumerate(squares):
        at = 0
        # Neighbours as one bar: between single squares some printers leave hairlines.
        for is_dark, run in groupby(row):
            wide = len(list(run))
            if is_dark:
                page.rect(at * size, _SIDE - (down + 1) * size, wide * size, size)
            at += wide
    canvas.setFillGray(0)
    canvas.drawPath(page, stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    return out.getvalue()
