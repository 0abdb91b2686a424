"""The timeline: everything that happened with a constituent, newest first, offered by every app above.

A source is asked for at most `limit` events that come after where the page before ended (`core.staff.cursor.Before`
narrows its rows to them), newest first and of one instant the higher keys first. The page merges the sources' newest,
so it costs one query a source whatever the length of the history.

    def call_events(constituent, before, limit):
        calls = Call.objects.filter(constituent=constituent).order_by("-at", "-pk")
        if before is not None:
            calls = before.narrow(calls, "at")
        for call in calls[:limit]:
            yield TimelineEvent(at=call.at, kind="call", pk=call.pk, title=call.subject)

    register_timeline_source(TimelineSource("call", _("Calls"), call_events, permission="calls.view_call"))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from constituents.models import Constituent
from core.staff.cursor import Before, Cursor, newest_first
from core.staff.parts import TimelineEvent

__all__ = ["Before", "Cursor", "TimelineEvent", "TimelineSource", "register_timeline_source", "sources_for", "timeline"]


Events = Callable[[Constituent, Before | None, int], Iterable[TimelineEvent]]


@dataclass(frozen=True, slots=True)
class TimelineSource:
    """Where events of one kind come from, and the permission a reader needs to see them."""

    kind: str
    label: str | Promise
    events: Events
    permission: str = ""


_sources: dict[str, TimelineSource] = {}


def register_timeline_source(source: TimelineSource) -> None:
    """Offer events of one kind; called from an app's AppConfig.ready()."""
    _sources[source.kind] = source


def sources_for(user: object) -> list[TimelineSource]:
    """Return the sources whose events the user may see."""
    return [
        source
        for source in _sources.values()
        if not source.permission or user.has_perm(source.permission)  # type: ignore[attr-defined]
    ]


def timeline(
    constituent: Constituent,
    *,
    user: object,
    kinds: Iterable[str] = (),
    before: Cursor | None = None,
    limit: int = 30,
) -> list[TimelineEvent]:
    """Return the newest events the user may see, of the kinds asked for, after where the page before ended."""
    wanted = set(kinds)
    events: list[TimelineEvent] = []
    for source in sources_for(user):
        if not wanted or source.kind in wanted:
            events.extend(source.events(constituent, before.before(source.kind) if before else None, limit))
    return newest_first(events)[:limit]
