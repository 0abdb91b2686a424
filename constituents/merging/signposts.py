"""Signposts: the record that stands for one that was merged, and all records that stand in one."""

from __future__ import annotations

from django.utils.translation import gettext as _

from constituents.errors import CannotMergeError
from constituents.models import Constituent


def standing(constituent: Constituent) -> Constituent:
    """Return the record that stands for this one today, locked until the transaction ends.

    A verb that adds something to a constituent calls it first: a page that was open since before a merge, or a form
    sent in the middle of one, then adds to the record that was kept.
    """
    locked = Constituent.objects.select_for_update(of=("self",)).get(pk=constituent.pk)
    while locked.merged_into_id is not None:
        locked = Constituent.objects.select_for_update(of=("self",)).get(pk=locked.merged_into_id)
    return locked


def locked_pair(one: Constituent, other: Constituent) -> tuple[Constituent, Constituent]:
    """Return both records as they are now, locked in the order of their keys, so that nobody waits in a circle."""
    rows = Constituent.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk, other.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    if len(found) < 2:
        raise CannotMergeError(_("A record cannot be merged into itself."))
    return found[one.pk], found[other.pk]
