"""The workspace's first page: what waits, each with the way there, for those who may act on it."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock
from core.money import Money
from core.organisation import current_organisation
from core.staff.parts import Figure
from donations import metrics
from donations.models import Gift
from memberships.models import Membership
from volunteers.models import HoursEntry


def numbers_for(user: Any) -> list[Figure]:
    """Return this year's numbers that the user may see."""
    if not user.has_perm("donations.view_giving"):
        return []
    year = clock.fiscal_year(clock.today())
    currency = current_organisation().base_currency
    giving = metrics.giving_in(year)
    first, last = clock.fiscal_year_bounds(year)
    expected = Gift.objects.expected().aggregate(total=Sum("base_amount"))["total"]
    hours = HoursEntry.objects.approved().between(first, last).total()
    board = reverse("office_board")
    return [
        Figure(_("Given this year"), str(Money(giving.raised, currency)), board),
        Figure(_("Households that gave"), f"{giving.donors:,}", board),
        Figure(_("Expected"), str(Money(expected, currency)) if expected else "–"),
        Figure(_("Memberships"), f"{Membership.objects.members().count():,}"),
        Figure(_("Volunteer hours"), f"{int(hours):,}"),
    ]


def recent_gifts(user: Any) -> list[Gift]:
    """Return the latest gifts, for those who may see giving."""
    if not user.has_perm("donations.view_gift"):
        return []
    return list(Gift.objects.counted(dues=True).select_related("donor").order_by("-posted_at", "-pk")[:8])
