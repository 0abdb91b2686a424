"""How a gift is shown beside a follow-up that is about it."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext as _

from constituents.work.pointers import Pointer, register_pointer
from donations.models import Gift


def register() -> None:
    """Say how gifts are shown."""
    register_pointer(Gift, gifts)


def gifts(keys: Collection[int]) -> dict[int, Pointer]:
    """Return each gift's amount and page."""
    rows = Gift.objects.filter(pk__in=keys).only("pk", "amount", "currency")
    return {
        gift.pk: Pointer(_("gift of %(amount)s") % {"amount": gift.money}, reverse("gifts:inspect", args=[gift.pk]))
        for gift in rows
    }
