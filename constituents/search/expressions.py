"""What must be in the index, and how each database is told: all of, any of, a token or what begins with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One token, or every token that begins with it."""

    token: str
    begins: bool = False

    def __bool__(self) -> bool:
        return bool(self.token)


@dataclass(frozen=True, slots=True)
class All:
    """Every part."""

    parts: tuple[Term | All | Either, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part."""

    parts: tuple[Term | All | Either, ...]


def every(parts: Iterable[Term | All | Either]) -> Term | All | Either:
    """Return what holds when every part does."""
    found = tuple(dict.fromkeys(parts))
    return found[0] if len(found) == 1 else All(found)


def either(parts: Iterable[Term | All | Either]) -> Term | All | Either:
    """Return what holds when a part does."""
    found = tuple(dict.fromkeys(parts))
    return found[0] if len(found) == 1 else Either(found)


def as_tsquery(expression: Term | All | Either) -> str:
    """Write it for PostgreSQL. A quoted lexeme is only a word, whatever stands in it."""
    if isinstance(expression, Term):
        quoted = expression.token.replace("\\", "\\\\").replace("'", "''")
        return f"'{quoted}':*" if expression.begins else f"'{quoted}'"
    sign = " & " if isinstance(expression, All) else " | "
    return f"({sign.join(map(as_tsquery, expression.parts))})"


def as_fts5(expression: Term | All | Either) -> str:
    """Write it for SQLite's FTS5. A quoted string is only a word, whatever stands in it."""
    if isinstance(expression, Term):
        quoted = expression.token.replace('"', '""')
        return f'"{quoted}" *' if expression.begins else f'"{quoted}"'
    sign = " AND " if isinstance(expression, All) else " OR "
    return f"({sign.join(map(as_fts5, expression.parts))})"
