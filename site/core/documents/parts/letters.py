"""What makes a document a letter: who writes, to whom, and the signature."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reportlab.platypus import KeepTogether

from core.documents import furniture
from core.documents.blocks import Words
from core.documents.parts.story import Story, in_its_language
from core.documents.words import text


class Letters(Story):
    """A letterhead, an address, a signature."""

    @in_its_language
    def letterhead(self) -> None:
        """Say who writes: logo, name, address and ways to answer."""
        self._story.append(furniture.letterhead(self.organisation, self._root, self.width, self.language))

    @in_its_language
    def address(self, lines: Iterable[Any], *, date: Any = None) -> None:
        """Add the recipient's address where a window envelope shows it, and the date across from it."""
        said = self.said(date)
        self._story.append(furniture.address(list(lines), said, self._root, self.width, self.language))

    @in_its_language
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
