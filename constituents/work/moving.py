"""What follows a step moves with it: called by the verbs, inside their transaction."""

from __future__ import annotations

import datetime as dt

from accounts.models import User
from constituents.models import CountedFrom, FollowUp, FollowUpState
from constituents.work.dates import due_after
from core import audit, clock


def counts_from(step: FollowUp, parent: FollowUp) -> dt.date:
    """Return the day the step's own days are counted from: until its parent is done, the day that is due."""
    if step.counted_from == CountedFrom.DONE and parent.state == FollowUpState.DONE and parent.closed_at:
        return clock.local_date(parent.closed_at)
    return parent.due_on


def move_what_follows(parent: FollowUp, *, by: User | None) -> list[FollowUp]:
    """Put every open step that follows on its new day, and what follows that; return those that moved."""
    moved: list[FollowUp] = []
    steps = FollowUp.objects.select_for_update(of=("self",)).filter(parent=parent).exclude(counted_from="")
    for step in steps.open().order_by("pk"):
        due = due_after(counts_from(step, parent), step.days_after or 0, skips_weekends=step.skips_weekends)
        if due == step.due_on:
            continue
        before, step.due_on = step.due_on, due
        step.escalated_at = None
        step.save(update_fields=["due_on", "escalated_at"])
        audit.record(
            "follow_up.moved_along", step, by=by, old={"due_on": before}, new={"due_on": due}, about=step.constituent
        )
        moved += [step, *move_what_follows(step, by=by)]
    return moved


def keep_new_distance(step: FollowUp) -> None:
    """After a person put a step on another day: that is its distance now. Moved before its parent, it follows no more.

    Changes the row in memory only.
    """
    if step.parent is not None and step.counted_from:
        begins = counts_from(step, step.parent)
    elif step.run is not None:
        begins = step.run.starts_on
    else:
        return
    days = (step.due_on - begins).days
    if days >= 0:
        step.days_after = days
    else:
        step.parent, step.counted_from, step.days_after = None, "", None
