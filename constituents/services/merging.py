"""Merge two records of one constituent, and take a merge back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.errors import CannotMergeError, CannotUndoMergeError
from constituents.merging.journal import carry_out, take_back
from constituents.merging.planning import plan_merge
from constituents.merging.signposts import locked_pair
from constituents.models import Constituent, Household, Merge, MergeMove, MoveKind
from constituents.services.households import refresh_names
from constituents.services.search_text import refresh_search_text
from constituents.signals import constituents_merged, merge_undone
from core import audit, clock

# `Constituent.save()` makes these from the names.
WRITTEN_BY_ITSELF = {"display_name", "sort_name"}


@transaction.atomic
def merge(
    kept: Constituent,
    merged: Constituent,
    *,
    by: User | None,
    choices: Mapping[str, str] | None = None,
    note: str = "",
) -> Merge:
    """Merge one record into another: everything leads to the one kept, the other becomes a signpost to it.

    `choices` says for a field, "email", "phone", "address", "household", "user" or "custom:<key>" whose value stays,
    "kept" or "merged"; what is not named stays as the kept record has it, unless only the other says something.
    Merging the same two again returns the merge there is. Raises CannotMergeError with every reason against it.
    """
    kept, merged = locked_pair(kept, merged)
    if merged.merged_into_id == kept.pk:
        return Merge.objects.standing().get(merged=merged)
    plan = plan_merge(kept, merged, choices=choices, by=by)
    if plan.refusals:
        raise CannotMergeError(" ".join(str(reason) for reason in plan.refusals))
    done = Merge.objects.create(
        kept=kept,
        merged=merged,
        merged_at=clock.now(),
        merged_by=by,
        choices=plan.choices,
        names={"kept": kept.display_name, "merged": merged.display_name},
        note=note,
    )
    before = _households_of(kept, merged)
    try:
        with transaction.atomic():
            carry_out(done, plan.moves)
    except IntegrityError as error:
        raise CannotMergeError(_("A rule of the records stands against it: %(rule)s") % {"rule": error}) from error
    kept.refresh_from_db()
    merged.refresh_from_db()
    _rewrite(kept, merged, before | _households_of(kept, merged))
    _write_down(done, kept, merged, plan.moves, by)
    constituents_merged.send(Merge, kept=kept, merged=merged, merge=done)
    return done


@transaction.atomic
def undo_merge(merge: Merge, *, by: User | None) -> Merge:
    """Take a merge back: both records are as they were, and what came after stays where it was entered.

    What was changed since is left alone; `merge.moves` says which rows, and why. Undoing twice changes nothing. Raises
    CannotUndoMergeError when the record kept was itself merged on.
    """
    kept, merged = locked_pair(merge.kept, merge.merged)
    done = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if done.is_undone:
        return done
    if kept.merged_into_id is not None:
        words = {"kept": done.names.get("kept", kept), "other": kept.merged_into}
        raise CannotUndoMergeError(_("“%(kept)s” was itself merged into “%(other)s”. Undo that merge first.") % words)
    before = _households_of(kept, merged)
    left = take_back(done)
    done.undone_at, done.undone_by = clock.now(), by
    done.save(update_fields=["undone_at", "undone_by"])
    kept.refresh_from_db()
    merged.refresh_from_db()
    _rewrite(kept, merged, before | _households_of(kept, merged))
    facts = {"kept": kept.display_name, "merged": merged.display_name, "left": len(left)}
    for record in (kept, merged):
        audit.record("constituent.merge_undone", record, by=by, new=facts, about=record)
    merge_undone.send(Merge, kept=kept, merged=merged, merge=done)
    return done


def _households_of(*people: Constituent) -> dict[int, Household]:
    rows = Household.objects.filter(memberships__person__in=people, memberships__until__isnull=True)
    return rows.distinct().in_bulk()


def _rewrite(kept: Constituent, merged: Constituent, households: Mapping[int, Household]) -> None:
    """Make anew what is made from other rows: the names of households, and what both are found by."""
    people: set[int] = {kept.pk, merged.pk}
    for pk in sorted(households):
        household = Household.objects.get(pk=pk)
        refresh_names(household)
        people |= set(household.memberships.filter(until__isnull=True).values_list("person", flat=True))
    refresh_search_text(people)
    # Both count as changed: whoever looks at what changed since (the scan for duplicates) looks at them again.
    Constituent.objects.filter(pk__in=[kept.pk, merged.pk]).update(updated_at=clock.now())


def counts_of(moves: Iterable[MergeMove]) -> Counter[tuple[str, str]]:
    """Return how many rows of each model met each fate."""
    return Counter((move.model, str(move.kind)) for move in moves)


def _write_down(
    done: Merge, kept: Constituent, merged: Constituent, moves: Iterable[MergeMove], by: User | None
) -> None:
    moved = {model: count for (model, kind), count in sorted(counts_of(moves).items()) if kind == MoveKind.MOVED}
    old, new = _picked(moves, kept)
    audit.record(
        "constituent.merged",
        kept,
        by=by,
        old=old,
        new={**new, "merged": done.names["merged"], "moved": moved},
        reason=done.note,
        about=kept,
    )
    audit.record(
        "constituent.merged_away",
        merged,
        by=by,
        old={"merged_into": None},
        new={"merged_into": kept.pk, "kept": done.names["kept"]},
        reason=done.note,
        about=merged,
    )


def _picked(moves: Iterable[MergeMove], kept: Constituent) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the merge wrote into the record kept, before and after."""
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    for move in moves:
        if (move.model, move.row, move.kind) == (Constituent._meta.label, kept.pk, MoveKind.CHANGED):
            old |= {name: value for name, value in move.old.items() if name not in WRITTEN_BY_ITSELF}
            new |= {name: value for name, value in move.new.items() if name not in WRITTEN_BY_ITSELF}
    return old, new
