"""The first page: a greeting, what matters now, a few figures, the member card."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from constituents.models import Constituent
from core import clock
from core.money import Money
from core.organisation import current_organisation
from donations.models import GivingTotals
from memberships.directory import membership_of
from memberships.models import Membership
from portal.access import own_page
from portal.cards import card_context
from portal.matters import matters
from portal.views.shifts import coming_places
from volunteers.models import HoursEntry


@own_page
def home(request: HttpRequest, me: Constituent) -> HttpResponse:
    """Greet, and show what matters now."""
    membership = membership_of(me)
    context = {
        "me": me,
        "greeting": _greeting(me),
        "matters": matters(me, membership, coming_places(me)),
        **card_context(me, membership),
        "figures": _figures(me, membership),
    }
    return render(request, "portal/home.html", context)


def _greeting(me: Constituent) -> str:
    hour = clock.now().astimezone(clock.zone()).hour
    words = {"name": me.informal_name}
    if 4 <= hour < 12:
        return _("Good morning, %(name)s") % words
    return _("Good afternoon, %(name)s") % words if 12 <= hour < 18 else _("Good evening, %(name)s") % words


def _figures(me: Constituent, membership: Membership | None) -> list[dict[str, Any]]:
    figures: list[dict[str, Any]] = []
    totals = GivingTotals.objects.filter(constituent=me, gift_count__gt=0).first()
    if totals is not None:
        money = Money(totals.lifetime, current_organisation().base_currency)
        year = totals.first_gift_on.year if totals.first_gift_on else ""
        figures.append({"label": _("You have given"), "money": money, "note": _("since %(year)s") % {"year": year}})
    if membership is not None and membership.member_since is not None:
        figures.append({"label": _("Member since"), "value": membership.member_since.year})
    if hours := HoursEntry.objects.filter(volunteer=me).approved().total():
        figures.append({"label": _("Hours you gave"), "value": f"{hours.normalize():f}"})
    return figures
