"""What volunteering announces to the rules: somebody signs up, or is put on the waiting list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from constituents.work.events import Event, Fact, FactKind, Happening, announce_many, register_event
from volunteers.models import Opportunity, SignUp, SignUpStatus

SIGNED_UP = "volunteer.signed_up"


def register_events() -> None:
    """Offer volunteering's events to the rules."""
    facts = [
        Fact("opportunity", _("opportunity"), FactKind.CHOICE, _opportunities),
        Fact("is_first", _("it is their first sign-up"), FactKind.YES_NO),
        Fact("is_waiting", _("the shift is full: they wait"), FactKind.YES_NO),
    ]
    register_event(Event(SIGNED_UP, _("Somebody signs up for a shift"), facts, past=sign_ups_since, order=30))


def announce_sign_up(sender: object, *, sign_up: SignUp, by: User | None, **_kwargs: Any) -> None:
    """Tell the rules of a sign-up."""
    is_first = not SignUp.objects.filter(volunteer=sign_up.volunteer_id).exclude(pk=sign_up.pk).exists()
    announce_many(SIGNED_UP, [_happening(sign_up, is_first=is_first)], by=by)


def sign_ups_since(since: dt.datetime) -> Iterator[Happening]:
    """Return the sign-ups since, newest first, to try a rule out."""
    rows = list(SignUp.objects.filter(created_at__gte=since).select_related("shift").order_by("-created_at", "-pk"))
    volunteers = {row.volunteer_id for row in rows}
    first: dict[int, int] = {}
    for pk, volunteer in SignUp.objects.filter(volunteer__in=volunteers).order_by("pk").values_list("pk", "volunteer"):
        first.setdefault(volunteer, pk)
    return (_happening(row, is_first=first[row.volunteer_id] == row.pk) for row in rows)


def _happening(sign_up: SignUp, *, is_first: bool) -> Happening:
    return Happening(
        sign_up.volunteer_id,
        f"{SIGNED_UP}:{sign_up.pk}",
        {
            "opportunity": sign_up.shift.opportunity_id,
            "is_first": is_first,
            "is_waiting": sign_up.status == SignUpStatus.WAITING,
        },
        about=sign_up.shift,
        at=sign_up.created_at,
    )


def _opportunities() -> list[tuple[str, str]]:
    return [(str(pk), str(name)) for pk, name in Opportunity.objects.order_by("name").values_list("pk", "name")]
