"""What the app offers to imports."""

from __future__ import annotations

from constituents.resources.households import HouseholdType
from constituents.resources.organisations import OrganisationType
from constituents.resources.people import PersonType
from constituents.resources.people_files import PEOPLE
from core.imports.formats import register_format
from core.imports.records import register_record_type


def offer_to_imports() -> None:
    """Let imports bring people, organisations and households; called from AppConfig.ready()."""
    for record_type in (PersonType(), OrganisationType(), HouseholdType()):
        register_record_type(record_type)
    register_format(PEOPLE)
