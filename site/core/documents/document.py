"""The builder: say what a document holds, in order, then `render()` it."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import wraps
from io import BytesIO
from typing import Any, TypeVar, cast

from django.utils import translation
from django.utils.translation import gettext as _
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

from core.documents import charts, forms, furniture, look
from core.documents.blocks import Drawn, Rule, Words, draw_lines
from core.documents.charts import Bar, Series
from core.documents.errors import DocumentError
from core.documents.forms import Field
from core.documents.lines import Style, set_lines
from core.documents.sender import Sender
from core.documents.structure import Element
from core.documents.tables import Carried, Column, formatted, say, table
from core.documents.tags import TaggedCanvas
from core.documents.words import Text, join, text
from core.organisation import current_organisation
from core.theme import accent_for
from core.theme.figures import locale_of

# Room a heading keeps below itself, so that it never ends a page.
_FOLLOWED_BY = 70


Method = TypeVar("Method", bound=Callable[..., Any])


def _in_its_language(method: Method) -> Method:
    """Let lazy translations and amounts be said in the document's language, whoever asks for it."""

    @wraps(method)
    def speaking(self: Document, *args: Any, **options: Any) -> Any:
        with translation.override(self.language):
            return method(self, *args, **options)

    return cast("Method", speaking)


def strong(value: Any) -> Text:
    """Return the value in the heavier face."""
    return text(value, strong=True)


def slanted(value: Any) -> Text:
    """Return the value in italics."""
    return text(value, slanted=True)


def _locale(language: str, country: str) -> str:
    """Return how dates and numbers are written: as in the country, where it groups figures as the language does."""
    here, anywhere = locale_of(language, country), locale_of(language, "")
    return str(here if here.number_symbols == anywhere.number_symbols else anywhere)


