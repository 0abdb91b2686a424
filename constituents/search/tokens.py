"""Tokens: what a constituent is found by, each a letter for what it is and a folded word, such as `n:lee`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import phonenumbers

from constituents.folding import digits, fold

# What a token is. Apps above add letters of their own (`services.search_text.register_search_texts`).
NAME, EMAIL, PHONE, PHONE_END, POSTCODE, TOWN, CODE, TITLE = "n", "e", "t", "u", "p", "w", "x", "h"

#: Longer words are cut, when kept and when looked for alike.
LONGEST = 64
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_EMAIL_PART = re.compile(r"[@.+_\-]")
_EXTENSION = re.compile(r"\s*(?:extension|ext|x|#)[.:\s]*\d+\s*$", re.IGNORECASE)


def words_of(text: str) -> list[str]:
    """Return the words of a text as search sees them: letters and digits only."""
    return [word[:LONGEST] for word in _NOT_LETTERS.sub(" ", fold(text)).split()]


def name_tokens(texts: Iterable[str], *, initials: bool = False) -> Iterator[str]:
    """Yield the words of names, and names of several words written as one: `de la cruz`, `delacruz`."""
    for text in texts:
        words = words_of(text)
        for word in words:
            yield f"{NAME}:{word}"
        if len(words) > 1:
            yield f"{NAME}:{''.join(words)[:LONGEST]}"
        if initials and len(words) > 2:
            yield f"{NAME}:{''.join(word[0] for word in words)[:LONGEST]}"


def email_key(text: str) -> str:
    """Return an e-mail address, or a part of one, as search sees it."""
    return fold(text).replace(" ", "")[:LONGEST]


def email_tokens(address: str) -> Iterator[str]:
    """Yield the address from its beginning and from each of its parts on, so that each part can be typed first."""
    starts = [0, *(match.end() for match in _EMAIL_PART.finditer(address))]
    for start in starts[:-1] or starts:
        if key := email_key(address[start:]).lstrip("@."):
            yield f"{EMAIL}:{key}"


def without_extension(number: str) -> str:
    """Return a telephone number without the extension written after it."""
    return _EXTENSION.sub("", number)


def phone_tokens(number: str, e164: str) -> Iterator[str]:
    """Yield the digits from the front, with and without country code, and from the back."""
    typed = digits(without_extension(number)).lstrip("0")
    full = digits(e164) or typed
    if not full:
        return
    fronts = {full: None, typed: None}
    if e164:
        fronts[str(phonenumbers.parse(e164).national_number)] = None
    for front in fronts:
        if front:
            yield f"{PHONE}:{front[:LONGEST]}"
    yield f"{PHONE_END}:{full[::-1][:LONGEST]}"


def code_token(kind: str, text: str) -> Iterator[str]:
    """Yield a code as one word, however it is written: `R-2026/17`, `r202617`."""
    if joined := "".join(words_of(text))[:LONGEST]:
        yield f"{kind}:{joined}"


def word_tokens(kind: str, text: str) -> Iterator[str]:
    """Yield each word of a text."""
    for word in words_of(text):
        yield f"{kind}:{word}"
