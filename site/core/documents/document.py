"""The builder: say what a document holds, in order, then `render()` it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from babel import Locale, UnknownLocaleError
from django.utils import translation
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Spacer,
)

from core.documents import look
from core.documents.blocks import Drawn, Picture, Rule, Words, draw_lines
from core.documents.errors import DocumentError
from core.documents.lines import Style, set_lines
from core.documents.tables import Column, Table, say
from core.documents.tags import Element, TaggedCanvas
from core.documents.words import Text, join, text
from core.organisation import current_organisation

# ReportLab reads a font file through one shared position, so two threads must not embed fonts at once.
_rendering = threading.Lock()


def strong(value: Any) -> Text:
    """Return the value in the heavier face."""
    return text(value, strong=True)


def slanted(value: Any) -> Text:
    """Return the value in italics."""
    return text(value, slanted=True)


class Document:
    """One PDF. Blocks appear in the order they are added; every value goes through `text()`.

    `language` is the reader's (it sets dates, numbers and our own words), `organisation` who writes. `mark` is printed
    large across every page ("VOID", "COPY"). The same calls give the same bytes.
    """

    def __init__(
        self,
        title: Any,
        *,
        language: str = "en",
        organisation: Any = None,
        subject: Any = "",
        mark: Any = "",
        footer: Any = None,
    ) -> None:
        self.organisation = organisation or current_organisation()
        self.language = language
        with translation.override(language):
            self.title = str(text(title))
            self.subject = str(text(subject))
            self.mark = str(text(mark))
            self._footer = text(footer if footer is not None else self._default_footer())
        try:
            self.locale = str(Locale.parse(translation.to_locale(language)))
        except (UnknownLocaleError, ValueError):
            self.locale = "en"
        self.accent = look.readable(self.organisation.accent_colour)
        self.page_size = look.page_size(str(self.organisation.country))
        self.width = self.page_size[0] - 2 * look.MARGIN_SIDE
        self._root = Element("Document")
        self._story: list[Flowable] = []
        self._text_language = language

    # Blocks

    def letterhead(self) -> None:
        """Say who writes: logo, name, address and ways to answer."""
        organisation = self.organisation
        name = text(organisation.printed_name, strong=True)
        contact = [value for value in (organisation.email, organisation.phone, organisation.website) if value]
        address = [*organisation.address_lines, *([str(organisation.country.name)] if organisation.country else [])]
        logo = self._picture(organisation.logo)
        side = 62 * mm
        main_width = self.width - side - 8 * mm
        name_style = Style(look.NAME.family, look.NAME.size, look.NAME.leading, self.accent, strong=True)
        name_lines = set_lines(name, name_style, main_width, self.language)
        small = look.SMALL
        address_lines = set_lines(text("\n".join([*address, *contact])), small, side, self.language)
        logo_size = logo.size_within(52 * mm, 16 * mm) if logo else (0.0, 0.0)
        left_height = len(name_lines) * name_style.leading + (logo_size[1] + 6 if logo else 0)
        height = max(left_height, len(address_lines) * small.leading) + 10
        name_element, address_element = Element("P", self._root), Element("P", self._root)
        picture_element = Element("Figure", alt=self.organisation.name) if logo else None
        if picture_element:
            picture_element.parent = self._root
            self._root.parts.insert(len(self._root.parts) - 2, picture_element)

        def draw(canvas: TaggedCanvas, width: float, total: float) -> None:
            top = total
            if logo and picture_element:
                with canvas.tagged(picture_element):
                    logo.draw(canvas, 0, top - logo_size[1], *logo_size)
                top -= logo_size[1] + 6
            with canvas.tagged(name_element):
                draw_lines(canvas, name_lines, name_style, 0, top, main_width)
            with canvas.tagged(address_element):
                draw_lines(canvas, address_lines, small, width - side, total, side)
            with canvas.artifact():
                canvas.setStrokeColor(HexColor(self.accent))
                canvas.setLineWidth(1.4)
                canvas.line(0, 0.7, width, 0.7)

        self._story.append(Drawn(height, draw, after=10 * mm))

    def address(self, lines: Iterable[Any], *, date: Any = None) -> None:
        """Add the recipient's address where a window envelope shows it, and the date across from it."""
        shown = [text(line) for line in lines if str(line or "").strip()]
        words = Text(
            tuple(span for index, line in enumerate(shown) for span in (line if not index else text("\n") + line).spans)
        )
        style = look.plain(look.SANS, 10.5, align="left")
        half = self.width * 0.6
        lines_set = set_lines(words, style, half, self.language)
        date_style = look.plain(look.SANS, 9.5, colour=look.SOFT, align="right")
        date_lines = set_lines(text(self.said(date)), date_style, self.width * 0.36, self.language) if date else []
        height = max(len(lines_set) * style.leading, 24 * mm)
        element = Element("P", self._root)
        date_element = Element("P", self._root) if date else None

        def draw(canvas: TaggedCanvas, width: float, total: float) -> None:
            with canvas.tagged(element):
                draw_lines(canvas, lines_set, style, 0, total, half)
            if date_element:
                with canvas.tagged(date_element):
                    draw_lines(canvas, date_lines, date_style, width * 0.64, total, width * 0.36)

        self._story.append(Drawn(height, draw, after=9 * mm))

    def heading(self, *parts: Any, level: int = 1) -> None:
        """Add a heading of level 1, 2 or 3; it stays with what follows."""
        style = look.HEADINGS[level]
        words = join(parts)
        lines = set_lines(words, style, self.width, self.language)
        if self._story:
            self._story.append(CondPageBreak(len(lines) * style.leading + 70))
        before = {1: 2, 2: 12, 3: 8}[level] if self._story else 0
        block = Words(
            words, style, Element(f"H{level}", self._root), language=self.language, after={1: 8, 2: 5, 3: 3}[level]
        )
        block.spaceBefore = before
        self._story.append(block)

    def paragraph(self, *parts: Any, lead: bool = False, after: float = 8) -> None:
        """Add a paragraph; several values are joined: `paragraph("Dear ", strong(name), ",")`."""
        style = look.LEAD if lead else look.BODY
        self._story.append(Words(join(parts), style, Element("P", self._root), language=self.language, after=after))

    def note(self, *parts: Any, after: float = 6) -> None:
        """Add small print."""
        self._story.append(
            Words(join(parts), look.SMALL, Element("P", self._root), language=self.language, after=after)
        )

    def facts(self, pairs: Iterable[tuple[Any, Any]]) -> None:
        """Add a block of labels and their values: number, date, amount."""
        columns = [Column("", width=self.width * 0.34), Column("")]
        table = Table(
            columns, pairs, Element("Table", self._root), language=self.language, locale=self.locale, header=False,
            row_headers=True, style=look.plain(look.SANS, 10.5),
        )  # fmt: skip
        self._story.append(table)

    def table(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Any]],
        *,
        total: Sequence[Any] | None = None,
        caption: Any = "",
    ) -> None:
        """Add a table. Dates, numbers and amounts are written for the language; rows may come from a generator."""
        element = Element("Table", self._root)
        if caption:
            self._story.append(CondPageBreak(70))
            self._story.append(
                Words(text(caption), look.HEADINGS[3], Element("Caption", element), language=self.language, after=2)
            )
        self._story.append(Table(columns, rows, element, language=self.language, locale=self.locale, total=total))

    def signature(self, *, name: Any = None, title: Any = None, image: Any = None) -> None:
        """Add the signature: image, signatory and title, by default the organisation's; it stays with the last line."""
        organisation = self.organisation
        picture = self._picture(image if image is not None else organisation.signature)
        words = [text(name if name is not None else organisation.signatory_name, strong=True)]
        subtitle = text(title if title is not None else organisation.signatory_title)
        size = picture.size_within(60 * mm, 18 * mm) if picture else (0.0, 0.0)
        lines = set_lines(words[0], look.PLAIN, self.width, self.language)
        title_lines = set_lines(subtitle, look.SMALL, self.width, self.language) if subtitle else []
        height = (size[1] or 16 * mm) + len(lines) * look.PLAIN.leading + len(title_lines) * look.SMALL.leading + 4
        figure = Element("Figure", self._root, alt=_("Signature")) if picture else None
        element = Element("P", self._root)

        def draw(canvas: TaggedCanvas, _width: float, total: float) -> None:
            top = total - (size[1] or 16 * mm)
            if picture and figure:
                with canvas.tagged(figure):
                    picture.draw(canvas, 0, top, *size)
            with canvas.tagged(element):
                draw_lines(canvas, lines, look.PLAIN, 0, top - 4, self.width)
                draw_lines(canvas, title_lines, look.SMALL, 0, top - 4 - look.PLAIN.leading * len(lines), self.width)

        block = Drawn(height, draw, after=8)
        if self._story and isinstance(self._story[-1], Words):
            self._story.append(KeepTogether([self._story.pop(), block]))
        else:
            self._story.append(block)

    def space(self, millimetres: float = 4) -> None:
        """Leave room."""
        self._story.append(Spacer(1, millimetres * mm))

    def rule(self) -> None:
        """Draw a thin line across."""
        self._story.append(Rule(look.RULE, before=4, after=8))

    def page_break(self) -> None:
        """Go on on a new page."""
        self._story.append(PageBreak())

    def said(self, value: Any) -> Any:
        """Return a date or number as the language writes it; everything else as it is."""
        return say(value, self.locale)

    # Output

    def render(self) -> bytes:
        """Return the finished PDF. A document is rendered once."""
        if not self._story:
            raise DocumentError(_("The document is empty."))
        out = BytesIO()
        height = self.page_size[1]
        template = BaseDocTemplate(
            out, pagesize=self.page_size, title=self.title, author=self.organisation.printed_name,
            subject=self.subject, creator="Steward",
        )  # fmt: skip
        frame = Frame(
            look.MARGIN_SIDE, look.MARGIN_FOOT, self.width, height - look.MARGIN_TOP - look.MARGIN_FOOT,
            leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0, id="page",
        )  # fmt: skip
        template.addPageTemplates([PageTemplate(id="page", frames=[frame])])
        with _rendering, translation.override(self.language):
            template.build(self._story, canvasmaker=self._canvas)
        self._story = []
        return out.getvalue()

    def _canvas(self, filename: Any, **_options: Any) -> TaggedCanvas:
        canvas = TaggedCanvas(
            filename, root=self._root, furniture=self._furniture, ground=self._ground,
            pagesize=self.page_size, pageCompression=1,
            invariant=1, lang=self.language, pdfVersion=(1, 7),
        )  # fmt: skip
        canvas.setViewerPreference("DisplayDocTitle", "true")
        return canvas

    def _default_footer(self) -> str:
        organisation = self.organisation
        parts = [organisation.printed_name, organisation.registration_number]
        return " · ".join(part for part in parts if part)

    def _furniture(self, canvas: TaggedCanvas, page: int, pages: int) -> None:
        """Draw what every page has: who, which page of how many, and the mark."""
        style = look.SMALL
        right = Style(style.family, style.size, style.leading, style.colour, align="right")
        numbered = text(_("Page %(page)s of %(pages)s") % {"page": page, "pages": pages})
        with canvas.artifact():
            canvas.setStrokeColor(HexColor(look.RULE))
            canvas.setLineWidth(0.4)
            canvas.line(look.MARGIN_SIDE, 17 * mm, look.MARGIN_SIDE + self.width, 17 * mm)
            lines = set_lines(self._footer, style, self.width * 0.74, self.language)[:1]
            draw_lines(canvas, lines, style, look.MARGIN_SIDE, 15.5 * mm, self.width)
            draw_lines(
                canvas,
                set_lines(numbered, right, self.width, self.language),
                right,
                look.MARGIN_SIDE,
                15.5 * mm,
                self.width,
            )

    def _ground(self, canvas: TaggedCanvas) -> None:
        """Draw the mark, if any, under the words: large, and never in their way."""
        if not self.mark:
            return
        width, height = self.page_size
        style = Style(look.SANS, 110, 120, look.tint(look.WRONG, 0.22), strong=True, align="center")
        lines = set_lines(text(self.mark), style, 1e4, self.language)
        with canvas.artifact():
            canvas.saveState()
            canvas.translate(width / 2, height / 2)
            canvas.rotate(52)
            draw_lines(canvas, lines, style, -lines[0].width / 2, 60, lines[0].width)
            canvas.restoreState()

    def _picture(self, image: Any) -> Picture | None:
        """Return a Wagtail image (or bytes) ready to draw. Raises DocumentError when its file cannot be read."""
        if not image:
            return None
        if isinstance(image, bytes):
            return Picture(image)
        try:
            with image.open_file() as file:
                return Picture(file.read())
        except OSError as error:
            raise DocumentError(_("The image “%(title)s” cannot be read.") % {"title": image.title}) from error
