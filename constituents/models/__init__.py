"""The models of this app, one aggregate a module."""

from constituents.models.consent import Channel, ConsentRecord, Decision, Purpose
from constituents.models.constituent import Constituent, ConstituentTag, DatePrecision, ExternalId, Kind, Tag
from constituents.models.contact import Address, ContactKind, EmailAddress, Phone
from constituents.models.custom_field import AppliesTo, CustomField, CustomValue, ValueType
from constituents.models.directory import Audience, DirectoryChoice, DirectoryField
from constituents.models.document import Document, DocumentKind
from constituents.models.duplicate import DuplicatePair, DuplicateScan, Likeness, PairState
from constituents.models.follow_up import CountedFrom, FollowUp, FollowUpKind, FollowUpState, Priority
from constituents.models.household import (
    Household,
    HouseholdChange,
    HouseholdChangeKind,
    HouseholdMembership,
    HouseholdRole,
)
from constituents.models.household_naming import FormalForm, HouseholdNaming, HouseholdWords, LargeForm, NameOrder
from constituents.models.interaction import Interaction, InteractionKind
from constituents.models.mail import AddressDecision, IncomingMail, MailAttachment, MailState, WaitingFor
from constituents.models.merge import Merge, MergeMove, MoveKind
from constituents.models.plan import AssignTo, Plan, PlanRun, PlanStep, RunState, StepAnchor
from constituents.models.relationship import Relationship, RelationshipType
from constituents.models.rule import ActionKind, Rule, RuleAction, RuleOutcome, RuleRun, WorkEvent
from constituents.models.search import SearchEntry, SearchWord
from constituents.models.segment import Segment, SegmentSnapshot, SegmentSnapshotMember
from constituents.models.work_settings import WorkSettings

__all__ = [
    "ActionKind",
    "Address",
    "AddressDecision",
    "AppliesTo",
    "AssignTo",
    "Audience",
    "Channel",
    "ConsentRecord",
    "Constituent",
    "ConstituentTag",
    "ContactKind",
    "CountedFrom",
    "CustomField",
    "CustomValue",
    "DatePrecision",
    "Decision",
    "DirectoryChoice",
    "DirectoryField",
    "Document",
    "DocumentKind",
    "DuplicatePair",
    "DuplicateScan",
    "EmailAddress",
    "ExternalId",
    "FollowUp",
    "FollowUpKind",
    "FollowUpState",
    "FormalForm",
    "Household",
    "HouseholdChange",
    "HouseholdChangeKind",
    "HouseholdMembership",
    "HouseholdNaming",
    "HouseholdRole",
    "HouseholdWords",
    "IncomingMail",
    "Interaction",
    "InteractionKind",
    "Kind",
    "LargeForm",
    "Likeness",
    "MailAttachment",
    "MailState",
    "Merge",
    "MergeMove",
    "MoveKind",
    "NameOrder",
    "PairState",
    "Phone",
    "Plan",
    "PlanRun",
    "PlanStep",
    "Priority",
    "Purpose",
    "Relationship",
    "RelationshipType",
    "Rule",
    "RuleAction",
    "RuleOutcome",
    "RuleRun",
    "RunState",
    "SearchEntry",
    "SearchWord",
    "Segment",
    "SegmentSnapshot",
    "SegmentSnapshotMember",
    "StepAnchor",
    "Tag",
    "ValueType",
    "WaitingFor",
    "WorkEvent",
    "WorkSettings",
]
