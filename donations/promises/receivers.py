"""How promises react to what becomes of gifts."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from core import clock
from donations.models import Gift
from donations.promises.paying import payments_follow, payments_move
from donations.promises.refreshing import refresh_all


def count_gift(sender: object, *, gift: Gift, by: User | None, **_kwargs: Any) -> None:
    """A gift of a recurring gift has come: its date is met."""
    if gift.recurring_id:
        refresh_all([gift.recurring_id], today=clock.today(), by=by)


def count_many(sender: object, *, gift_ids: list[int], by: User | None, **_kwargs: Any) -> None:
    """Gifts of recurring gifts have come, many at once."""
    keys = Gift.objects.filter(pk__in=gift_ids, recurring__isnull=False).order_by().values_list("recurring", flat=True)
    refresh_all(set(keys), today=clock.today(), by=by)


def follow_reversal(sender: object, *, gift: Gift, by: User | None, reason: str = "", **_kwargs: Any) -> None:
    """Money of a gift went back, or came back to it: what it paid follows."""
    payments_follow(gift, by=by, reason=reason)
    count_gift(sender, gift=gift, by=by)


def follow_adjustment(
    sender: object, *, original: Gift, replacement: Gift, by: User | None, reason: str = "", **_kwargs: Any
) -> None:
    """A gift was corrected: the corrected one pays what the original paid, unless it is somebody else's now."""
    payments_move(original, replacement, by=by, reason=reason)
    if original.recurring_id is None:
        return
    if (original.donor_id, original.currency) != (replacement.donor_id, replacement.currency):
        Gift.objects.filter(pk=replacement.pk).update(recurring=None)
        replacement.recurring = None
    refresh_all([original.recurring_id], today=clock.today(), by=by)
