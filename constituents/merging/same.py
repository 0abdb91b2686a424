"""What becomes of rows that both records have: one e-mail address, one tag, one list they are both on."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from constituents.merging.plan import MERGED
from constituents.merging.relations import OnConflict

if TYPE_CHECKING:
    from constituents.merging.plan import MergePlan
    from constituents.merging.relations import Relation


def remove_if_same(*fields: str) -> OnConflict:
    """Move the rows; those that the record kept has too, told by these fields, are taken away until an undo."""

    def decide(plan: MergePlan, relation: Relation) -> None:
        mine, theirs = relation.rows_of_both(plan)
        known = {_key(row, fields) for row in mine}
        for row in theirs:
            if _key(row, fields) in known:
                plan.remove(row)
            else:
                plan.move(relation, [row])

    return decide


def stay_if_same(*fields: str, first: str = "", choice: str = "", stricter: Sequence[str] = ()) -> OnConflict:
    """Move the rows; those that the record kept has too, told by these fields, stay with the merged one.

    `first` is a flag that one row of a record may carry; `choice` names whose is first afterwards. A flag in `stricter`
    that is set on a row that stays is set on its twin.
    """

    def decide(plan: MergePlan, relation: Relation) -> None:
        mine, theirs = relation.rows_of_both(plan)
        twins = {_key(row, fields): row for row in reversed(mine)}
        moving = [row for row in theirs if _key(row, fields) not in twins]
        staying = [row for row in theirs if _key(row, fields) in twins]
        for row in staying:
            twin = twins[_key(row, fields)]
            plan.change(twin, **{flag: True for flag in stricter if getattr(row, flag) and not getattr(twin, flag)})
        winner = _first_of(plan, mine, theirs, first, choice) if first else None
        if winner is not None and winner in staying:
            winner = twins[_key(winner, fields)]
        for row in [*mine, *moving]:
            if first and getattr(row, first) and row is not winner:
                plan.change(row, **{first: False})
        plan.move(relation, moving)
        plan.stay(relation, staying)
        if winner is not None and winner in mine:
            plan.change(winner, **{first: True})

    return decide


def _first_of(plan: MergePlan, mine: list[Any], theirs: list[Any], first: str, choice: str) -> Any:
    """Return the row that is used first afterwards: the kept record's, unless it has none or the other's was picked."""
    own = next((row for row in mine if getattr(row, first)), None)
    other = next((row for row in theirs if getattr(row, first)), None)
    if other is not None and (own is None or plan.picked(choice) == MERGED):
        return other
    return own


def _key(row: Model, fields: Sequence[str]) -> Hashable:
    return tuple(_folded(getattr(row, field)) for field in fields)


def _folded(value: Any) -> Hashable:
    return " ".join(value.casefold().split()) if isinstance(value, str) else value
