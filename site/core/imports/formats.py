"""Formats: what a file of a known kind looks like, and which records its rows describe.

A format is one small module that calls `register_format()` from an `AppConfig.ready()`. It lists its fields, with the
headers each is known by, and a function that turns one row's cleaned values into drafts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.imports.drafts import Draft
from core.imports.errors import UnknownKindError
from core.imports.readers.table import Column, header_key

if TYPE_CHECKING:
    from core.imports.models import ImportRun


@dataclass(frozen=True, slots=True)
class Field:
    """Something a column can hold."""

    path: str
    label: str | Promise
    kind: str = "text"
    """text, date, birthday, birth_year, birth_month, birth_day, amount, number, boolean, email, phone, url,
    country, id."""
    headers: tuple[str, ...] = ()
    most: int = 255
    also: tuple[str, ...] = ()
    """Looser headers, tried where a column is known by nothing else; they do not tell what kind a file is."""
    vital: bool = False
    """A row whose cell cannot be understood is refused, whatever the format thinks of odd cells elsewhere."""
    clean: Callable[..., Any] | None = None
    """Called with text and `style`: reads a cell where no cleaner of the kind does; raises CellError."""


@dataclass(slots=True)
class Values:
    """One row's cleaned values by field; blank cells are not there."""

    cleaned: Mapping[str, Any]
    column_of: Mapping[str, str]
    wrong: Callable[[str, str], None]
    """Refuse the row: column, message."""
    cells: Sequence[str] = ()
    doubt: Callable[[str, str], None] = lambda _path, _message: None
    """Keep a field's cell as it was written, with a warning, because its value cannot be: path, message."""

    def replacing(self, **changes: Mapping[str, Any]) -> Values:
        """Return these values with others in place of some of their parts."""
        return replace(self, **changes)  # type: ignore[arg-type]

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

Proposal = dict[str, Any]
"""A field to be made for a column no field fits: its path, label, kind, and whatever its keeper adds; plain JSON."""


class Keeper(Protocol):
    """Keeps what no field of a format holds, in fields an organisation makes for itself."""

    def fields(self, run: ImportRun) -> Sequence[Field]:
        """Return the fields there are, for whoever imports."""

    def propose(self, header: str, kind: str, taken: Container[str]) -> Proposal:
        """Return a field to be made for a column whose values are of a kind (text, number, date, boolean)."""

    def field(self, proposal: Proposal) -> Field:
        """Return the field a proposal will be."""

    def as_written(self, header: str) -> Proposal:
        """Return the field that keeps cells of a column as they were written."""

    def make(self, run: ImportRun, proposals: Sequence[Proposal]) -> None:
        """Make the fields that are not there."""

    def clear(self, run: ImportRun) -> None:
        """Take the fields away that the import made and nothing stands in."""


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
    keeper: Keeper | None = None
    """With a keeper no column is lost, and an odd cell costs neither its row nor itself: it is kept as written."""
    odd_ids: Callable[[Column], bool] = lambda _column: False
    """Whether a column known by nothing may hold the records' ids, if no two rows have the same."""

    @property
    def headers(self) -> frozenset[str]:
        """Every header the format knows."""
        return frozenset(header_key(h) for f in self.fields for h in (*f.headers, *f.also)) | frozenset(
            map(header_key, self.ignored)
        )

    def find(self, path: str) -> Field:
        """Return the field of that path, or the first whose path ends so. Raises KeyError."""
        for each in self.fields:
            if each.path == path:
                return each
        for each in self.fields:
            if each.path.endswith(f".{path}"):
                return each
        raise KeyError(path)

    def guess(self, columns: Sequence[Column]) -> dict[int, Guess]:
        """Return which field each column may hold, by position; several columns may offer one field."""
        plain = {header_key(header): each.path for each in self.fields for header in each.headers}
        loose: dict[str, tuple[str, float]] = {}
        if self.keeper is not None:
            for each in self.fields:
                for at, header in enumerate((*each.headers, *each.also)):
                    loose.setdefault(squashed(header), (each.path, 1 + at / 1_000))
        guesses = {}
        for column in columns:
            if path := plain.get(column.key):
                guesses[column.index] = Guess(path, 0)
            elif found := loose.get(squashed(column.key)):
                guesses[column.index] = Guess(*found)
            elif self.odd_ids(column):
                guesses[column.index] = Guess(self.id_path, 2)
        return guesses

    @property
    def id_path(self) -> str:
        """The field that holds the records' ids."""
        return next((each.path for each in self.fields if each.kind == "id"), "")

    def fits(self, columns: Sequence[Column], named: Collection[str] = ()) -> tuple[int, int]:
        """Return how many columns the format knows for sure, and how many loosely; two zeros when the file is another.

        `named` are fields that a mapping names.
        """
        guessed = self.guess(columns)
        paths = {guess.path for guess in guessed.values()} | set(named)
        if not all(paths & set(group) for group in self.needs):
            return 0, 0
        ignored = set(map(header_key, self.ignored))
        known = sum(guess.rank == 0 for guess in guessed.values())
        return known + sum(1 for column in columns if column.key in ignored), len(guessed) + len(named)


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column may hold, and how sure that is: 0 by its header, from 1 by one like it, 2 if its values agree."""

    path: str
    rank: float


def squashed(header: str) -> str:
    """Return a header without anything but letters and figures: `fname_c1`, `FName C1` and `fname.c1` are one."""
    return "".join(character for character in header.lower() if character.isalnum())


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


def recognise(columns: Sequence[Column], named: Collection[str] = ()) -> Format:
    """Return the format that knows most of the columns. Raises UnknownKindError when none fits.

    `named` are fields that a mapping names: only formats that have them all come into question.
    """
    named = [path for path in named if any(_has(each, path) for each in formats())]
    candidates = [each for each in formats() if all(_has(each, path) for path in named)] or formats()
    # In a draw the one that loses nothing.
    best = max(
        candidates,
        key=lambda each: (*each.fits(columns, _paths(each, named)), each.keeper is not None),
        default=None,
    )
    if best is None or not any(best.fits(columns, _paths(best, named))):
        raise UnknownKindError(
            _("Steward cannot tell what kind of file this is: no column is called like a name or an amount.")
        )
    return best


def _has(each: Format, path: str) -> bool:
    try:
        each.find(path)
    except KeyError:
        return False
    return True


def _paths(each: Format, named: Collection[str]) -> set[str]:
    return {each.find(path).path for path in named if _has(each, path)}
