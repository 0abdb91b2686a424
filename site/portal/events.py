"""What the portal announces to the rules: somebody changed their own details."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from constituents.models import Constituent
from constituents.work.events import Event, Fact, FactKind, announce, register_event

PROFILE_CHANGED = "profile.changed"

_PARTS = {
    "name": (_("Name"), {"given_name", "family_name", "preferred_name", "title", "pronouns"}),
    "phone": (_("Telephone"), {"phone"}),
    "address": (_("Address"), {"street", "extra", "city", "region", "postal_code", "country"}),
}


def register_events() -> None:
    """Offer the portal's events to the rules."""
    what = Fact(
        "what", _("what they changed"), FactKind.CHOICE, lambda: [(k, label) for k, (label, _f) in _PARTS.items()]
    )
    register_event(Event(PROFILE_CHANGED, _("Somebody changes their details on the portal"), [what], order=40))


def announce_profile_change(constituent: Constituent, *, changed: Iterable[str], by: User) -> None:
    """Tell the rules that somebody changed their own details, and which parts of them."""
    names = set(changed)
    what = [part for part, (_label, fields) in _PARTS.items() if fields & names]
    announce(
        PROFILE_CHANGED,
        constituent=constituent,
        key=f"{PROFILE_CHANGED}:{uuid.uuid4()}",
        facts={"what": what},
        by=by,
    )
