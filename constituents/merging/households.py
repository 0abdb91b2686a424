"""Households in a merge: one at a time, no day in two of them, and each gift of the person in one of them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from constituents.merging.plan import MERGED
from constituents.models import HouseholdMembership
from core import clock

if TYPE_CHECKING:
    from constituents.merging.plan import MergePlan
    from constituents.merging.relations import Relation

HOUSEHOLD = "household"
_ONE_DAY = dt.timedelta(days=1)


def one_household(plan: MergePlan, relation: Relation) -> None:
    """Keep one open time in a household: where both have one, in the household that was picked.

    Past times move unless the record kept lived elsewhere on some of their days: those stay with the merged record.
    """
    mine, theirs = relation.rows_of_both(plan)
    here = next((row for row in mine if row.until is None), None)
    there = next((row for row in theirs if row.until is None), None)
    past = [row for row in theirs if row.until is not None]
    free = [row for row in past if not any(_overlap(row, own) for own in mine)]
    plan.move(relation, free)
    plan.stay(relation, [row for row in past if row not in free])
    if there is None:
        return
    before = [row for row in [*mine, *free] if row.until is not None]
    if here is None:
        _move_in(plan, relation, there, _first_free_day(before))
    elif here.household_id == there.household_id:
        _live_together(plan, here, there)
    elif plan.picked(HOUSEHOLD) == MERGED:
        _leave(plan, here)
        _move_in(plan, relation, there, clock.today())
    else:
        _leave(plan, there)


def _live_together(plan: MergePlan, here: HouseholdMembership, there: HouseholdMembership) -> None:
    """Make the two open times in one household one, from the earlier first day; no day is lost."""
    plan.remove(there)
    since = None if here.since is None or there.since is None else min(here.since, there.since)
    plan.change(here, since=since)


def _leave(plan: MergePlan, row: HouseholdMembership) -> None:
    """End an open time yesterday, or take it away when it had not begun by then."""
    yesterday = clock.today() - _ONE_DAY
    if row.since is not None and row.since > yesterday:
        plan.remove(row)
    else:
        plan.change(row, until=yesterday)


def _move_in(plan: MergePlan, relation: Relation, row: HouseholdMembership, earliest: dt.date | None) -> None:
    """Move an open time, from a day on which the record kept lived nowhere else."""
    if earliest is not None and (row.since is None or row.since < earliest):
        plan.change(row, since=earliest)
    plan.move(relation, [row])


def _first_free_day(rows: list[HouseholdMembership]) -> dt.date | None:
    last = max((row.until for row in rows if row.until is not None), default=None)
    return last + _ONE_DAY if last is not None else None


def _overlap(one: HouseholdMembership, other: HouseholdMembership) -> bool:
    starts_in_time = one.since is None or other.until is None or one.since <= other.until
    ends_in_time = one.until is None or other.since is None or one.until >= other.since
    return starts_in_time and ends_in_time
