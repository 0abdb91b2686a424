"""The builder: say what a document holds, in order, then `render()` it."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from reportlab.platypus import BaseDocTemplate, Frame, PageBreak, PageTemplate

from core.documents import furniture, look
from core.documents.errors import DocumentError
from core.documents.parts.figures import Figures
from core.documents.parts.forms import Forms
from core.documents.parts.letters import Letters
from core.documents.parts.plots import Plots
from core.documents.parts.story import in_its_language
from core.documents.sender import Sender
from core.documents.structure import Element
from core.documents.tags import TaggedCanvas
from core.documents.words import Text, text


def strong(value: Any) -> Text:
    """Return the value in the heavier face."""
    return text(value, strong=True)


def slanted(value: Any) -> Text:
    """Return the value in italics."""
    return text(value, slanted=True)


class Document(Letters, Forms, Figures, Plots):
    """One PDF. Blocks appear in the order they are added; every value goes through `text()`.

    `language` is the reader's: it sets dates, numbers, lazy translations and our own words. `organisation` is who
    writes. `numbering` words which page it is, with `%(page)s` and `%(pages)s`; a letter of a single page looks better
    without it (`counts_one_page=False`). `scale` makes the type of plain paragraphs, notes and forms larger or smaller,
    for what has to fit a page. `mark` is printed large across every page ("VOID", "COPY"). `created` is the day of
    issue that the file's properties show. The same calls give the same bytes.
    """

    # ReportLab reads a font file through one shared position, so two threads must not embed fonts at once.
    rendering = threading.Lock()

    def __init__(
        self,
        title: Any,
        *,
        language: str = "en",
        organisation: Sender | None = None,
        subject: Any = "",
        mark: Any = "",
        footer: Any = None,
        numbering: str = "",
        scale: float = 1,
        created: dt.date | None = None,
        counts_one_page: bool = True,
    ) -> None:
        super().__init__(language=language, organisation=organisation, scale=scale)
        known = [self.organisation.printed_name, self.organisation.registration_number]
        with translation.override(language):
            self.title, self.subject, self.mark = str(text(title)), str(text(subject)), str(text(mark))
            self._footer = text(" · ".join(part for part in known if part) if footer is None else footer)
        self._covered = False
        self._numbering, self._counts_one_page = numbering, counts_one_page
        self._created = created

    @in_its_language
    def cover(self, title: Any = None, *, subtitle: Any = "", date: Any = "") -> None:
        """Begin with a page in the organisation's colour."""
        if self._story:
            raise DocumentError(_("A cover is the first page."))
        self._covered = True
        page = furniture.cover(
            self.organisation, text(self.title if title is None else title), text(subtitle), text(self.said(date)),
            self._root, self.page_size, self.language,
        )  # fmt: skip
        self._story += [page, PageBreak()]

    @in_its_language
    def render(self) -> bytes:
        """Return the finished PDF. A document is rendered once."""
        out = BytesIO()
        self._build(out, self._canvas)
        return out.getvalue()

    @in_its_language
    def draw_onto(self, canvas: TaggedCanvas, root: Element) -> int:
        """Draw all pages on a canvas that others draw on too; return how many: see `Bundle`."""
        self._root.parent = root
        root.parts.append(self._root)
        before = canvas.getPageNumber()
        self._build(None, lambda *_arguments, **_options: canvas, save=False)
        return canvas.getPageNumber() - before

    def _build(self, out: Any, canvas_maker: Callable[..., TaggedCanvas], *, save: bool = True) -> None:
        if not self._story:
            raise DocumentError(_("The document is empty."))
        template = BaseDocTemplate(
            out, pagesize=self.page_size, title=self.title, author=self.organisation.printed_name,
            subject=self.subject, creator="Steward",
        )  # fmt: skip
        frame = Frame(
            look.MARGIN_SIDE, look.MARGIN_FOOT, self.width, self.page_size[1] - look.MARGIN_TOP - look.MARGIN_FOOT,
            leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0, id="page",
        )  # fmt: skip
        template.addPageTemplates([PageTemplate(id="page", frames=[frame])])
        template._doSave = save
        with self.rendering:
            template.build(self._story, canvasmaker=canvas_maker)
        self._story = []

    def _canvas(self, filename: Any, **_options: Any) -> TaggedCanvas:
        canvas = TaggedCanvas(
            filename, root=self._root, furniture=self.foot, ground=self.ground, pagesize=self.page_size,
            pageCompression=1, invariant=1, lang=self.language, pdfVersion=(1, 7),
        )  # fmt: skip
        canvas.setViewerPreference("DisplayDocTitle", "true")
        if self._created:
            canvas.date(self._created)
        return canvas

    def foot(self, canvas: TaggedCanvas, page: int, pages: int) -> None:
        """Draw the foot of a page, once their number is known."""
        if not (self._covered and page == 1):
            numbering = self._numbering or _("Page %(page)s of %(pages)s")
            counts = pages > 1 or self._counts_one_page
            numbered = text(numbering % {"page": page, "pages": pages} if counts else "")
            furniture.footer(canvas, self._footer, numbered, self.width, self.language)

    def ground(self, canvas: TaggedCanvas) -> None:
        """Draw what lies under a page."""
        if self.mark:
            furniture.overprint(canvas, self.mark, self.page_size, self.language)
