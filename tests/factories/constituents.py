"""Constituents and households, made by the app's own verbs so that every rule holds."""

from __future__ import annotations

import itertools
from typing import Any

from constituents.models import Constituent, Household, HouseholdRole, Kind
from constituents.services.households import form_household
from constituents.services.people import ContactDetails, add_constituent

_numbers = itertools.count(1)


def make_person(given_name: str = "Ann", family_name: str | None = None, **details: Any) -> Constituent:
    """Return a person; `email`, `phone` and `address` are put on the record when given."""
    number = next(_numbers)
    contact = ContactDetails(
        email=details.pop("email", ""), phone=details.pop("phone", ""), address=details.pop("address", {})
    )
    family_name = f"Lee{number}" if family_name is None else family_name
    return add_constituent(by=None, given_name=given_name, family_name=family_name, contact=contact, **details)


def make_organisation(name: str | None = None, **details: Any) -> Constituent:
    """Return an organisation."""
    contact = ContactDetails(email=details.pop("email", ""), phone=details.pop("phone", ""))
    name = name or f"Harbour Trust {next(_numbers)}"
    return add_constituent(by=None, kind=Kind.ORGANISATION, organisation_name=name, contact=contact, **details)


def make_household(*people: Constituent, **details: Any) -> Household:
    """Return a household of the people: the first is its head."""
    people = people or (make_person("Ann", "Lee"), make_person("Bo", "Lee"))
    roles = [HouseholdRole.HEAD, *[HouseholdRole.ADULT] * (len(people) - 1)]
    return form_household(people=list(zip(people, roles, strict=True)), by=None, **details)
