"""How thanks react to what becomes of a gift."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from donations.models import Acknowledgement, Gift, ThanksState, ThankYouTemplate
from donations.models.gift import COUNTED_STATUSES
from donations.thanks.expecting import expect_thanks
from donations.thanks.mailing import ONLINE, thank_at_once


def expect_one(sender: object, *, gift: Gift, **_kwargs: Any) -> None:
    """Let a gift that was posted wait for thanks; one made online is thanked for as soon as a worker gets to it."""
    expect_thanks([gift.pk])
    if gift.source in ONLINE and ThankYouTemplate.objects.filter(is_active=True, email_at_once=True).exists():
        thank_at_once.enqueue(gift.pk)


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
