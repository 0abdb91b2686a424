"""What can happen with a constituent, and how an app says that it did.

    from constituents.work.events import Event, Fact, FactKind, announce, register_event

    register_event(Event("gift.posted", _("A gift is posted"), facts=[Fact("amount", _("Amount"), FactKind.NUMBER)]))

    announce("gift.posted", constituent=gift.donor, key=f"gift.posted:{gift.pk}", facts={"amount": "50.00"}, about=gift)

`announce` writes a row in the caller's transaction and queues its handling in the same: if that is rolled back, nothing
happened. The same key is the same event, however often it is announced. What rules cause is one deeper than what they
answered, and past a depth nothing is written any more: rules cannot chase each other in circles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model

from accounts.models import User
from constituents.models import Constituent, Rule, WorkEvent
from constituents.models.rule import DEEPEST
from constituents.work.kinds import Event, Fact, FactKind, Happening, find_event, next_depth, register_event
from constituents.work.rules import answer_events
from core import clock

__all__ = ["Event", "Fact", "FactKind", "Happening", "announce", "announce_many", "announce_together", "register_event"]


def announce(
    name: str,
    *,
    constituent: Constituent,
    key: str,
    facts: Mapping[str, Any] | None = None,
    about: Model | None = None,
    by: User | None = None,
) -> None:
    """Say that something happened, in the transaction that caused it."""
    announce_many(name, [Happening(constituent, key, facts or {}, about)], by=by)


def announce_many(name: str, happenings: Iterable[Happening], *, by: User | None = None) -> None:
    """Say that something happened with many, in a constant number of queries."""
    announce_together({name: happenings}, by=by)


@transaction.atomic
def announce_together(happened: Mapping[str, Iterable[Happening]], *, by: User | None = None) -> None:
    """Say that several things happened, each by its name, in as many queries as one takes.

    Raises LookupError for a name nobody registered.
    """
    for name in happened:
        if find_event(name) is None:
            raise LookupError(f"No event is called {name!r}: register_event() it in an AppConfig.ready().")
    depth = next_depth()
    if depth > DEEPEST:
        return
    now = clock.now()
    heard = set(Rule.objects.filter(event__in=happened, is_active=True).order_by().values_list("event", flat=True))
    rows = [
        WorkEvent(
            name=name,
            key=happening.key,
            constituent_id=happening.constituent_id,
            facts=dict(happening.facts),
            about_type=ContentType.objects.get_for_model(happening.about) if happening.about else None,
            about_id=happening.about.pk if happening.about else None,
            happened_at=happening.at or now,
            by=by,
            depth=depth,
            # Without a rule that listens it is only remembered, for trying a rule out.
            handled_at=None if name in heard else now,
        )
        for name, happenings in happened.items()
        for happening in happenings
    ]
    WorkEvent.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    if any(row.name in heard for row in rows):
        answer_events.enqueue()
