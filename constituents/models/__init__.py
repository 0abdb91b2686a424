"""The models of this app, one aggregate a module."""

from constituents.models.consent import Channel, ConsentRecord, Decision, Purpose
from constituents.models.constituent import Constituent, ConstituentTag, DatePrecision, ExternalId, Kind, Tag
from constituents.models.contact import Address, ContactKind, EmailAddress, Phone
from constituents.models.directory import Audience, DirectoryChoice, DirectoryField
from constituents.models.duplicate import DuplicatePair, DuplicateScan, Likeness, PairState
from constituents.models.household import (
    Household,
    HouseholdChange,
    HouseholdChangeKind,
    HouseholdMembership,
    HouseholdRole,
)
from constituents.models.household_naming import FormalForm, HouseholdNaming, HouseholdWords, LargeForm, NameOrder
from constituents.models.interaction import Interaction, InteractionKind
from constituents.models.segment import Segment, SegmentSnapshot, SegmentSnapshotMember

__all__ = [
    "Address",
    "Audience",
    "Channel",
    "ConsentRecord",
    "Constituent",
    "ConstituentTag",
    "ContactKind",
    "DatePrecision",
    "Decision",
    "DirectoryChoice",
    "DirectoryField",
    "DuplicatePair",
    "DuplicateScan",
    "EmailAddress",
    "ExternalId",
    "FormalForm",
    "Household",
    "HouseholdChange",
    "HouseholdChangeKind",
    "HouseholdMembership",
    "HouseholdNaming",
    "HouseholdRole",
    "HouseholdWords",
    "Interaction",
    "InteractionKind",
    "Kind",
    "LargeForm",
    "Likeness",
    "NameOrder",
    "PairState",
    "Phone",
    "Purpose",
    "Segment",
    "SegmentSnapshot",
    "SegmentSnapshotMember",
    "Tag",
]
