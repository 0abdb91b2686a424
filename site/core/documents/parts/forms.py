"""What makes a document a form: framed fields, ticked boxes, a line to sign on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import KeepTogether

from core.documents import forms, look
from core.documents.forms import Field
from core.documents.parts.story import Story, in_its_language


class Forms(Story):
    """Rows of fields, statements that are ticked, the line to sign on."""

    def emblem(self) -> None:
        """Head a form with the logo and a line in the organisation's colour, in place of a letterhead."""
        self._story.append(forms.emblem(self.organisation, self._root, self.width))

    @in_its_language
    def form(self, *rows: Sequence[Field]) -> None:
        """Add rows of framed fields."""
        self._story.append(forms.fields(rows, self._root, self.width, self.language, scale=self._scale))

    @in_its_language
    def ticked(self, words: Any, *, after: float = 6) -> None:
        """Add a statement behind a ticked box."""
        style = self._scaled(look.PLAIN)
        block = forms.ticked(words, style, self._root, self.width, self.language, after=after * self._scale)
        self._story.append(block)

    @in_its_language
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
