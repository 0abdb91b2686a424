"""What a merge does to the pairs: the one of the two records is settled, and open again when the merge is undone."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from constituents.models import Constituent, DuplicatePair, PairState
from constituents.models.duplicate import DuplicatePairQuerySet
from constituents.signals import constituents_merged, merge_undone
from core import clock


def _pair_of(one: Constituent, other: Constituent) -> DuplicatePairQuerySet:
    return DuplicatePair.objects.filter(first=min(one.pk, other.pk), second=max(one.pk, other.pk))


@receiver(constituents_merged)
def settle(kept: Constituent, merged: Constituent, **_signal: Any) -> None:
    """The two were one. Pairs of the merged record with others are hidden by the merge itself."""
    _pair_of(kept, merged).update(state=PairState.MERGED, decided_at=clock.now())


@receiver(merge_undone)
def open_again(kept: Constituent, merged: Constituent, **_signal: Any) -> None:
    """The merge was a mistake: ask again."""
    _pair_of(kept, merged).filter(state=PairState.MERGED).update(state=PairState.OPEN, decided_at=None, decided_by=None)
