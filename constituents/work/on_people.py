"""What a constituent's page says about work: the next step, open follow-ups and plans, and what was done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from constituents.models import Constituent, FollowUp, FollowUpState
from constituents.panels import Action, Chip, NextStep, Panel
from constituents.timeline import Before, TimelineEvent, TimelineSource
from constituents.work.pointers import pointers_of
from core import clock
from core.theme.figures import part_in_words

VIEW = "constituents.view_followup"
_SEEN = "work_seen"
# What the panel shows; the list has the rest.
_SHOWN = 12


def open_steps(constituent: Constituent) -> list[FollowUp]:
    """Return what is to be done with them, the next first; asked once for a page."""
    if not hasattr(constituent, _SEEN):
        rows = FollowUp.objects.open().filter(constituent=constituent).for_list().in_order()
        setattr(constituent, _SEEN, list(rows[:_SHOWN]))
    return getattr(constituent, _SEEN)


def next_step(constituent: Constituent) -> FollowUp | None:
    """Return the very next step, or None."""
    return next(iter(open_steps(constituent)), None)


def next_steps(constituent: Constituent) -> Iterator[NextStep]:
    """The very next step, under the name."""
    if step := next_step(constituent):
        is_overdue = step.due_on < clock.today()
        yield NextStep(
            label=f"{step.get_kind_display()}: {step.subject}",
            url=reverse("follow_ups:inspect", args=[step.pk]),
            due=_due_in_words(step),
            who=str(step.whose or ""),
            tone="wrong" if is_overdue else "quiet",
            done_url=f"{reverse('follow_ups:done', args=[step.pk])}?{urlencode({'next': _page_of(constituent)})}",
        )


def chips(constituent: Constituent) -> Iterator[Chip]:
    """Say when something is overdue."""
    step = next_step(constituent)
    if step is not None and step.due_on < clock.today():
        yield Chip(gettext_lazy("Follow-up overdue"), "wrong")


def adding(constituent: Constituent) -> Iterator[Action]:
    """Add a follow-up."""
    yield Action(gettext_lazy("Add follow-up"), _address("follow_ups:add", constituent), icon="tasks", order=20)


def starting(constituent: Constituent) -> Iterator[Action]:
    """Start a plan."""
    yield Action(gettext_lazy("Start a plan"), _address("plan_runs:start", constituent), icon="list-ol", order=70)


def _address(name: str, constituent: Constituent) -> str:
    return f"{reverse(name)}?{urlencode({'constituent': constituent.pk})}"


def _panel(constituent: Constituent) -> dict[str, Any]:
    steps = open_steps(constituent)
    return {
        "follow_ups": steps,
        "abouts": pointers_of(steps),
        "today": clock.today(),
        "add_url": _address("follow_ups:add", constituent),
        "here": _page_of(constituent),
    }


panel = Panel("work", gettext_lazy("Next steps"), "wagtailadmin/work/panel.html", _panel, order=30, permission=VIEW)


def _events(constituent: Constituent, before: Before | None, limit: int) -> Iterable[TimelineEvent]:
    closed = FollowUp.objects.filter(constituent=constituent).exclude(state=FollowUpState.OPEN)
    # What was logged as contact stands on the timeline as that.
    rows = closed.filter(interaction__isnull=True).order_by("-closed_at", "-pk")
    if before:
        rows = before.narrow(rows, "closed_at")
    for row in rows[:limit]:
        assert row.closed_at is not None  # noqa: S101 - a constraint says so
        yield TimelineEvent(
            at=row.closed_at,
            kind="follow_up",
            pk=row.pk,
            title=f"{row.get_state_display()}: {row.subject}",
            detail=row.outcome,
            url=reverse("follow_ups:inspect", args=[row.pk]),
            icon="check" if row.state == FollowUpState.DONE else "cross",
        )


timeline_source = TimelineSource("follow_up", gettext_lazy("Follow-ups"), _events, VIEW)


def _page_of(constituent: Constituent) -> str:
    return reverse("constituents:inspect", args=[constituent.pk])


def _due_in_words(step: FollowUp) -> str:
    days = (step.due_on - clock.today()).days
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    return near.get(days) or part_in_words(step.due_on, "MMMd")
