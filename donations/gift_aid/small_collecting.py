"""Enter collections of small donations; what stands in a claim that was sent stays."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, clock
from core.money import Money
from donations.errors import GiftAidError
from donations.gift_aid.claims import one_at_a_time
from donations.gift_aid.small import left_of, small_gifts
from donations.models import Gift, SmallClaimLine, SmallCollection
from donations.models.hmrc_claim import CURRENCY

#: What a claim that was sent says of a collection.
_FACTS = frozenset({"collected_on", "how", "amount"})


@transaction.atomic
def add_collection(
    *, by: User | None, place: str, collected_on: dt.date, amount: Decimal, **details: Any
) -> SmallCollection:
    """Enter a collection, in pounds. Raises GiftAidError for a day to come, ValidationError naming the field."""
    collection = SmallCollection(place=place, collected_on=collected_on, amount=amount, **details)
    _check_day(collected_on)
    collection.full_clean()
    collection.save()
    audit.record("small_collection.added", collection, by=by, new=audit.snapshot(collection))
    return collection


@transaction.atomic
def change_collection(collection: SmallCollection, *, by: User | None, **changes: Any) -> SmallCollection:
    """Put a collection right. Raises GiftAidError when its money facts stand in a claim that was sent."""
    one_at_a_time()  # not while a claim on it is on its way
    locked = SmallCollection.objects.select_for_update(of=("self",)).get(pk=collection.pk)
    before = audit.snapshot(locked)
    for name, value in changes.items():
        setattr(locked, name, value)
    _check_day(locked.collected_on)
    locked.full_clean()
    old, new = audit.changes(before, audit.snapshot(locked))
    if locked.is_claimed and (facts := _FACTS & set(new)):
        raise GiftAidError(_("It was claimed on as it stands: withdraw the claim first."), min(facts))
    locked.save()
    if new:
        audit.record("small_collection.changed", locked, by=by, old=old, new=new)
    return locked


@transaction.atomic
def remove_collection(collection: SmallCollection, *, by: User | None) -> None:
    """Remove a collection entered by mistake. Raises GiftAidError once it stands in a claim, withdrawn or not."""
    one_at_a_time()
    locked = SmallCollection.objects.select_for_update(of=("self",)).get(pk=collection.pk)
    if SmallClaimLine.objects.filter(collection=locked).exists():
        raise GiftAidError(_("It stands in a claim: it stays on record with it."))
    audit.record("small_collection.removed", locked, by=by, old=audit.snapshot(locked), deleted=True)
    locked.delete()


@transaction.atomic
def collect_from_gift(gift: Gift, *, by: User | None, amount: Decimal, **details: Any) -> SmallCollection:
    """Say that the sum of a gift on record is a collection. Raises GiftAidError when it cannot be one."""
    one_at_a_time()  # a claim on its way may be about to take the gift for itself
    locked = Gift.objects.select_for_update(of=("self",)).get(pk=gift.pk)
    if SmallCollection.objects.filter(gift=locked).exists():
        raise GiftAidError(_("It stands among the collections already."))
    if locked.gift_aid_lines.filter(is_live=True).exists() or locked.small_claim_lines.filter(is_live=True).exists():
        raise GiftAidError(_("It is in a claim already."))
    if amount > (left := left_of(locked)):
        raise GiftAidError(_("Only %(left)s of the gift is here.") % {"left": Money(left, CURRENCY)}, "amount")
    return add_collection(by=by, amount=amount, gift=locked, **details)


def _check_day(day: dt.date) -> None:
    if day > clock.today():
        raise GiftAidError(_("This day is still to come."), "collected_on")


def follow_the_correction(sender: object, *, original: Gift, replacement: Gift, **_kwargs: Any) -> None:
    """Let collections and claims follow a gift that was corrected, as long as it still is a small one of that year.

    What it is smaller by, or all of it where it is small no more, is owed back with the next claim.
    """
    SmallCollection.objects.filter(gift=original).update(gift=replacement)
    for line in SmallClaimLine.objects.filter(gift=original, is_live=True).select_related("claim"):
        if small_gifts(line.claim.tax_year).filter(pk=replacement.pk).exists():
            line.gift = replacement
            line.save(update_fields=["gift"])
