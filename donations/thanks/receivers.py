"""How thanks react to what becomes of a gift."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from donations.models import Acknowledgement, Gift, ThanksState
from donations.models.gift import COUNTED_STATUSES
from donations.thanks.expecting import expect_thanks
from donations.thanks.mailing import ONLINE, thank_at_once
from donations.thanks.telling import tell_at_once

#: What a replacement takes over of the thanks for the gift it stands in for.
_TAKEN_OVER = ("state", "since", "how", "at", "by", "template", "message", "note", "is_automatic")


def expect_one(sender: object, *, gift: Gift, **_kwargs: Any) -> None:
    """Let a gift that was posted wait for thanks; one made online is thanked for as soon as a worker gets to it."""
    expect_thanks([gift.pk])
    if gift.source in ONLINE:
        thank_at_once.enqueue(gift.pk)
        if gift.tribute or gift.recurring_id:
            tell_at_once.enqueue(gift.pk)


def expect_many(sender: object, *, gift_ids: list[int], announced: bool = False, **_kwargs: Any) -> None:
    """Let many gifts wait for thanks, where they are news and not history."""
    expect_thanks(gift_ids, news=announced)


def settle_reversed(sender: object, *, gift: Gift, by: User | None, reason: str, **_kwargs: Any) -> None:
    """Ask nobody to thank for a gift of which nothing is left. Thanks that were given were given."""
    if gift.status not in COUNTED_STATUSES:
        note = _("Gift %(status)s: %(reason)s") % {"status": gift.get_status_display().lower(), "reason": reason}
        _settle(gift, note)


def expect_reinstated(sender: object, *, gift: Gift, **_kwargs: Any) -> None:
    """Let a gift that has come back wait again, where nobody had decided otherwise."""
    rows = Acknowledgement.objects.filter(gift=gift, state=ThanksState.NOT_WANTED, is_automatic=True)
    if rows.delete()[0]:
        expect_thanks([gift.pk])


def follow_adjusted(sender: object, *, original: Gift, replacement: Gift, **_kwargs: Any) -> None:
    """Move thanks to the gift that counts now: who was thanked was thanked, unless the gift is another donor's."""
    before = Acknowledgement.objects.filter(gift=original).first()
    if before is None or (before.state == ThanksState.DONE and original.donor_id != replacement.donor_id):
        expect_thanks([replacement.pk])
        return
    taken = {name: getattr(before, name) for name in _TAKEN_OVER}
    Acknowledgement.objects.create(gift=replacement, **taken)
    _settle(original, _("Thanks go with the gift that was put in its place."))


def _settle(gift: Gift, note: str) -> None:
    """Take a gift out of the queue, and out of letters that are made and not printed."""
    Acknowledgement.objects.filter(gift=gift).waiting().update(
        state=ThanksState.NOT_WANTED, note=note[:300], is_automatic=True, run=None, template=None
    )
