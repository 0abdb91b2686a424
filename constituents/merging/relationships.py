"""Relationships in a merge: nobody is related to themselves, and nobody twice to the same in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from constituents.models import Relationship

if TYPE_CHECKING:
    from constituents.merging.plan import MergePlan
    from constituents.merging.relations import Relation


def each_relationship_once(plan: MergePlan, relation: Relation) -> None:
    """Move the relationships; those between the two records, and those the record kept has too, are taken away."""
    both = [plan.kept.pk, plan.merged.pk]
    rows = Relationship.objects.filter(Q(first__in=both) | Q(second__in=both)).select_related("type").order_by("pk")
    of_kept = [row for row in rows if plan.kept.pk in (row.first_id, row.second_id)]
    mine = {_seen_from(row, plan.kept.pk) for row in of_kept if row.until is None}
    has_primary = any(row.is_primary and row.first_id == plan.kept.pk for row in of_kept)
    for row in rows:
        if getattr(row, relation.column) != plan.merged.pk:
            continue
        seen = _seen_from(row, plan.merged.pk)
        if seen[1] == plan.kept.pk or (row.until is None and seen in mine):
            plan.remove(row)
            continue
        if row.is_primary and row.first_id == plan.merged.pk and has_primary:
            plan.change(row, is_primary=False)
        plan.move(relation, [row])


def _seen_from(row: Relationship, pk: int) -> tuple[int, int, bool]:
    """Return the type, whom it is with, and whether the record is the first of the two, where that matters."""
    is_first = row.first_id == pk
    return row.type_id, row.second_id if is_first else row.first_id, is_first or row.type.is_symmetric
