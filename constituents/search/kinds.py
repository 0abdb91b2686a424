"""The kinds of token there are: what each is called on screen, and who may search by it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from constituents.search import tokens

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    Searcher = AbstractBaseUser | AnonymousUser

# Each takes constituents' primary keys and returns, by key, further texts they are found by.
Contributor = Callable[[list[int]], Mapping[int, Iterable[str]]]


@dataclass(frozen=True, slots=True)
class TokenKind:
    """One kind: its letter, what the results call it, the permission to search by it, and who contributes the texts."""

    letter: str
    label: str | Promise
    permission: str = ""
    contributor: Contributor | None = None
    as_words: bool = False

    def may_search(self, user: Searcher | None) -> bool:
        """Whether the user may find people by this; Steward itself (None) may."""
        return user is None or not self.permission or user.has_perm(self.permission)  # type: ignore[union-attr]


_kinds = {
    kind.letter: kind
    for kind in (
        TokenKind(tokens.NAME, _("name")),
        TokenKind(tokens.EMAIL, _("e-mail")),
        TokenKind(tokens.PHONE, _("telephone")),
        TokenKind(tokens.PHONE_END, _("telephone")),
        TokenKind(tokens.POSTCODE, _("postal code")),
        TokenKind(tokens.TOWN, _("town")),
        TokenKind(tokens.CODE, _("id elsewhere")),
        TokenKind(tokens.TITLE, _("title")),
    )
}


def register_kind(kind: TokenKind) -> None:
    """Add a kind of token; its letter is one that no other kind has."""
    if _kinds.setdefault(kind.letter, kind) != kind:
        raise ImproperlyConfigured(f"Two kinds of search token have the letter {kind.letter!r}.")


def kind_of(token: str) -> TokenKind:
    """Return what kind a token is."""
    return _kinds[token.partition(":")[0]]


def contributed() -> list[TokenKind]:
    """The kinds that apps above fill."""
    return [kind for kind in _kinds.values() if kind.contributor]


def letters_for(user: Searcher | None) -> tuple[str, ...]:
    """The letters of all that the user may search by."""
    return tuple(letter for letter, kind in _kinds.items() if kind.may_search(user))
