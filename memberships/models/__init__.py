"""The models of this app, one aggregate a module."""

from memberships.models.application import Application, ApplicationState
from memberships.models.flag import Flag, FlagKind
from memberships.models.level import Joining, Level, PeriodKind, Proration
from memberships.models.membership import Fact, Membership, MembershipPerson, Standing
from memberships.models.numbering import MembershipSettings, NumberCounter
from memberships.models.term import Term, TermKind
from memberships.status import BELONGING, MEMBER_STATUSES, Status

__all__ = [
    "BELONGING",
    "MEMBER_STATUSES",
    "Application",
    "ApplicationState",
    "Fact",
    "Flag",
    "FlagKind",
    "Joining",
    "Level",
    "Membership",
    "MembershipPerson",
    "MembershipSettings",
    "NumberCounter",
    "PeriodKind",
    "Proration",
    "Standing",
    "Status",
    "Term",
    "TermKind",
]
