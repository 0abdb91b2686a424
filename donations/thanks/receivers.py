"""How thanks react to what becomes of a gift."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from donations.models import Acknowledgement, Gift, ThanksState
from donations.models.gift import COUNTED_STATUSES
from donations.thanks.expecting import expect_thanks


def expect_one(sender: object, *, gift: Gift, **_kwargs: Any) -> None:
    """Let a gift that was posted wait for thanks."""
    expect_thanks([gift.pk])


def expect_many(sender: object, *, gift_ids: list[int], announced: bool = False, **_kwargs: Any) -> None:
    """Let many gifts wait for thanks, where they are news and not history."""
    expect_thanks(gift_ids, news=announced)


def settle_reversed(sender: object, *, gift: Gift, by: User | None, reason: str, **_kwargs: Any) -> None:
    """Ask nobody to thank for a gift of which nothing is left. Thanks that were given were given."""
    if gift.status not in COUNTED_STATUSES:
        note = _("Gift %(status)s: %(reason)s") % {"status": gift.get_status_display().lower(), "reason": reason}
        Acknowledgement.objects.filter(gift=gift).waiting().update(
            state=ThanksState.NOT_WANTED, note=note[:300], is_automatic=True
        )
