"""What giving adds to the household's page, figures and the newest gifts; and what a death leaves open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from constituents.household_steps import LooseEnd
from constituents.models import Constituent, Household
from core import clock
from core.money import Money
from core.organisation import current_organisation
from core.staff.parts import Figure
from core.theme.figures import day_in_words
from donations.household_giving import gifts_of_household, household_totals
from donations.models import Gift, GiftStatus
from donations.staff.links import page_of
from donations.staff.tones import GIFT_TONES

_RECENT = 10


def figures(household: Household) -> Iterator[Figure]:
    """Return what the household gave: ever, this year, and last; nothing for one that never gave."""
    totals = household_totals(household)
    if totals.last_on is None:
        return
    currency = current_organisation().base_currency
    first, last = clock.fiscal_year_bounds(clock.fiscal_year(clock.today()))
    this_year = household_totals(household, first=first, last=last)
    count = {"count": totals.gifts}
    yield Figure(
        ngettext("Household giving, one gift", "Household giving, %(count)s gifts", totals.gifts) % count,
        str(Money(totals.raised, currency)),
    )
    yield Figure(_("This year"), str(Money(this_year.raised, currency)))
    yield Figure(_("Last gift"), day_in_words(totals.last_on, "medium"))


def recent_gifts(household: Household) -> dict[str, Any]:
    """Return the newest gifts given while living here."""
    newest = gifts_of_household(household).order_by("-received_on", "-pk").values_list("pk", flat=True)[:_RECENT]
    gifts = Gift.objects.for_list().filter(pk__in=list(newest)).order_by("-received_on", "-pk")
    return {"gifts": [(gift, page_of(gift), GIFT_TONES.get(GiftStatus(gift.status), "")) for gift in gifts]}


def loose_ends(person: Constituent) -> Iterator[LooseEnd]:
    """Return gifts still expected of somebody who has died."""
    for gift in Gift.objects.expected().filter(donor=person).order_by("pk"):
        yield LooseEnd(_("Expected gift of %(money)s") % {"money": gift.money}, page_of(gift) or "")
