"""Everything a merge of two records would do, as the rows of its journal; planning reads, and writes nothing.

The same plan is shown before the merge, carried out by it, kept with it, and read backwards when it is undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise

from constituents.merging.relations import Fate, Relation, keys_of, relations
from constituents.models import Constituent, MergeMove, MoveKind
from core.audit.canonical import plain

KEPT, MERGED = "kept", "merged"


class MergePlan:
    """What becomes of every row when one record is merged into another.

    `choices` says for a name (a field, "email", "household", "user" ...) whose value stays: "kept" or "merged".
    A rule that only a person can decide adds to `refusals`; what they should know beforehand, to `warnings`.
    """

    def __init__(self, kept: Constituent, merged: Constituent, choices: Mapping[str, str] | None = None) -> None:
        self.kept = kept
        self.merged = merged
        self.choices = dict(choices or {})
        self.moves: list[MergeMove] = []
        self.refusals: list[str | Promise] = []
        self.warnings: list[str | Promise] = []

    def picked(self, name: str, default: str = KEPT) -> str:
        """Return whose value stays for a name."""
        return self.choices.get(name, default)

    # What can become of a row

    def move(self, relation: Relation, rows: Iterable[Model | int]) -> None:
        """Let rows that lead to the merged record lead to the one kept."""
        old, new = {relation.column: self.merged.pk}, {relation.column: self.kept.pk}
        for row in rows:
            key = row if isinstance(row, int) else row.pk
            self._add(MoveKind.MOVED, relation.model, key, old, new, relation.field_name)

    def stay(self, relation: Relation, rows: Iterable[Model]) -> None:
        """Leave rows with the merged record, because the one kept has the same."""
        for row in rows:
            self._add(MoveKind.STAYED, relation.model, row.pk, {}, {}, relation.field_name)

    def change(self, row: Model, **values: Any) -> None:
        """Write other values into columns of a row, named as attributes (`person_id`, `until`)."""
        old = {name: stored(row, name, getattr(row, name)) for name in values}
        new = {name: stored(row, name, value) for name, value in values.items()}
        if changed := [name for name in values if old[name] != new[name]]:
            self._add(
                MoveKind.CHANGED,
                type(row),
                row.pk,
                {name: old[name] for name in changed},
                {name: new[name] for name in changed},
            )

    def remove(self, row: Model) -> None:
        """Take a row away; the journal holds all of it."""
        self._add(MoveKind.REMOVED, type(row), row.pk, snapshot(row), {})

    def create(self, row: Model) -> None:
        """Add a row that the merge itself brings about."""
        self._add(MoveKind.CREATED, type(row), None, {}, snapshot(row))

    def _add(
        self,
        kind: MoveKind,
        model: type[Model],
        key: int | None,
        old: dict[str, Any],
        new: dict[str, Any],
        field: str = "",
    ) -> None:
        label = model._meta.concrete_model._meta.label  # type: ignore[union-attr]
        position = len(self.moves)
        self.moves.append(MergeMove(position=position, kind=kind, model=label, row=key, field=field, old=old, new=new))


def plan_relations(plan: MergePlan) -> None:
    """Add what becomes of the rows of every relation that moves."""
    moving = list(relations(Fate.REPOINTED))
    keys = keys_of([relation for relation in moving if relation.on_conflict is None], plan.merged.pk)
    for relation in moving:
        if relation.on_conflict is not None:
            relation.on_conflict(plan, relation)
        else:
            plan.move(relation, keys[relation.label])


def snapshot(row: Model) -> dict[str, Any]:
    """Return every column of a row but its key, as the journal keeps it."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key and not field.generated]
    return {field.attname: stored(row, field.attname, getattr(row, field.attname)) for field in fields}


def stored(row: Model | type[Model], name: str, value: Any) -> Any:
    """Return a column's value as the journal keeps it: in JSON's own types, exact to the microsecond."""
    return plain(column_of(row, name).get_prep_value(value))


def column_of(row: Model | type[Model], name: str) -> Any:
    """Return the field of a column named as an attribute."""
    return next(field for field in row._meta.concrete_fields if name in (field.attname, field.name))
