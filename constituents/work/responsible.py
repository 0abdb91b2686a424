"""Who does a step: a named person, a team, whoever starts it, or whoever is responsible for the constituent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.contrib.auth.models import Group

from accounts.models import User
from constituents.models import AssignTo, Constituent, Relationship
from core import clock

# The shipped relationship type: its one side looks after the other.
SOLICITOR = "solicitor"


class Assignment(Protocol):
    """A step of a plan, or an action of a rule."""

    assign_to: str
    person: User | None
    team: Group | None


@dataclass(frozen=True, slots=True)
class Doer:
    """One person or one team, or nobody: then it stands under “nobody's” until somebody takes it."""

    owner: User | None = None
    team: Group | None = None


def responsible_for(constituent: Constituent) -> User | None:
    """Return the staff member who looks after the constituent: their solicitor, where that person has a sign-in."""
    solicitors = Relationship.objects.on(clock.today()).filter(type__key=SOLICITOR, second=constituent)
    return (
        User.objects.filter(is_active=True, constituent__relationships_as_first__in=solicitors).order_by("pk").first()
    )


def doer_of(assignment: Assignment, constituent: Constituent, *, starter: User | None) -> Doer:
    """Return who is to do it. Somebody who has left does nothing: then it is the next in line's."""
    match assignment.assign_to:
        case AssignTo.TEAM:
            return Doer(team=assignment.team)
        case AssignTo.STARTER:
            in_line = [starter, assignment.person]
        case AssignTo.PERSON:
            in_line = [assignment.person, starter]
        case _:
            in_line = [responsible_for(constituent), assignment.person, starter]
    chosen = next((user for user in in_line if user is not None and user.is_active), None)
    return Doer(owner=chosen) if chosen else Doer(team=assignment.team)