class Document:
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
        self.organisation: Sender = organisation or current_organisation()
        self.language = language
        self.locale = _locale(language, str(self.organisation.country))
        known = [self.organisation.printed_name, self.organisation.registration_number]
        with translation.override(language):
            self.title, self.subject, self.mark = str(text(title)), str(text(subject)), str(text(mark))
            self._footer = text(" · ".join(part for part in known if part) if footer is None else footer)
        self.accent = accent_for(self.organisation.accent_colour).accent
        self.page_size = look.page_size(str(self.organisation.country))
        self.width = self.page_size[0] - 2 * look.MARGIN_SIDE
        self._root = Element("Document")
        self._story: list[Flowable] = []
        self._covered = False
        self._numbering, self._scale = numbering, scale
        self._created = created
        self._counts_one_page = counts_one_page

    # Letters

    @_in_its_language
    def letterhead(self) -> None:
        """Say who writes: logo, name, address and ways to answer."""
        self._story.append(furniture.letterhead(self.organisation, self._root, self.width, self.language))

    @_in_its_language
    def address(self, lines: Iterable[Any], *, date: Any = None) -> None:
        """Add the recipient's address where a window envelope shows it, and the date across from it."""
        said = self.said(date)
        self._story.append(furniture.address(list(lines), said, self._root, self.width, self.language))

    @_in_its_language
    def signature(self, *, name: Any = None, title: Any = None, image: Any = None) -> None:
        """Add the signature, by default the organisation's; it stays on the page of the paragraph before it."""
        organisation = self.organisation
        block = furniture.signature(
            text(organisation.signatory_name if name is None else name, strong=True),
            text(organisation.signatory_title if title is None else title),
            organisation.signature if image is None else image,
            self._root,
            self.width,
            self.language,
        )
        if self._story and isinstance(self._story[-1], Words):
            self._story.append(KeepTogether([self._story.pop(), block]))
        else:
            self._story.append(block)

    # Words

    @_in_its_language
    def heading(self, *parts: Any, level: int = 1) -> None:
        """Add a heading of level 1, 2 or 3; it stays with what follows."""
        style = look.HEADINGS[level]
        words = join(parts)
        above, below = {1: (4, 8), 2: (14, 5), 3: (10, 3)}[level]
        block = self._words(words, style, f"H{level}", after=below)
        if self._story:
            lines = len(set_lines(words, style, self.width, self.language))
            self._story.append(CondPageBreak(lines * style.leading + above + _FOLLOWED_BY))
            block.spaceBefore = above
        self._story.append(block)

    @_in_its_language
    def paragraph(self, *parts: Any, lead: bool = False, after: float = 8) -> None:
        """Add a paragraph; several values are joined: `paragraph("Dear ", strong(name), ",")`."""
        self._story.append(self._words(join(parts), look.LEAD if lead else look.BODY, "P", after=after))

    @_in_its_language
    def note(self, *parts: Any, after: float = 6) -> None:
        """Add small print."""
        self._story.append(self._words(join(parts), self._scaled(look.SMALL), "P", after=after * self._scale))

    def _words(self, words: Text, style: Any, tag: str, *, after: float, parent: Element | None = None) -> Words:
        return Words(words, style, Element(tag, parent or self._root), language=self.language, after=after)

    @_in_its_language
    def plain(self, *parts: Any, after: float = 6) -> None:
        """Add a paragraph in the plain face, as forms have it."""
        self._story.append(self._words(join(parts), self._scaled(look.PLAIN), "P", after=after * self._scale))

    def _scaled(self, style: Style) -> Style:
        return look.scaled(style, self._scale)

    # Forms

    def emblem(self) -> None:
        """Head a form with the logo and a line in the organisation's colour, in place of a letterhead."""
        self._story.append(forms.emblem(self.organisation, self._root, self.width))

    @_in_its_language
    def form(self, *rows: Sequence[Field]) -> None:
        """Add rows of framed fields."""
        self._story.append(forms.fields(rows, self._root, self.width, self.language, scale=self._scale))

    @_in_its_language
    def ticked(self, words: Any, *, after: float = 6) -> None:
        """Add a statement behind a ticked box."""
        style = self._scaled(look.PLAIN)
        block = forms.ticked(words, style, self._root, self.width, self.language, after=after * self._scale)
        self._story.append(block)

    @_in_its_language
    def sign_here(self, caption: Any, *, above: Any = "", name: Any = "", keep: bool = False) -> None:
        """Add a line to sign on, with the organisation's signature when there is a picture of it.

        With `keep` it stays on the page of the paragraph before it.
        """
        image = self.organisation.signature
        block = forms.signature_line(caption, above, image, self._root, self.width, self.language, name=name)
        self._story.append(KeepTogether([self._story.pop(), block]) if keep and self._story else block)

    @property
    def room_left(self) -> float:
        """How many points of a page what was added so far leaves free; below nothing when it needs another page."""
        used, after = 0.0, 0.0
        for flowable in self._story:
            used += max(after, flowable.getSpaceBefore()) + flowable.wrap(self.width, 1e6)[1]
            after = flowable.getSpaceAfter()
        return self.page_size[1] - look.MARGIN_TOP - look.MARGIN_FOOT - used

    # Figures

    @_in_its_language
    def facts(self, pairs: Iterable[tuple[Any, Any]], *, labels: float = 0.34) -> None:
        """Add a block of labels and their values: number, date, amount. `labels` is the share of the width they get."""
        self._story.append(
            table(
                [Column("", width=self.width * labels), Column("")],
                ((label, self.said(value)) for label, value in pairs),
                Element("Table", self._root),
                width=self.width,
                language=self.language,
                locale=self.locale,
                header=False,
                row_headers=True,
                style=look.FACTS,
            )
        )

    @_in_its_language
    def table(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Any]],
        *,
        total: Sequence[Any] | None = None,
        carried: Carried | None = None,
        caption: Any = "",
    ) -> None:
        """Add a table. Dates, numbers and amounts are written for the language; rows may come from a generator.

        With `carried`, a table that goes on on another page says at its foot what it comes to so far, and there again.
        """
        element = Element("Table", self._root)
        if caption:
            self._story.append(CondPageBreak(_FOLLOWED_BY))
            self._story.append(self._words(text(caption), look.HEADINGS[3], "Caption", after=2, parent=element))
        self._story.append(
            table(
                columns,
                rows,
                element,
                width=self.width,
                language=self.language,
                locale=self.locale,
                total=total,
                carried=carried,
                after=14,
            )
        )

    @_in_its_language
    def key_figures(self, figures: Sequence[tuple[Any, Any, Any]]) -> None:
        """Add a row of large figures: (value, what it is, how it compares); three or four fit."""
        gap = 14.0
        width = (self.width - gap * (len(figures) - 1)) / len(figures)
        big, label = look.BIG, replace(look.LABEL, colour=look.INK)
        parts = []
        for value, name, comparison in figures:
            parts.append(
                (
                    Element("P", self._root),
                    set_lines(text(self.said(value)), big, width, self.language),
                    set_lines(text(name), label, width, self.language),
                    set_lines(text(comparison), look.SMALL, width, self.language) if comparison else [],
                )
            )
        heights = [
            len(value) * big.leading + len(name) * label.leading + len(rest) * look.SMALL.leading
            for _element, value, name, rest in parts
        ]

        def draw(canvas: TaggedCanvas, _width: float, height: float) -> None:
            for index, (element, value, name, rest) in enumerate(parts):
                x, top = index * (width + gap), height - 6
                with canvas.artifact():
                    canvas.setStrokeColor(self.accent)
                    canvas.setLineWidth(1.4)
                    canvas.line(x, height, x + width, height)
                with canvas.tagged(element):
                    draw_lines(canvas, value, big, x, top, width)
                    draw_lines(canvas, name, label, x, top - len(value) * big.leading, width)
                    top -= len(value) * big.leading + len(name) * label.leading
                    draw_lines(canvas, rest, look.SMALL, x, top, width)

        block = Drawn(max(heights) + 8, draw, after=14)
        block.spaceBefore = 14
        self._story.append(block)

    # Charts

    @_in_its_language
    def bar_chart(self, title: Any, bars: Sequence[Bar], *, currency: str = "") -> None:
        """Add bars, one under the other, each with its value at its end and a tick at its goal."""
        if not bars:
            self._nothing(title)
            return
        said = self._sayer(currency)
        alt = "; ".join(f"{bar.label}: {said(bar.value)}" for bar in bars)

        def draw(canvas: TaggedCanvas, width: float, height: float) -> None:
            charts.draw_bars(canvas, bars, width, height, self.accent, said, self.language)

        self._chart(title, alt, charts.bars_height(bars), draw)

    @_in_its_language
    def column_chart(
        self, title: Any, places: Sequence[Any], series: Sequence[Series], *, currency: str = "", height: float = 150
    ) -> None:
        """Add columns side by side for each place (month, year); the first series stands in front."""
        self._plot(title, places, series, currency, height, charts.draw_columns)

    @_in_its_language
    def line_chart(
        self, title: Any, places: Sequence[Any], series: Sequence[Series], *, currency: str = "", height: float = 150
    ) -> None:
        """Add lines over the places, each named at its end; the first is the one that matters."""
        self._plot(title, places, series, currency, height, charts.draw_curves)

    def _plot(
        self, title: Any, places: Sequence[Any], series: Sequence[Series], currency: str, height: float,
        drawing: Callable[..., None],
    ) -> None:  # fmt: skip
        if not places or not series:
            self._nothing(title)
            return
        said = self._sayer(currency)
        alt = ". ".join(
            f"{one.name}: "
            + "; ".join(f"{place} {said(v)}" for place, v in zip(places, one.values, strict=False) if v is not None)
            for one in series
        )

        def draw(canvas: TaggedCanvas, width: float, total: float) -> None:
            drawing(canvas, places, series, width, total, self.accent, said, self.language)

        self._chart(title, alt, height, draw)

    def _nothing(self, title: Any) -> None:
        self.heading(title, level=3)
        self.note(_("There is nothing to show yet."))

    def _chart(self, title: Any, alt: str, height: float, draw: Callable[[TaggedCanvas, float, float], None]) -> None:
        element = Element("Figure", self._root, alt=f"{text(title)}. {alt}")
        heading = self._words(text(title), look.HEADINGS[3], "Caption", after=6, parent=element)

        def tagged(canvas: TaggedCanvas, width: float, total: float) -> None:
            with canvas.tagged(element):
                draw(canvas, width, total)

        self._story.append(KeepTogether([heading, Drawn(height, tagged, after=12)]))

    def _sayer(self, currency: str) -> Callable[[Any], str]:
        column = Column("", currency=currency, numeric=True)

        def said(value: Any) -> str:
            whole = value == int(value)
            return str(formatted(int(value) if whole else Decimal(value), Column("") if whole else column, self.locale))

        return said

    # Pages

    @_in_its_language
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

    def space(self, millimetres: float = 4) -> None:
        """Leave room."""
        self._story.append(Spacer(1, millimetres * mm))

    def rule(self) -> None:
        """Draw a thin line across."""
        self._story.append(Rule(look.RULE, before=4, after=8))

    def page_break(self) -> None:
        """Go on on a new page."""
        self._story.append(PageBreak())

    @_in_its_language
    def said(self, value: Any) -> Any:
        """Return a date in full and a number as the language writes them; everything else as it is."""
        return say(value, self.locale)

    @_in_its_language
    def render(self) -> bytes:
        """Return the finished PDF. A document is rendered once."""
        out = BytesIO()
        self._build(out, self._canvas)
        return out.getvalue()

    @_in_its_language
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
