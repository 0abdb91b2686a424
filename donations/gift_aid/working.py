"""What Gift Aid announces to the rules, and what of it waits for somebody."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import User
from constituents.work.events import Event, announce, register_event
from constituents.work.waiting import Waiting, WaitingWork, register_work
from core import clock
from core.theme.figures import day_in_words
from donations.gift_aid.claiming import candidates
from donations.gift_aid.eligibility import gift_aid_is_on
from donations.gift_aid.years import first_claimable_day, last_claim_day
from donations.models import GiftAidDeclaration, GiftAidSettings

DECLARED, CANCELLED = "gift_aid.declared", "gift_aid.cancelled"


def register() -> None:
    """Offer events to the rules, and lines to “My work”."""
    register_event(Event(DECLARED, _("Somebody declares Gift Aid"), [], order=16))
    register_event(Event(CANCELLED, _("A Gift Aid declaration is cancelled"), [], order=17))
    register_work(WaitingWork("gift_aid_due", due_claims, permission="donations.submit_giftaidclaim", order=11))
    register_work(WaitingWork("gift_aid_oral", to_confirm, permission="donations.change_giftaiddeclaration", order=12))


def announce_made(sender: object, *, declaration: GiftAidDeclaration, by: User | None, **_kwargs: Any) -> None:
    """Tell the rules that somebody declared."""
    _announce(DECLARED, declaration, by)


def announce_cancelled(sender: object, *, declaration: GiftAidDeclaration, by: User | None, **_kwargs: Any) -> None:
    """Tell the rules that a declaration ended."""
    _announce(CANCELLED, declaration, by)


def _announce(name: str, declaration: GiftAidDeclaration, by: User | None) -> None:
    announce(name, constituent=declaration.donor, key=f"{name}:{declaration.pk}", about=declaration, by=by)


def due_claims(user: Any) -> Waiting | None:
    """Return how many gifts could be claimed whose four years run out soon."""
    if not gift_aid_is_on():
        return None
    settings = GiftAidSettings.load()
    today = clock.today()
    deadline = last_claim_day(first_claimable_day(today, settings.period), settings.period)
    if deadline > today + dt.timedelta(days=settings.warn_before):
        return None
    last = _last_day_due(deadline, settings.period, today)
    number = candidates(min(last, today)).count()
    text = ngettext_lazy(
        "gift whose Gift Aid must be claimed by %(day)s", "gifts whose Gift Aid must be claimed by %(day)s", number
    )
    return Waiting(number, text % {"day": day_in_words(deadline, "medium")}, reverse("gift_aid_claims:gather"))


def _last_day_due(deadline: dt.date, period: str, today: dt.date) -> dt.date:
    """Return the last day whose gifts are due by the same deadline: the end of that year."""
    first = first_claimable_day(today, period)
    day = first.replace(year=first.year + 1) - dt.timedelta(days=1)
    while last_claim_day(day, period) > deadline:
        day -= dt.timedelta(days=1)
    return day


def to_confirm(user: Any) -> Waiting | None:
    """Return how many were made by word of mouth and are not confirmed in writing."""
    if not gift_aid_is_on():
        return None
    number = GiftAidDeclaration.objects.standing().to_confirm().count()
    text = ngettext_lazy(
        "Gift Aid declaration by word of mouth to confirm in writing",
        "Gift Aid declarations by word of mouth to confirm in writing",
        number,
    )
    return Waiting(number, text, reverse("gift_aid_declarations:index") + "?standing=to_confirm")
