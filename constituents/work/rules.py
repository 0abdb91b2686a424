"""Each rule meets each event once, and every meeting is logged: done, did not apply and why, or failed and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django_tasks import task

from constituents.models import Rule, RuleAction, RuleOutcome, RuleRun, WorkEvent
from constituents.work import actions
from constituents.work.actions import Deed
from constituents.work.conditions import criteria_hold, unmet
from constituents.work.kinds import answering, find_event
from core import clock
from core.staff.refusals import REFUSALS, explain

# What one task answers before it makes way for others.
MOST = 1_000
# A rule can be tried out on the past month.
REMEMBERED = dt.timedelta(days=60)


@task
def answer_events() -> None:
    """Have the rules answer what waits: queued by what happened, in its own transaction."""
    answer_waiting()


def see_to_what_waits(*, now: dt.datetime) -> None:
    """Have what waits answered, in case its task was cut off; the clock calls this."""
    if WorkEvent.objects.waiting().exists():
        answer_events.enqueue()


def forget_old_events(*, now: dt.datetime) -> None:
    """Forget events that no rule met, once they are too old to try a rule out on."""
    old = WorkEvent.objects.filter(happened_at__lt=now - REMEMBERED, handled_at__isnull=False, rule_runs__isnull=True)
    WorkEvent.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:50_000])).delete()


def answer_waiting() -> int:
    """Answer the events that wait, oldest first; return how many."""
    answered = 0
    waiting = WorkEvent.objects.waiting().select_related("constituent", "by")
    for event in list(waiting.prefetch_related("about")[:MOST]):
        answer(event)
        answered += 1
    if answered == MOST:
        answer_events.enqueue()
    return answered


def answer(event: WorkEvent) -> list[RuleRun]:
    """Have every rule that is on and listens for the event meet it; return the meetings that took place here."""
    rules = Rule.objects.filter(event=event.name, is_active=True).prefetch_related("actions").order_by("name")
    runs = [run for rule in rules if (run := meet(rule, event)) is not None]
    WorkEvent.objects.filter(pk=event.pk, handled_at=None).update(handled_at=clock.now())
    return runs


@transaction.atomic
def meet(rule: Rule, event: WorkEvent) -> RuleRun | None:
    """Have one rule meet one event, once: None when it has met it already, here or in another process.

    The log's row is written first: of two processes the database lets one through, and the other waits for it.
    """
    try:
        with transaction.atomic():
            run = RuleRun.objects.create(rule=rule, event=event, outcome=RuleOutcome.NOT_MET)
    except IntegrityError:
        return None
    run.why = why_not(rule, event)
    if not run.why:
        with answering(event):
            deeds = [_try(action, event, rule) for action in rule.actions.all()]
        failed = [deed for deed in deeds if deed.refused]
        run.outcome = RuleOutcome.FAILED if failed else RuleOutcome.DONE
        run.why = " ".join(deed.text for deed in failed)[:500]
        run.done = [asdict(deed) for deed in deeds if not deed.refused]
    run.save(update_fields=["outcome", "why", "done"])
    return run


def why_not(rule: Rule, event: WorkEvent) -> str:
    """Return why the rule does not apply to the event; empty when it does."""
    kind = find_event(rule.event)
    if kind is None:
        return _("Nothing announces this event any more.")
    if why := unmet(kind, rule.conditions, event.facts):
        return why
    return "" if criteria_hold(rule.criteria, event.constituent) else _("They are not among those the rule is for.")


def _try(action: RuleAction, event: WorkEvent, rule: Rule) -> Deed:
    """Do one action, whole or not at all: one that is refused keeps none of the others back."""
    reason = _("Rule “%(rule)s”") % {"rule": rule}
    try:
        with transaction.atomic():
            return actions.act(action, event, reason=reason)
    except REFUSALS as error:
        return Deed(explain(error), refused=True)
