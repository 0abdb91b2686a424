"""Where people are and how they are reached, as criteria."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from constituents.models import Address, Constituent, EmailAddress, HouseholdMembership, Phone
from constituents.segments.criteria import Criterion
from constituents.segments.families import FactCriterion, OptionsCriterion, TextCriterion
from constituents.segments.sets import AnyOf, Found, Keys
from core import clock

REACH = _("Where and how to reach them")


def addresses_in_use() -> QuerySet[Address]:
    """Return addresses that mail may go to today."""
    today = clock.today()
    return Address.objects.usable().filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=today), Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    )


def _having_address(q: Q) -> Found:
    """Return whoever has such an address, of their own or of the household they live in."""
    found = addresses_in_use().filter(q)
    home = HouseholdMembership.objects.filter(
        until__isnull=True, household__in=found.filter(household__isnull=False).order_by().values("household")
    )
    return AnyOf((Keys(found.filter(constituent__isnull=False), "constituent"), Keys(home, "person")))


class PlaceCriterion(TextCriterion):
    """Words of an address: their own, or their household's."""

    def having(self, q: Q) -> Found:
        """Look in both."""
        return _having_address(q)


class CountryCriterion(OptionsCriterion):
    """The country of an address: their own, or their household's."""

    def having(self, q: Q) -> Found:
        """Look in both."""
        return _having_address(q)


def _countries() -> list[tuple[str, str]]:
    used = set(Address.objects.exclude(country="").order_by().values_list("country", flat=True).distinct())
    return [(code, name) for code, name in countries if code in used]


def _languages() -> list[tuple[str, str]]:
    used = Constituent.objects.exclude(language="").order_by("language").values_list("language", flat=True).distinct()
    return [(code, code) for code in used]


def criteria() -> Iterable[Criterion]:
    """Return them all."""
    return (*_addresses(), *_ways())


def _addresses() -> Iterable[Criterion]:
    return (
        PlaceCriterion(key="town", label=_("Town"), group=REACH, column="city", noun=_("town")),
        PlaceCriterion(key="region", label=_("State or region"), group=REACH, column="region", noun=_("region")),
        PlaceCriterion(
            key="postal_code", label=_("Postal code"), group=REACH, column="postal_code", noun=_("postal code")
        ),
        CountryCriterion(
            key="country",
            label=_("Country"),
            group=REACH,
            column="country",
            choices=_countries,
            says=_("have an address in %(value)s"),
            says_not=_("have no address in %(value)s"),
        ),
        FactCriterion(
            key="has_address",
            label=_("Has a postal address"),
            group=REACH,
            fact=lambda where, today: _having_address(Q()),
            says=_("have a postal address"),
            says_not=_("have no postal address"),
        ),
    )


def _ways() -> Iterable[Criterion]:
    return (
        FactCriterion(
            key="has_email",
            label=_("Has an e-mail address that works"),
            group=REACH,
            fact=lambda where, today: Keys(EmailAddress.objects.filter(is_bad=False), "constituent"),
            says=_("have an e-mail address"),
            says_not=_("have no e-mail address"),
        ),
        FactCriterion(
            key="has_phone",
            label=_("Has a telephone number"),
            group=REACH,
            fact=lambda where, today: Keys(Phone.objects.all(), "constituent"),
            says=_("have a telephone number"),
            says_not=_("have no telephone number"),
        ),
        OptionsCriterion(
            key="language",
            label=_("Language"),
            group=REACH,
            column="language",
            choices=_languages,
            says=_("are written to in %(value)s"),
            says_not=_("are not written to in %(value)s"),
        ),
    )
