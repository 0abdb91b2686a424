"""What is done about a pair: dismissed, put back on the list; and the pairs that admit no other reading."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from constituents.errors import ConstituentError
from constituents.models import DuplicatePair, Likeness, PairState
from constituents.models.duplicate import DuplicatePairQuerySet
from core import clock
from core.audit import record


class PairDecidedError(ConstituentError):
    """Somebody has decided on the pair already."""


def certain_pairs() -> DuplicatePairQuerySet:
    """Return the open pairs whose evidence admits no other reading than one constituent recorded twice.

    These are the only ones an automatic merge may ever be offered for.
    """
    return DuplicatePair.objects.to_decide().filter(likeness=Likeness.CERTAIN)


@transaction.atomic
def dismiss(pair: DuplicatePair, *, by: Any) -> DuplicatePair:
    """Say that the two are not the same. They are not shown again unless something that was compared changes."""
    pair = DuplicatePair.objects.select_for_update().get(pk=pair.pk)
    if pair.state != PairState.OPEN:
        raise PairDecidedError(_("This pair has been decided on already."))
    return _decide(pair, PairState.NOT_DUPLICATE, verb="duplicate.dismissed", by=by)


@transaction.atomic
def reconsider(pair: DuplicatePair, *, by: Any) -> DuplicatePair:
    """Take “not a duplicate” back."""
    pair = DuplicatePair.objects.select_for_update().get(pk=pair.pk)
    if pair.state != PairState.NOT_DUPLICATE:
        raise PairDecidedError(_("Nobody has said that these two are not the same."))
    return _decide(pair, PairState.OPEN, verb="duplicate.reconsidered", by=by)


def _decide(pair: DuplicatePair, state: PairState, *, verb: str, by: Any) -> DuplicatePair:
    old = {"state": pair.state}
    pair.state = state
    pair.decided_at = None if state == PairState.OPEN else clock.now()
    pair.decided_by = None if state == PairState.OPEN else by
    pair.full_clean()
    pair.save()
    record(verb, pair, by=by, old=old, new={"state": pair.state}, about=pair.first)
    return pair
