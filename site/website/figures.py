"""Live numbers for public pages. Nothing here names anybody."""

from __future__ import annotations

from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.money import Money
from core.organisation import current_organisation
from donations import metrics
from donations.campaigns.tree import with_those_within
from donations.models import Campaign, Gift
from memberships.directory import current_members
from memberships.models import Level, PeriodKind
from volunteers.models import HoursEntry, Shift


def this_year() -> list[dict[str, Any]]:
    """Return what the fiscal year brought so far: money, members, hours; nothing is said of what there is none of."""
    year = clock.fiscal_year(clock.today())
    giving = metrics.giving_in(year)
    first, last = clock.fiscal_year_bounds(year)
    hours = HoursEntry.objects.approved().between(first, last).total()
    people = ngettext("Given by %(n)s household", "Given by %(n)s households", giving.donors) % {
        "n": formats.number_format(giving.donors, use_l10n=True, force_grouping=True)
    }
    members = current_members().count()
    rows: list[tuple[Any, dict[str, Any]]] = [
        (giving.raised, {"label": people, "money": Money(giving.raised, current_organisation().base_currency)}),
        (members, {"label": _("Members"), "value": _number(members)}),
        (int(hours), {"label": _("Volunteer hours"), "value": _number(int(hours))}),
    ]
    return [figure for number, figure in rows if number]


def _number(value: int) -> str:
    return formats.number_format(value, use_l10n=True, force_grouping=True)


def campaign_of_today() -> Campaign | None:
    """Return the campaign with a goal that runs today; of several the one that ends first, and began last."""
    today = clock.today()
    running = Campaign.objects.filter(starts_on__lte=today, ends_on__gte=today, goal__isnull=False)
    return running.order_by("ends_on", "-starts_on", "pk").first()


def running_campaign() -> dict[str, Any] | None:
    """Return how far today's campaign is; None when none runs."""
    campaign = campaign_of_today()
    return campaign_progress(campaign) if campaign else None


def campaign_progress(campaign: Campaign) -> dict[str, Any]:
    """Return how far a campaign is towards its goal, with all that is part of it."""
    currency = current_organisation().base_currency
    gifts = Gift.objects.counted().filter(campaign__in=with_those_within([campaign.pk]))
    totals = metrics.total_of(gifts)
    return {
        "title": campaign.name,
        "text": campaign.description,
        "raised": Money(totals.raised, currency),
        "goal": Money(campaign.goal, currency) if campaign.goal else None,
        "note": ngettext("%(n)s gift so far.", "%(n)s gifts so far.", totals.gifts) % {"n": _number(totals.gifts)},
        "href": "/give/",
    }


def next_shifts(limit: int) -> list[dict[str, Any]]:
    """Return the next public shifts as the pages list them."""
    shifts = (
        Shift.objects.coming()
        .filter(opportunity__visibility="public", opportunity__is_open=True, starts_at__gt=clock.now())
        .select_related("opportunity")
    )
    return [shift_line(shift) for shift in shifts[:limit]]


def shift_line(shift: Shift) -> dict[str, Any]:
    """Return a shift as the pages list it."""
    return {
        "title": shift.opportunity.name,
        "starts": shift.local_start,
        "ends": shift.local_end,
        "place": shift.opportunity.place,
        "places_left": shift.places_left,
        "url": f"/volunteer/{shift.uuid}/",
    }


def public_levels() -> list[dict[str, Any]]:
    """Return the levels anyone may choose, as the joining page shows them."""
    levels = list(Level.objects.on_sale(clock.today()).public())
    periods = {
        PeriodKind.ROLLING: lambda level: _period(level.months),
        PeriodKind.FIXED: lambda level: _("a membership year"),
        PeriodKind.LIFETIME: lambda level: _("once, for life"),
    }
    return [
        {
            "name": level.name,
            "price": level.price,
            "period": periods[PeriodKind(level.period_kind)](level),
            "text": level.description,
            "benefits": level.benefit_lines,
            "url": f"/join/{level.code}/",
            "suggested": index == 1,
        }
        for index, level in enumerate(levels)
    ]


def _period(months: int) -> str:
    if months % 12 == 0:
        years = months // 12
        return _("a year") if years == 1 else _("for %(n)s years") % {"n": years}
    return ngettext("a month", "for %(n)s months", months) % {"n": months}
