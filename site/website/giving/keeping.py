"""What a visitor typed, kept in their own session for a second try: after a declined card, or the back button.

It stays with the visitor rather than on the payment's row, because the address of a payment's page may be passed on and
must not show anybody's name. After half an hour it is not offered any more.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, QueryDict

from core import clock

KEY = "giving"
GOOD_FOR = dt.timedelta(minutes=30)
#: Belongs to one drawing of the form.
_NOT_KEPT = {"csrfmiddlewaretoken", "token", "website", "proof", "instead", "recount"}
#: Fields with more than one answer.
_SEVERAL = {"consents"}


def keep(request: HttpRequest, which: uuid.UUID, data: QueryDict) -> None:
    """Keep what was sent for a gift; what was kept before is forgotten."""
    sent = {name: values for name, values in data.lists() if name not in _NOT_KEPT}
    request.session[KEY] = {"which": str(which), "typed": sent, "at": clock.now().isoformat(), "paid": False}


def note_paid(request: HttpRequest, which: uuid.UUID) -> None:
    """From now on what was typed fills in only a form that is asked for by name, such as the monthly offer."""
    kept = request.session.get(KEY)
    if kept and kept["which"] == str(which) and not kept["paid"]:
        request.session[KEY] = {**kept, "paid": True}


def recall(request: HttpRequest, which: str = "") -> tuple[str, dict[str, Any]]:
    """Return the gift that was begun and not paid, or the one named, and what was typed for it; empty when too old."""
    kept: Mapping[str, Any] | None = request.session.get(KEY)
    if not kept or clock.now() - dt.datetime.fromisoformat(kept["at"]) > GOOD_FOR:
        return "", {}
    if kept["which"] != which and (which or kept["paid"]):
        return "", {}
    return kept["which"], _as_initial(kept["typed"])


def typed(data: QueryDict) -> dict[str, Any]:
    """Return what was sent as a form begins with it."""
    return _as_initial({name: values for name, values in data.lists() if name not in _NOT_KEPT})


def _as_initial(kept: Mapping[str, list[str]]) -> dict[str, Any]:
    return {name: values if name in _SEVERAL else values[-1] for name, values in kept.items() if values}


def forget(request: HttpRequest) -> None:
    """Keep nothing any longer: the gift was promised otherwise."""
    request.session.pop(KEY, None)
