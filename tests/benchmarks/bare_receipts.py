"""The bare program beside the yearly run: the same words on a page, by ReportLab's own paragraphs and table.

No letterhead logic, no tags, no shaping, no checks, no database: what a script of an afternoon would draw. It knows no
Django, so that a helper process is quickly there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table


def register(fonts: dict[str, str]) -> None:
    """Register the typefaces, as the real page has them: a text face, its bold, and a face for headings."""
    for name, path in fonts.items():
        pdfmetrics.registerFont(TTFont(name, path))


def draw_all(to_draw: Sequence[tuple[str, Mapping[str, Any]]]) -> int:
    """Write a file for each (path, snapshot); returns how many."""
    body = ParagraphStyle("body", fontName="text", fontSize=10, leading=14)
    strong = ParagraphStyle("strong", parent=body, fontName="strong")
    heading = ParagraphStyle("heading", parent=body, fontName="heading", fontSize=20, leading=26)
    for path, snapshot in to_draw:
        says, organisation, recipient = snapshot["says"], snapshot["organisation"], snapshot["recipient"]
        rows = [[says["date"], says["gift"], says["amount"]]]
        rows += [[line["on"], Paragraph(line["what"], body), line["amount"]] for line in snapshot["lines"]]
        table = Table(rows, colWidths=[90, 270, 90])
        table.setStyle([("FONT", (0, 0), (-1, -1), "text"), ("LINEBELOW", (0, 0), (-1, -1), 0.5, colors.grey)])
        story = [
            Paragraph(organisation["name"], strong),
            *(Paragraph(line, body) for line in organisation["lines"]),
            Spacer(1, 24),
            Paragraph(recipient["name"], strong),
            *(Paragraph(line, body) for line in recipient["lines"]),
            Spacer(1, 24),
            Paragraph(says["title"], heading),
            Paragraph(says["opening"], body),
            Paragraph(f"{says['number']}: {snapshot['serial']}", strong),
            Spacer(1, 12),
            table,
            Spacer(1, 12),
            *(Paragraph(statement, body) for statement in says["statements"]),
            Paragraph(says["registration"], body),
            Spacer(1, 36),
            Paragraph(organisation["signatory_name"] or organisation["name"], strong),
        ]
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        SimpleDocTemplate(path, pagesize=letter, invariant=1, title=says["title"]).build(story)
    return len(to_draw)
