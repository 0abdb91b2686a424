"""What can go wrong while a document is made."""

from __future__ import annotations

import unicodedata

from django.utils.translation import gettext as _


class DocumentError(Exception):
    """A document could not be made; the message is meant for staff."""


class UnprintableTextError(DocumentError):
    """A text has characters that none of our typefaces can print; the message names them."""

    def __init__(self, value: str, characters: list[str]) -> None:
        self.value = value
        self.characters = characters
        named = ", ".join(
            f"“{character}” (U+{ord(character):04X} {unicodedata.name(character, '')})".replace(" )", ")")
            for character in characters
        )
        super().__init__(
            _("“%(text)s” cannot be printed: there is no typeface for %(characters)s.")
            % {"text": value if len(value) <= 80 else f"{value[:79]}…", "characters": named}
        )
