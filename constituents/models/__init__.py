"""The models of this app, one aggregate a module."""

from constituents.models.consent import Channel, ConsentRecord, Decision, Purpose
from constituents.models.constituent import Constituent, ConstituentTag, ExternalId, Kind, Tag
from constituents.models.contact import Address, ContactKind, EmailAddress, Phone
from constituents.models.directory import Audience, DirectoryChoice, DirectoryField
from constituents.models.household import Household, HouseholdMembership, HouseholdRole
from constituents.models.interaction import Interaction, InteractionKind

__all__ = [
    "Address",
    "Audience",
    "Channel",
    "ConsentRecord",
    "Constituent",
    "ConstituentTag",
    "ContactKind",
    "Decision",
    "DirectoryChoice",
    "DirectoryField",
    "EmailAddress",
    "ExternalId",
    "Household",
    "HouseholdMembership",
    "HouseholdRole",
    "Interaction",
    "InteractionKind",
    "Kind",
    "Phone",
    "Purpose",
    "Tag",
]
