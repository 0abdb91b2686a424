"""What a merge of two records does to volunteering: one person has one place in a shift, and every hour counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from constituents.merging.relations import repoint
from core import clock
from volunteers.models import SignUp, SignUpStatus

if TYPE_CHECKING:
    from constituents.merging.plan import MergePlan
    from constituents.merging.relations import Relation

# Of two places in one shift the one that says more stays.
_SAYS_MORE = [SignUpStatus.WAITING, SignUpStatus.NO_SHOW, SignUpStatus.CONFIRMED, SignUpStatus.ATTENDED]


def declare_relations() -> None:
    """Say what a merge does to each relation of this app."""
    repoint("volunteers.SignUp.volunteer", on_conflict=one_place_each)
    repoint("volunteers.HoursEntry.volunteer")


def one_place_each(plan: MergePlan, relation: Relation) -> None:
    """Cancel one of two sign-ups for the same shift; the other rows simply move."""
    active = relation.rows_of(plan.kept.pk).exclude(status=SignUpStatus.CANCELLED)
    mine = {place.shift_id: place for place in active.select_related("shift")}
    for place in relation.rows_of(plan.merged.pk).select_related("shift"):
        own = mine.get(place.shift_id)
        if own is not None and place.status != SignUpStatus.CANCELLED:
            _give_one_back(plan, own, place)
        plan.move(relation, [place])


def _give_one_back(plan: MergePlan, one: SignUp, other: SignUp) -> None:
    lesser = min(other, one, key=lambda place: _SAYS_MORE.index(SignUpStatus(place.status)))
    if lesser.status != SignUpStatus.WAITING:
        plan.change(lesser.shift, places_taken=lesser.shift.places_taken - 1)
    plan.change(
        lesser,
        status=SignUpStatus.CANCELLED,
        cancelled_at=clock.now(),
        cancel_reason=_("The same person was signed up twice."),
    )
