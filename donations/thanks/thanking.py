"""The verbs: thanked, no thanks wanted, waiting again. Each takes one gift or thousands, and says which it changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, clock
from core.mail.models import Message
from donations.errors import ThanksError
from donations.models import Acknowledgement, Gift, ThankedBy, ThanksState, ThankYouTemplate

#: What a decision writes anew; what it does not name is emptied.
_BLANK: Mapping[str, Any] = {
    "how": "",
    "at": None,
    "by": None,
    "template": None,
    "message": None,
    "note": "",
    "is_automatic": False,
}
_CHUNK = 500


def thank(
    gifts: Iterable[Gift | int],
    *,
    how: str,
    by: User | None,
    at: dt.datetime | None = None,
    note: str = "",
    templates: Mapping[int, ThankYouTemplate] | None = None,
    message: Message | None = None,
) -> list[Acknowledgement]:
    """Note that donors were thanked for these gifts, now unless told when; return those for which that is new.

    `templates` are the words used, by gift. Who has been thanked already stays thanked as they were. Raises ThanksError
    for a moment to come.
    """
    now = clock.now()
    when, used = at or now, templates or {}
    if when > now:
        raise ThanksError(_("That day is yet to come: nobody can have been thanked then."), field="on")

    def decision(gift: int) -> dict[str, Any]:
        words = used.get(gift)
        return {
            "state": ThanksState.DONE,
            "how": ThankedBy(how),
            "at": when,
            "by": by,
            "template": words if words is not None and words.pk else None,
            "message": message,
            "note": note.strip()[:300],
        }

    return _decide("thanks.given", gifts, ~Q(state=ThanksState.DONE), decision, by=by)


def want_no_thanks(gifts: Iterable[Gift | int], *, by: User | None, reason: str) -> list[Acknowledgement]:
    """Note that nobody is to be thanked for these gifts, and why; return those for which that is new.

    Who has been thanked stays thanked. Raises ThanksError without a reason.
    """
    if not reason.strip():
        raise ThanksError(_("Say why no thanks are wanted."), field="reason")
    decision = {"state": ThanksState.NOT_WANTED, "by": by, "note": reason.strip()[:300], "run": None}
    return _decide("thanks.not_wanted", gifts, Q(state=ThanksState.TO_DO), lambda _gift: decision, by=by)


def wait_again(
    gifts: Iterable[Gift | int], *, by: User | None, note: str = "", keep_run: bool = False
) -> list[Acknowledgement]:
    """Put gifts back among those that wait for thanks; return those for which that is new.

    A letter was not printed after all, a call did not get through, or thanks are wanted now. `keep_run` leaves them
    with the letters they were made with.
    """
    decision = {"state": ThanksState.TO_DO, "note": note.strip()[:300]} | ({} if keep_run else {"run": None})
    return _decide("thanks.wait_again", gifts, ~Q(state=ThanksState.TO_DO), lambda _gift: decision, by=by)


@transaction.atomic
def _decide(
    verb: str, gifts: Iterable[Gift | int], which: Q, decision: Callable[[int], dict[str, Any]], *, by: User | None
) -> list[Acknowledgement]:
    keys = [gift if isinstance(gift, int) else gift.pk for gift in gifts]
    changed: list[Acknowledgement] = []
    for start in range(0, len(keys), _CHUNK):
        rows = Acknowledgement.objects.select_for_update(of=("self",)).select_related("gift__donor").order_by("pk")
        some = list(rows.filter(which, gift__in=keys[start : start + _CHUNK]))
        drafts = []
        for row in some:
            old = _told(row)
            for name, value in {**_BLANK, **decision(row.gift_id)}.items():
                setattr(row, name, value)
            drafts.append(audit.Draft(verb=verb, obj=row, by=by, old=old, new=_told(row), about=row.gift.donor))
        fields = ["state", "run", *_BLANK]
        Acknowledgement.objects.bulk_update(some, fields, batch_size=100)
        audit.record_many(drafts)
        changed += some
    return changed


def _told(row: Acknowledgement) -> dict[str, Any]:
    facts = {"state": row.state, "how": row.how, "at": row.at, "note": row.note}
    return {name: value for name, value in facts.items() if value}
