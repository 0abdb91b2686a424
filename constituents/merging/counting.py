"""How many rows of each kind a merge moves, leaves, changes and takes away, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.utils.text import capfirst

from constituents.models import Constituent, Merge, MergeMove, MoveKind


@dataclass(frozen=True, slots=True)
class Counted:
    """What becomes of the rows of one kind."""

    label: str
    moved: int
    stayed: int
    changed: int
    removed: int
    created: int


def count_moves(moves: Iterable[MergeMove]) -> list[Counted]:
    """Return the kinds of rows of a plan or journal, most moved first; the two records themselves are left out."""
    record = Constituent._meta.label
    found: dict[str, Counter[str]] = {}
    for move in moves:
        if move.model != record or move.kind == MoveKind.MOVED:
            found.setdefault(move.model, Counter())[move.kind] += 1
    rows = [Counted(name_of(model), *(counts[kind] for kind in _ORDER)) for model, counts in found.items()]
    return sorted(rows, key=lambda row: (-row.moved, row.label))


_ORDER = (MoveKind.MOVED, MoveKind.STAYED, MoveKind.CHANGED, MoveKind.REMOVED, MoveKind.CREATED)


def name_of(label: str) -> str:
    """Return what rows of a model are called on screen; a many-to-many's own table is called after its owner."""
    model = apps.get_model(label)
    owner = model._meta.auto_created or model
    return capfirst(str(owner._meta.verbose_name_plural))


def left_by_undo(merge: Merge) -> list[tuple[str, str, int]]:
    """Return what undoing left where it was: the kind of rows, why, and how many."""
    rows = merge.moves.exclude(left="").values_list("model", "left")
    return [(name_of(model), why, count) for (model, why), count in sorted(Counter(rows).items())]
