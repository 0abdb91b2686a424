"""One way to fold text for searching and sorting: lower case, accents and other scripts written in plain letters."""

import re

from anyascii import anyascii

_NOT_WORD = re.compile(r"[^a-z0-9@.+]+")
_APOSTROPHES = re.compile(r"['`]")


def fold(text: str) -> str:
    """Return the text as search sees it: `Łukasz Żółć-Müller` becomes `lukasz zolc muller`."""
    plain = _APOSTROPHES.sub("", anyascii(text).lower())
    return _NOT_WORD.sub(" ", plain).strip()


def digits(text: str) -> str:
    """Return only the digits of a text, for telephone numbers typed in any format."""
    return "".join(character for character in text if character.isdigit())
