"""Formats: what a file of a known kind looks like, and which records its rows describe.

A format is one small module that calls `register_format()` from an `AppConfig.ready()`. It lists its fields, with the
headers each is known by, and a function that turns one row's cleaned values into drafts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.imports.drafts import Draft
from core.imports.errors import UnknownKindError
from core.imports.readers.table import Column, header_key


@dataclass(frozen=True, slots=True)
class Field:
    """Something a column can hold."""

    path: str
    label: str | Promise
    kind: str = "text"
    """text, date, amount, number, boolean, email, phone, url, country, postal_code."""
    headers: tuple[str, ...] = ()
    most: int = 255


@dataclass(slots=True)
class Values:
    """One row's cleaned values by field; blank cells are not there."""

    cleaned: Mapping[str, Any]
    column_of: Mapping[str, str]
    wrong: Callable[[str, str], None]
    """Refuse the row: column, message."""
    cells: Sequence[str] = ()

    def get(self, path: str, default: Any = "") -> Any:
        """Return the value of a field, or the default where the cell is blank."""
        return self.cleaned.get(path, default)

    def column(self, path: str) -> str:
        """Return the header of the column that holds a field."""
        return self.column_of.get(path, "")

    def refuse(self, path: str, message: str) -> None:
        """Refuse the row for what the field says."""
        self.wrong(self.column(path), message)


@dataclass(frozen=True, slots=True)
class Setup:
    """What a format needs to know to build drafts."""

    system: str
    currency: str
    country: str
    remembered: dict[str, Any] = field(default_factory=dict)
    """What a format looked up once for all rows."""


Build = Callable[[Values, Setup], Iterable[Draft]]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file."""

    name: str
    label: str | Promise
    fields: tuple[Field, ...]
    build: Build
    system: str = ""
    needs: tuple[tuple[str, ...], ...] = ()
    """A file is of this kind when of each of these groups at least one field has a column."""
    ignored: Mapping[str, str | Promise] = field(default_factory=dict)
    """Headers that are known and not imported, with the reason."""

    @property
    def headers(self) -> frozenset[str]:
        """Every header the format knows."""
        return frozenset(header_key(h) for f in self.fields for h in f.headers) | frozenset(
            map(header_key, self.ignored)
        )

    def field(self, path: str) -> Field:
        """Return the field of that path. Raises KeyError."""
        for each in self.fields:
            if each.path == path:
                return each
        raise KeyError(path)

    def guess(self, columns: Sequence[Column]) -> dict[int, str]:
        """Return which field each column may hold, by position; several columns may offer one field."""
        by_header = {header_key(header): each.path for each in self.fields for header in each.headers}
        return {column.index: by_header[column.key] for column in columns if column.key in by_header}

    def fits(self, columns: Sequence[Column]) -> int:
        """Return how many columns the format knows, or 0 when the file cannot be of this kind."""
        guessed = self.guess(columns)
        paths = set(guessed.values())
        if not all(paths & set(group) for group in self.needs):
            return 0
        ignored = set(map(header_key, self.ignored))
        return len(guessed) + sum(1 for column in columns if column.key in ignored)


_formats: dict[str, Format] = {}


def register_format(file_format: Format) -> None:
    """Let files of this kind be imported."""
    _formats[file_format.name] = file_format


def formats() -> list[Format]:
    """Return every known format."""
    return list(_formats.values())


def format_named(name: str) -> Format:
    """Return the format of that name. Raises UnknownKindError."""
    try:
        return _formats[name]
    except KeyError:
        known = ", ".join(sorted(_formats))
        raise UnknownKindError(
            _("There is no kind of file called “%(name)s”. Known: %(known)s.") % {"name": name, "known": known}
        ) from None


def recognise(columns: Sequence[Column]) -> Format:
    """Return the format that knows most of the columns. Raises UnknownKindError when none fits."""
    best = max(formats(), key=lambda each: each.fits(columns), default=None)
    if best is None or not best.fits(columns):
        raise UnknownKindError(
            _("Steward cannot tell what kind of file this is: no column is called like a name or an amount.")
        )
    return best
