"""This app's groups of the results page."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from constituents.models import Constituent, Household
from constituents.search.groups import Hit, Search, SearchGroup, register_group
from constituents.search.households import find_households
from constituents.search.ranking import Found


def _hit(found: Found) -> Hit:
    constituent = found.constituent
    return Hit(
        title=constituent.formal_name,
        url=reverse("constituents:inspect", args=[constituent.pk]),
        detail=" · ".join(part for part in _telling(constituent) if part),
        reason=found.reason,
        chip=_("Deceased") if constituent.is_deceased else "",
    )


def _telling(constituent: Constituent) -> Iterator[str]:
    """What tells one Ann Lee from the next."""
    household = constituent.household
    towns = [address.city for address in constituent.addresses.all() if address.city]
    yield constituent.primary_email or constituent.primary_phone
    yield towns[0] if towns else ""
    yield household.name if household and household.name != constituent.display_name else ""


def _people(search: Search, limit: int) -> list[Hit]:
    return [_hit(found) for found in search.constituents if found.constituent.is_person][:limit]


def _organisations(search: Search, limit: int) -> list[Hit]:
    return [_hit(found) for found in search.organisations][:limit]


def _households(search: Search, limit: int) -> Iterator[Hit]:
    """The households of whom the text finds, best first; without any, households that are called so."""
    homes = dict.fromkeys(home for one in search.constituents if (home := one.constituent.household))
    found = list(homes)[:limit] or find_households(Household.objects.all(), search.text, by=search.user)[:limit]
    for home in found:
        yield Hit(home.name, reverse("households:inspect", args=[home.pk]), detail=home.addressee)


def register() -> None:
    """Put them on the page."""
    see = "constituents.view_constituent"
    register_group(SearchGroup("people", _("People"), "user", _people, see, order=10))
    register_group(SearchGroup("organisations", _("Organisations"), "globe", _organisations, see, order=20))
    register_group(
        SearchGroup("households", _("Households"), "home", _households, "constituents.view_household", order=30)
    )
