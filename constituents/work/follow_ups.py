"""The verbs of one follow-up. Each leaves an audit entry on the follow-up and on the constituent's history."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.errors import FollowUpStateError
from constituents.models import (
    Constituent,
    FollowUp,
    FollowUpKind,
    FollowUpState,
    InteractionKind,
    PlanRun,
    Priority,
    RunState,
)
from constituents.services.contacting import log_interaction
from constituents.work.moving import keep_new_distance, move_what_follows
from core import audit, clock

AUDITED = ["kind", "subject", "note", "due_on", "priority", "owner", "team", "state", "outcome"]

# What a finished follow-up is logged as; a task is contact with nobody.
CONTACT = {
    FollowUpKind.CALL: InteractionKind.CALL,
    FollowUpKind.LETTER: InteractionKind.LETTER,
    FollowUpKind.EMAIL: InteractionKind.EMAIL,
    FollowUpKind.VISIT: InteractionKind.MEETING,
}


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done after this."""

    subject: str
    due_on: dt.date
    kind: str = FollowUpKind.CALL


@transaction.atomic
def add_follow_up(
    *,
    constituent: Constituent,
    subject: str,
    due_on: dt.date,
    by: User | None,
    kind: str = FollowUpKind.CALL,
    owner: User | None = None,
    team: Group | None = None,
    priority: int = Priority.NORMAL,
    note: str = "",
    about: Model | None = None,
    reason: str = "",
    **placement: Any,
) -> FollowUp:
    """Note a dated next step. `about` is the gift or other record it is about; `placement` its place in a plan."""
    follow_up = FollowUp(
        constituent=constituent,
        subject=subject,
        due_on=due_on,
        kind=kind,
        owner=owner,
        team=team,
        priority=priority,
        note=note,
        about=about,
        created_by=by,
        **placement,
    )
    follow_up.full_clean()
    follow_up.save()
    new = audit.snapshot(follow_up, AUDITED)
    audit.record("follow_up.added", follow_up, by=by, new=new, reason=reason, about=constituent)
    return follow_up


@transaction.atomic
def change_follow_up(follow_up: FollowUp, *, by: User | None, **changed: Any) -> FollowUp:
    """Change what is to be done, by whom or when; what follows moves along. Raises FollowUpStateError when closed."""
    locked = _locked(follow_up)
    _must_be_open(locked)
    before, due_before = audit.snapshot(locked, AUDITED), locked.due_on
    for name, value in changed.items():
        setattr(locked, name, value)
    if locked.due_on != due_before:
        keep_new_distance(locked)
        # It gets a new chance before anybody else hears of it.
        locked.escalated_at = None
    locked.full_clean()
    locked.save()
    old, new = audit.changes(before, audit.snapshot(locked, AUDITED))
    if new:
        audit.record("follow_up.changed", locked, by=by, old=old, new=new, about=locked.constituent)
    if locked.due_on != due_before:
        move_what_follows(locked, by=by)
    return locked


def reassign(follow_up: FollowUp, *, by: User | None, owner: User | None = None, team: Group | None = None) -> FollowUp:
    """Hand it to another person, or to a team."""
    return change_follow_up(follow_up, by=by, owner=owner, team=team)


def postpone(follow_up: FollowUp, *, by: User | None, due_on: dt.date) -> FollowUp:
    """Put it on another day."""
    return change_follow_up(follow_up, by=by, due_on=due_on)


@transaction.atomic
def complete(
    follow_up: FollowUp,
    *,
    by: User | None,
    outcome: str = "",
    log: bool = True,
    next_step: NextStep | None = None,
) -> FollowUp:
    """Finish it: log the contact it was, and note the next step when there is one. Returns that, or the finished one.

    Raises FollowUpStateError when it is finished already.
    """
    locked = _locked(follow_up)
    contact = CONTACT.get(FollowUpKind(locked.kind))
    if log and contact:
        locked.interaction = log_interaction(
            locked.constituent, subject=locked.subject, notes=outcome, kind=contact, by=by
        )
    _close(locked, FollowUpState.DONE, outcome=outcome, by=by, verb="follow_up.done")
    if next_step is None:
        return locked
    return add_follow_up(
        constituent=locked.constituent,
        subject=next_step.subject,
        due_on=next_step.due_on,
        kind=next_step.kind,
        owner=locked.owner or by,
        about=locked.about,
        by=by,
    )


@transaction.atomic
def drop(follow_up: FollowUp, *, by: User | None, reason: str) -> FollowUp:
    """Decide that it will not be done, and say why. What follows it keeps its day."""
    locked = _locked(follow_up)
    _close(locked, FollowUpState.DROPPED, outcome=reason, by=by, verb="follow_up.dropped")
    return locked


@transaction.atomic
def reopen(follow_up: FollowUp, *, by: User | None) -> FollowUp:
    """Take back that it was finished or dropped. What was logged as contact stays: it happened, or is deleted there.

    Raises FollowUpStateError when it is open.
    """
    locked = _locked(follow_up)
    if locked.is_open:
        raise FollowUpStateError(_("This follow-up is open already."))
    old = {"state": locked.state, "outcome": locked.outcome}
    locked.state, locked.outcome, locked.closed_at, locked.closed_by = FollowUpState.OPEN, "", None, None
    locked.save(update_fields=["state", "outcome", "closed_at", "closed_by"])
    audit.record(
        "follow_up.reopened", locked, by=by, old=old, new={"state": FollowUpState.OPEN}, about=locked.constituent
    )
    move_what_follows(locked, by=by)
    _see_to_run(locked)
    return locked


def _close(follow_up: FollowUp, state: FollowUpState, *, outcome: str, by: User | None, verb: str) -> None:
    _must_be_open(follow_up)
    follow_up.state, follow_up.outcome = state, outcome
    follow_up.closed_at, follow_up.closed_by = clock.now(), by
    # Whoever does a team's step has taken it on.
    if follow_up.owner is None and state == FollowUpState.DONE and by is not None:
        follow_up.owner, follow_up.team = by, None
    follow_up.full_clean()
    follow_up.save()
    new = {"state": state, "outcome": outcome}
    audit.record(verb, follow_up, by=by, old={"state": FollowUpState.OPEN}, new=new, about=follow_up.constituent)
    if state == FollowUpState.DONE:
        move_what_follows(follow_up, by=by)
    _see_to_run(follow_up)


def _see_to_run(follow_up: FollowUp) -> None:
    """A plan is finished once none of its steps is open, and runs again when one is."""
    if follow_up.run_id is None:
        return
    run = PlanRun.objects.select_for_update(of=("self",)).get(pk=follow_up.run_id)
    if run.state == RunState.STOPPED:
        return
    is_open = run.follow_ups.open().exists()
    run.state, run.ended_at = (RunState.RUNNING, None) if is_open else (RunState.FINISHED, clock.now())
    run.full_clean(exclude=["plan", "constituent"])
    run.save(update_fields=["state", "ended_at"])


def _locked(follow_up: FollowUp) -> FollowUp:
    rows = FollowUp.objects.select_for_update(of=("self",)).select_related("constituent", "owner", "team", "parent")
    return rows.get(pk=follow_up.pk)


def _must_be_open(follow_up: FollowUp) -> None:
    if not follow_up.is_open:
        raise FollowUpStateError(_("“%(what)s” is finished already.") % {"what": follow_up})
