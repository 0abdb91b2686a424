"""What a merge of two records does to volunteering: one person has one place in a shift, and every hour counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from constituents.merging.journal import hold_back
from constituents.merging.relations import repoint
from constituents.models import Merge, MergeMove, MoveKind
from core import clock
from volunteers.models import Shift, SignUp, SignUpStatus
from volunteers.models.signup import PLACE_HOLDING
from volunteers.services.signing_up import fill_from_waiting_list

if TYPE_CHECKING:
    from constituents.merging.plan import MergePlan
    from constituents.merging.relations import Relation

# Of two places in one shift the one that says more stays.
_SAYS_MORE = [SignUpStatus.WAITING, SignUpStatus.NO_SHOW, SignUpStatus.CONFIRMED, SignUpStatus.ATTENDED]


def declare_relations() -> None:
    """Say what a merge does to each relation of this app."""
    repoint("volunteers.SignUp.volunteer", on_conflict=one_place_each)
    repoint("volunteers.HoursEntry.volunteer")
    hold_back("volunteers.SignUp", shift_filled_since)


def one_place_each(plan: MergePlan, relation: Relation) -> None:
    """Cancel one of two sign-ups for the same shift; the other rows simply move."""
    kept, merged = relation.rows_of_both(plan, "shift")
    mine = {place.shift_id: place for place in kept if place.status != SignUpStatus.CANCELLED}
    for place in merged:
        own = mine.get(place.shift_id)
        if own is not None and place.status != SignUpStatus.CANCELLED:
            _give_one_back(plan, own, place)
        plan.move(relation, [place])


def _give_one_back(plan: MergePlan, one: SignUp, other: SignUp) -> None:
    lesser = min(other, one, key=lambda place: _SAYS_MORE.index(SignUpStatus(place.status)))
    plan.change(
        lesser,
        status=SignUpStatus.CANCELLED,
        cancelled_at=clock.now(),
        cancel_reason=_("The same person was signed up twice."),
    )


def shift_filled_since(merge: Merge, moves: list[MergeMove]) -> Mapping[int, str]:
    """Say which places cannot be given again when a merge is undone: somebody else has them."""
    wanted = [move for move in moves if move.old.get("status") in PLACE_HOLDING]
    places = SignUp.objects.select_related("shift").in_bulk([move.row for move in wanted])
    full = [move for move in wanted if move.row in places and places[move.row].shift.places_left < 1]
    return {move.pk: _("The place was given to somebody else.") for move in full}


def places_follow_the_sign_ups(sender: object, *, merge: Merge, **_kwargs: Any) -> None:
    """Count anew who is in the shifts where a place was given back, and let those who wait move up."""
    touched = merge.moves.filter(model=SignUp._meta.label, kind=MoveKind.CHANGED).values_list("row", flat=True)
    shifts = Shift.objects.filter(sign_ups__in=list(touched)).values_list("pk", flat=True)
    for pk in sorted(set(shifts)):
        shift = Shift.objects.select_for_update(of=("self",)).select_related("opportunity").get(pk=pk)
        shift.places_taken = shift.sign_ups.holding_a_place().count()
        shift.save(update_fields=["places_taken"])
        if not merge.is_undone:
            fill_from_waiting_list(shift)
