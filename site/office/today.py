"""The workspace's first page: what waits, each with the way there, for those who may act on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core import clock
from core.money import Money
from core.organisation import current_organisation
from core.staff.parts import Figure
from donations import metrics
from donations.models import Gift
from memberships.models import Application, Membership, Status
from volunteers.models import HoursEntry, HoursStatus, Shift


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many of something wait for somebody."""

    number: int
    text: Any
    url: str


def waiting_for(user: Any) -> list[Waiting]:
    """Return what waits for this user, leaving out what is done."""
    return [line for line in _lines(user) if line.number]


def _lines(user: Any) -> Iterator[Waiting]:
    if user.has_perm("donations.post_gift"):
        number = Gift.objects.expected().count()
        text = ngettext_lazy("expected gift has not come yet", "expected gifts have not come yet", number)
        yield Waiting(number, text, reverse("gifts:index") + "?status=pending")
    if user.has_perm("memberships.view_membership"):
        number = Membership.objects.in_status(Status.GRACE).count()
        one, many = "member is in grace: a word may keep them", "members are in grace: a word may keep them"
        text = ngettext_lazy(one, many, number)
        yield Waiting(number, text, reverse("memberships:index"))
        number = Application.objects.open().count()
        text = ngettext_lazy("wish to join is open", "wishes to join are open", number)
        yield Waiting(number, text, reverse("memberships:index"))
    if user.has_perm("volunteers.view_shift"):
        number = Shift.objects.coming().short().count()
        text = ngettext_lazy("coming shift needs people", "coming shifts need people", number)
        yield Waiting(number, text, f"{reverse('shifts:index')}?state=short")
    if user.has_perm("volunteers.view_hoursentry"):
        number = HoursEntry.objects.filter(status=HoursStatus.SUBMITTED).count()
        text = ngettext_lazy("entry of hours waits for approval", "entries of hours wait for approval", number)
        yield Waiting(number, text, f"{reverse('hours:index')}?status={HoursStatus.SUBMITTED.value}")


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
