"""Events from Stripe: checked, stored under their own id, and handled beside the web.

Storing is all that happens while Stripe waits for its answer. The same event again is the same row.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Mapping
from typing import Any

import stripe
from django.db import transaction
from django.db.models import F
from django_tasks import task

from core import clock
from donations.errors import OnlineGivingOffError, WrongModeError
from donations.models import EventState, StripeEvent
from donations.stripe import mode
from donations.stripe.events import handler_for, object_id

logger = logging.getLogger("donations.stripe")

# Seconds; what is older may be a recording that somebody plays again.
TOLERANCE = 300
# After so many tries an event waits for staff. With the pauses between them that is about two days.
MOST_TRIES = 12
_FIRST_PAUSE, _LONGEST_PAUSE = dt.timedelta(minutes=1), dt.timedelta(hours=6)


def receive(body: bytes, signature: str) -> StripeEvent:
    """Check a message and store its event; return the row, new or known.

    Raises stripe.SignatureVerificationError when it is forged, stale or unsigned, ValueError when it is no event,
    WrongModeError when it speaks of the other kind of money, OnlineGivingOffError where nothing is set up.
    """
    secret = mode.webhook_secret()
    if not mode.current().is_on or not secret:
        raise OnlineGivingOffError
    stripe.Webhook.construct_event(body, signature, secret, tolerance=TOLERANCE)
    payload = json.loads(body)
    if payload.get("object") != "event" or not payload.get("id"):
        raise ValueError("This is no event.")
    return store(payload)


@transaction.atomic
def store(payload: Mapping[str, Any]) -> StripeEvent:
    """Store an event that is known to come from Stripe, once, and have it handled. Raises WrongModeError."""
    if bool(payload["livemode"]) is not mode.current().is_live:
        raise WrongModeError(f"Event {payload['id']} is of the other mode.")
    event, is_new = _kept(payload)
    if is_new and event.state == EventState.RECEIVED:
        handle_event.enqueue(event.pk)
    return event


def keep(payload: Mapping[str, Any]) -> StripeEvent:
    """Store an event that was read from Stripe's own list, once; whoever calls looks at it."""
    return _kept(payload)[0]


def _kept(payload: Mapping[str, Any]) -> tuple[StripeEvent, bool]:
    about, now = object_id(payload), clock.now()
    # With `account` it happened on an account that is connected to ours, of which we cannot ask.
    is_used = handler_for(payload["type"]) is not None and bool(about) and not payload.get("account")
    return StripeEvent.objects.get_or_create(
        id=payload["id"],
        defaults={
            "type": payload["type"],
            "object_id": about,
            "created": dt.datetime.fromtimestamp(payload["created"], tz=dt.UTC),
            "livemode": payload["livemode"],
            "payload": payload,
            "state": EventState.RECEIVED if is_used else EventState.IGNORED,
            "received_at": now,
            "handled_at": None if is_used else now,
        },
    )


def note_done(event: StripeEvent) -> None:
    """Note that what an event is about has just been looked at."""
    StripeEvent.objects.filter(pk=event.pk).update(state=EventState.DONE, error="", handled_at=clock.now())


@task
def handle_event(event_id: str) -> None:
    """Handle an event, if that is still to be done."""
    event = StripeEvent.objects.filter(pk=event_id).exclude(state__in=[EventState.DONE, EventState.IGNORED]).first()
    if event is not None:
        handle(event)


def handle(event: StripeEvent) -> StripeEvent:
    """Have the object of an event looked at; what goes wrong ends in the row, where staff see it. Safe at any time."""
    handler = handler_for(event.type)
    state, error = EventState.IGNORED, ""
    if handler is not None and event.object_id:
        try:
            handler(event.object_id)
            state = EventState.DONE
        except Exception as raised:  # whatever it is must end in the row, and the event be tried again
            logger.exception("Event %s (%s) could not be handled.", event.pk, event.type)
            state, error = EventState.FAILED, f"{type(raised).__name__}: {raised}"
    StripeEvent.objects.filter(pk=event.pk).update(
        state=state, error=error, tries=F("tries") + 1, handled_at=clock.now()
    )
    event.refresh_from_db(fields=["state", "error", "tries", "handled_at"])
    return event


def pause_after(tries: int) -> dt.timedelta:
    """Return how long a failed event rests: 1 minute, 2, 4 and so on, to 6 hours."""
    return min(_FIRST_PAUSE * 2 ** min(tries - 1, 20), _LONGEST_PAUSE)


def due(now: dt.datetime) -> list[StripeEvent]:
    """Return the events to be tried now: failed ones that have rested, and received ones nobody came for."""
    failed = StripeEvent.objects.failed().filter(tries__lt=MOST_TRIES).order_by("received_at", "pk")[:1_000]
    rested = [event for event in failed if event.handled_at and event.handled_at + pause_after(event.tries) <= now]
    return [
        *rested,
        *StripeEvent.objects.left_over(now - dt.timedelta(minutes=10)).order_by("received_at", "pk")[:1_000],
    ]


def try_due(*, now: dt.datetime) -> int:
    """Have the events handled that are due; return how many. Rung by the clock."""
    events = due(now)
    for event in events:
        handle_event.enqueue(event.pk)
    return len(events)
