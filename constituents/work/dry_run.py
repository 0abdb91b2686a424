"""What a rule would have done with the events of the past month. It reads, and changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from constituents.models import ActionKind, Constituent, Rule, RuleAction, WorkEvent
from constituents.work import actions
from constituents.work.conditions import among, unmet
from constituents.work.kinds import Event, Happening, find_event
from core import clock

PERIOD = dt.timedelta(days=30)
# Newest first; a month of a very large organisation is answered by its latest part.
MOST = 5_000
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Meeting:
    """A rule beside an event of the past."""

    constituent: Constituent
    at: dt.datetime
    why_not: str
    deeds: list[str]


@dataclass(frozen=True, slots=True)
class DryRun:
    """How many events there were, for how many the rule would have acted, and the newest of each."""

    events: int
    would_act: int
    acted_on: list[Meeting]
    left_alone: list[Meeting]


def dry_run(rule: Rule, *, steps: Iterable[RuleAction] | None = None, now: dt.datetime | None = None) -> DryRun:
    """Play the past month to a rule, saved or not; `steps` are the actions of one that is not saved yet."""
    event = find_event(rule.event)
    if event is None:
        return DryRun(0, 0, [], [])
    happenings = list(_happenings(event, (now or clock.now()) - PERIOD))
    keys = {happening.constituent_id for happening in happenings}
    chosen = among(rule.criteria, keys)
    verdicts = [(happening, _why_not(rule, event, happening, chosen)) for happening in happenings]
    acted_on = [pair for pair in verdicts if not pair[1]]
    left_alone = [pair for pair in verdicts if pair[1]]
    shown = [*acted_on[:SHOWN], *left_alone[:SHOWN]]
    people = Constituent.objects.prefetch_related("emails").in_bulk(
        {happening.constituent_id for happening, _w in shown}
    )
    todo = list(rule.actions.all()) if steps is None else list(steps)
    return DryRun(
        events=len(verdicts),
        would_act=len(acted_on),
        acted_on=[_meeting(*pair, people, todo) for pair in acted_on[:SHOWN]],
        left_alone=[_meeting(*pair, people, []) for pair in left_alone[:SHOWN]],
    )


def _happenings(event: Event, since: dt.datetime) -> Iterable[Happening]:
    if event.past is not None:
        return list(event.past(since))[:MOST]
    rows = WorkEvent.objects.filter(name=event.name, happened_at__gte=since).order_by("-happened_at", "-pk")[:MOST]
    return [Happening(row.constituent_id, row.key, row.facts, at=row.happened_at) for row in rows]


def _why_not(rule: Rule, event: Event, happening: Happening, chosen: set[int]) -> str:
    if why := unmet(event, rule.conditions, happening.facts):
        return why
    return "" if happening.constituent_id in chosen else _("They are not among those the rule is for.")


def _meeting(happening: Happening, why_not: str, people: dict[int, Constituent], todo: Iterable[RuleAction]) -> Meeting:
    constituent = people[happening.constituent_id]
    return Meeting(constituent, happening.at or clock.now(), why_not, [_would(action, constituent) for action in todo])


def _would(action: RuleAction, constituent: Constituent) -> str:
    text = actions.in_words(action)
    if action.kind == ActionKind.LETTER and (why := actions.why_not_written_to(action, constituent)):
        return _("not: %(what)s. %(why)s") % {"what": text, "why": why}
    return text
