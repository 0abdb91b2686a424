"""Start, stop and move a plan, and say its dates before it is started."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.errors import PlanError
from constituents.models import (
    Constituent,
    CountedFrom,
    FollowUp,
    FollowUpState,
    Plan,
    PlanRun,
    PlanStep,
    RunState,
    StepAnchor,
)
from constituents.work.dates import Spacing, due_after, plan_dates
from constituents.work.follow_ups import add_follow_up
from constituents.work.moving import move_what_follows
from constituents.work.responsible import doer_of
from core import audit, clock

_COUNTED_FROM = {StepAnchor.DUE: CountedFrom.DUE, StepAnchor.DONE: CountedFrom.DONE}


def dates_of(steps: Sequence[PlanStep], start: dt.date, *, skips_weekends: bool) -> list[dt.date]:
    """Return when each step would be due, were the plan started that day."""
    spacings = [Spacing(step.days, step.anchor != StepAnchor.START) for step in steps]
    return plan_dates(spacings, start, skips_weekends=skips_weekends)


@transaction.atomic
def start_plan(
    plan: Plan,
    constituent: Constituent,
    *,
    by: User | None,
    starts_on: dt.date | None = None,
    starter: User | None = None,
    about: Model | None = None,
    reason: str = "",
) -> PlanRun:
    """Start a plan for somebody: all its steps at once, each with its day and its doer.

    Steps of “whoever starts it” fall to `starter`, and to `by` unless a rule names somebody else. Raises PlanError when
    the plan is not in use, has no steps, or runs for them already.
    """
    steps = list(plan.steps.order_by("sort_order", "pk"))
    if not plan.is_active:
        raise PlanError(_("“%(plan)s” is not in use.") % {"plan": plan})
    if not steps:
        raise PlanError(_("“%(plan)s” has no steps yet.") % {"plan": plan})
    start = starts_on or clock.today()
    try:
        with transaction.atomic():
            run = PlanRun.objects.create(plan=plan, constituent=constituent, starts_on=start, started_by=by)
    except IntegrityError as error:
        words = {"plan": plan, "person": constituent}
        raise PlanError(_("“%(plan)s” is already running for %(person)s.") % words) from error
    new = {"plan": plan.name, "starts_on": start}
    audit.record("plan.started", run, by=by, new=new, reason=reason, about=constituent)
    previous: FollowUp | None = None
    for step, due_on in zip(steps, dates_of(steps, start, skips_weekends=plan.skips_weekends), strict=True):
        doer = doer_of(step, constituent, starter=starter or by)
        counted_from = _COUNTED_FROM.get(StepAnchor(step.anchor), "") if previous else ""
        previous = add_follow_up(
            constituent=constituent,
            subject=step.subject,
            due_on=due_on,
            kind=step.kind,
            note=step.note,
            priority=step.priority,
            owner=doer.owner,
            team=doer.team,
            about=about,
            by=by,
            reason=reason,
            run=run,
            parent=previous if counted_from else None,
            counted_from=counted_from,
            days_after=step.days,
            skips_weekends=plan.skips_weekends,
        )
    return run


@transaction.atomic
def stop_plan(run: PlanRun, *, by: User | None, reason: str) -> PlanRun:
    """Stop a plan: what is done stays done, what is still to do is dropped.

    Raises PlanError when it is not running.
    """
    locked = _locked(run)
    if locked.state != RunState.RUNNING:
        raise PlanError(_("This plan is not running any more."))
    now = clock.now()
    locked.state, locked.reason, locked.ended_at = RunState.STOPPED, reason, now
    locked.save(update_fields=["state", "reason", "ended_at"])
    dropped = list(locked.follow_ups.open())
    locked.follow_ups.open().update(state=FollowUpState.DROPPED, outcome=reason, closed_at=now, closed_by=by)
    audit.record(
        "plan.stopped",
        locked,
        by=by,
        old={"state": RunState.RUNNING},
        new={"state": RunState.STOPPED, "dropped": [step.subject for step in dropped]},
        reason=reason,
        about=locked.constituent,
    )
    return locked


@transaction.atomic
def move_plan(run: PlanRun, *, by: User | None, starts_on: dt.date) -> PlanRun:
    """Have a running plan start on another day: every step that is still open moves with it.

    Raises PlanError when it is not running.
    """
    locked = _locked(run)
    if locked.state != RunState.RUNNING:
        raise PlanError(_("This plan is not running any more."))
    before, locked.starts_on = locked.starts_on, starts_on
    locked.save(update_fields=["starts_on"])
    audit.record(
        "plan.moved",
        locked,
        by=by,
        old={"starts_on": before},
        new={"starts_on": starts_on},
        about=locked.constituent,
    )
    for step in locked.follow_ups.open().filter(parent=None).order_by("pk"):
        if step.days_after is not None:
            step.due_on = due_after(starts_on, step.days_after, skips_weekends=step.skips_weekends)
        else:
            step.due_on += starts_on - before
        step.escalated_at = None
        step.save(update_fields=["due_on", "escalated_at"])
        move_what_follows(step, by=by)
    return locked


def _locked(run: PlanRun) -> PlanRun:
    return PlanRun.objects.select_for_update(of=("self",)).select_related("plan", "constituent").get(pk=run.pk)
