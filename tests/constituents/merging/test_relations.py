"""Every relation that leads to a constituent says what a merge does to it: a new table cannot be forgotten."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.contenttypes.fields import GenericForeignKey
from django.db.models import F, Model, UniqueConstraint

from constituents.merging.relations import Fate, Relation, leading_to_constituents, relations


def test_every_relation_to_a_constituent_is_declared() -> None:
    declared = {relation.label for relation in relations()}
    missing = [label for label in leading_to_constituents() if label not in declared]
    assert missing == [], "Declare these in their app's merging.py: docs/reference/merging.md says how."


def test_nothing_is_declared_that_is_not_there() -> None:
    there = set(leading_to_constituents())
    assert [relation.label for relation in relations() if relation.label not in there] == []


def test_what_stays_says_why() -> None:
    assert [r.label for r in relations(Fate.LINEAGE, Fate.DERIVED) if not r.reason] == []


def test_a_relation_that_can_clash_says_what_becomes_of_both_rows() -> None:
    silent = [
        relation.label
        for relation in relations(Fate.REPOINTED)
        if relation.on_conflict is None and any(_columns_that_must_be_unique(relation))
    ]
    assert silent == [], "Both records may have such a row: say with `on_conflict` what becomes of them."


def _columns_that_must_be_unique(relation: Relation) -> Iterator[str]:
    """Yield the name of every unique rule of the model that the constituent is a part of."""
    if isinstance(relation.field, GenericForeignKey):
        parts = {relation.field.ct_field, relation.field.fk_field}
    else:
        parts = {relation.field.name}
        if relation.field.unique:
            yield relation.label
    model: type[Model] = relation.model
    for together in model._meta.unique_together:
        if parts & set(together):
            yield f"{relation.label}: {together}"
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and parts & _fields_of(constraint):
            yield constraint.name


def _fields_of(constraint: UniqueConstraint) -> set[str]:
    inside = {part.name for whole in constraint.expressions for part in whole.flatten() if isinstance(part, F)}
    return inside | set(constraint.fields)
