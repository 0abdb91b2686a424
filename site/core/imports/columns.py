"""Which field each column of a file holds: as guessed, corrected by hand, and made where there is none."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.imports.cleaning.profile import ColumnProfile
from core.imports.errors import BadMappingError
from core.imports.formats import Field, Format, Guess, Proposal
from core.imports.models import ImportRun
from core.imports.readers import Column
from core.imports.readers.table import header_key

NEW = "new"
"""What a mapping says of a column that shall get a field of its own."""


class Fields:
    """The fields a run may fill: the format's, those its keeper has, and those to be made."""

    def __init__(self, run: ImportRun, file_format: Format, proposals: Sequence[Proposal] = ()) -> None:
        self.format = file_format
        self.kept: dict[str, Field] = {}
        if file_format.keeper is not None:
            keeper = file_format.keeper
            self.kept = {proposal["path"]: keeper.field(proposal) for proposal in proposals}
            self.kept |= {each.path: each for each in keeper.fields(run)}

    @classmethod
    def of(cls, run: ImportRun, file_format: Format) -> Fields:
        """Return the fields of a run that was examined."""
        columns = run.recognised.get("columns", [])
        return cls(run, file_format, [column["new"] for column in columns if column.get("new")])

    def get(self, path: str) -> Field:
        """Return the field of that path. Raises KeyError."""
        return self.kept[path] if path in self.kept else self.format.find(path)

    def by_header(self) -> dict[str, str]:
        """The paths of kept fields by the headers they go by."""
        return {header_key(header): each.path for each in self.kept.values() for header in each.headers}


def guessed(
    fields: Fields, columns: Sequence[Column], chosen: Mapping[str, str]
) -> tuple[dict[int, Guess], dict[int, str]]:
    """Return what each column may hold, and what was said by hand ("" for nothing, `new` for a field of its own).

    Raises BadMappingError for a header or a field that does not exist.
    """
    guesses = fields.format.guess(columns)
    kept = fields.by_header()
    for column in columns:
        if column.index not in guesses and column.key in kept:
            guesses[column.index] = Guess(kept[column.key], 0)
    by_name = {column.name: column.index for column in columns} | {column.key: column.index for column in columns}
    by_hand: dict[int, str] = {}
    for header, path in chosen.items():
        index = by_name.get(header, by_name.get(header_key(header)))
        if index is None:
            raise BadMappingError(_("The file has no column “%(header)s”.") % {"header": header})
        by_hand[index] = _real_path(fields, path)
    for index, path in by_hand.items():
        guesses.pop(index, None)
        for other in [at for at, guess in guesses.items() if guess.path == path and at not in by_hand]:
            del guesses[other]
    return guesses, by_hand


def _real_path(fields: Fields, path: str) -> str:
    if path in ("", NEW) and (not path or fields.format.keeper is not None):
        return path
    try:
        return fields.get(path).path
    except KeyError:
        known = ", ".join([*(each.path for each in fields.format.fields), *fields.kept])
        raise BadMappingError(
            _("There is no field “%(field)s”. Known: %(known)s.") % {"field": path, "known": known}
        ) from None


def settled(
    file_format: Format, guesses: Mapping[int, Guess], by_hand: Mapping[int, str], profiles: Sequence[ColumnProfile]
) -> dict[int, str]:
    """Keep one column a field: the surest, then the fullest, then the first. What was said by hand stands.

    An id guessed from more than its header is one only where no two rows have the same.
    """
    usable = {
        index: guess
        for index, guess in guesses.items()
        if not (guess.path == file_format.id_path and guess.rank and profiles[index].repeats)
    }
    best: dict[str, int] = {}
    for index, guess in sorted(
        usable.items(),
        key=lambda each: (bool(profiles[each[0]].repeats), each[1].rank, -profiles[each[0]].filled, each[0]),
    ):
        if profiles[index].filled:
            best.setdefault(guess.path, index)
    fields = {index: guess.path for index, guess in usable.items() if best.get(guess.path, index) == index}
    by_hand = {index: path for index, path in by_hand.items() if path and (path != NEW or profiles[index].filled)}
    return fields | by_hand


def proposals(
    file_format: Format,
    columns: Sequence[Column],
    fields: Mapping[int, str],
    profiles: Sequence[ColumnProfile],
    *,
    taken: Container[str],
    ignored: Container[str],
) -> dict[int, Proposal]:
    """Return, for every column with something in it that no field holds, a field to be made."""
    if file_format.keeper is None:
        return {}
    made: dict[int, Proposal] = {}
    paths: set[str] = set()
    for column in columns:
        profile = profiles[column.index]
        if fields.get(column.index, NEW) != NEW or not profile.filled or column.key in ignored:
            continue
        kind = next((name for name in ("boolean", "date", "number") if name in profile.types), "text")
        proposal = file_format.keeper.propose(column.name, kind, _Either(taken, paths))
        paths.add(proposal["path"])
        made[column.index] = proposal
    return made


class _Either:
    """Two containers as one."""

    def __init__(self, one: Container[str], other: Container[str]) -> None:
        self.both = (one, other)

    def __contains__(self, item: Any) -> bool:
        return any(item in each for each in self.both)
