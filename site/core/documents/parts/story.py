"""What a document holds, in order, and its plain words: headings, paragraphs, small print."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.utils import translation
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, PageBreak, Spacer

from core.documents import look
from core.documents.blocks import Rule, Words
from core.documents.lines import Style, set_lines
from core.documents.sender import Sender
from core.documents.structure import Element
from core.documents.tables import say
from core.documents.words import Text, join
from core.organisation import current_organisation
from core.theme import accent_for
from core.theme.figures import locale_of

# Room a heading keeps below itself, so that it never ends a page.
FOLLOWED_BY = 70

Method = TypeVar("Method", bound=Callable[..., Any])


def in_its_language(method: Method) -> Method:
    """Let lazy translations and amounts be said in the document's language, whoever asks for it."""

    @wraps(method)
    def speaking(self: Story, *args: Any, **options: Any) -> Any:
        with translation.override(self.language):
            return method(self, *args, **options)

    return cast("Method", speaking)


def _locale(language: str, country: str) -> str:
    """Return how dates and numbers are written: as in the country, where it groups figures as the language does.

    English in Germany has the country's commas, which our amounts have not: it is the English of the world then.
    """
    anywhere = locale_of(language, "")
    for place in (country, "001"):
        here = locale_of(language, place)
        if here.number_symbols == anywhere.number_symbols:
            return str(here)
    return str(anywhere)


class Story:
    """The blocks of a document in the order they are added; every value goes through `text()`."""

    def __init__(self, *, language: str, organisation: Sender | None, scale: float) -> None:
        self.organisation: Sender = organisation or current_organisation()
        self.language = language
        self.locale = _locale(language, str(self.organisation.country))
        self.accent = accent_for(self.organisation.accent_colour).accent
        self.page_size = look.page_size(str(self.organisation.country))
        self.width = self.page_size[0] - 2 * look.MARGIN_SIDE
        self._root = Element("Document")
        self._story: list[Flowable] = []
        self._scale = scale

    @in_its_language
    def said(self, value: Any) -> Any:
        """Return a date in full and a number as the language writes them; everything else as it is."""
        return say(value, self.locale)

    @in_its_language
    def heading(self, *parts: Any, level: int = 1) -> None:
        """Add a heading of level 1, 2 or 3; it stays with what follows."""
        style = look.HEADINGS[level]
        words = join(parts)
        above, below = {1: (4, 8), 2: (14, 5), 3: (10, 3)}[level]
        block = self._words(words, style, f"H{level}", after=below)
        if self._story:
            lines = len(set_lines(words, style, self.width, self.language))
            self._story.append(CondPageBreak(lines * style.leading + above + FOLLOWED_BY))
            block.spaceBefore = above
        self._story.append(block)

    @in_its_language
    def paragraph(self, *parts: Any, lead: bool = False, after: float = 8) -> None:
        """Add a paragraph; several values are joined: `paragraph("Dear ", strong(name), ",")`."""
        self._story.append(self._words(join(parts), look.LEAD if lead else look.BODY, "P", after=after))

    @in_its_language
    def note(self, *parts: Any, after: float = 6) -> None:
        """Add small print."""
        self._story.append(self._words(join(parts), self._scaled(look.SMALL), "P", after=after * self._scale))

    @in_its_language
    def plain(self, *parts: Any, after: float = 6) -> None:
        """Add a paragraph in the plain face, as forms have it."""
        self._story.append(self._words(join(parts), self._scaled(look.PLAIN), "P", after=after * self._scale))

    def _words(self, words: Text, style: Any, tag: str, *, after: float, parent: Element | None = None) -> Words:
        return Words(words, style, Element(tag, parent or self._root), language=self.language, after=after)

    def _scaled(self, style: Style) -> Style:
        return look.scaled(style, self._scale)

    def space(self, millimetres: float = 4) -> None:
        """Leave room."""
        self._story.append(Spacer(1, millimetres * mm))

    def rule(self) -> None:
        """Draw a thin line across."""
        self._story.append(Rule(look.RULE, before=4, after=8))

    def page_break(self) -> None:
        """Go on on a new page."""
        self._story.append(PageBreak())
