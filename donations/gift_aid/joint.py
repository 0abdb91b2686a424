"""Two gave it together, or part of it bought something: what has to be said before the rest can be claimed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.models import Constituent
from core import audit
from core.money import Money
from donations.errors import GiftAidError
from donations.models import ClaimLine, Gift, JointShare, SplitPayment


@transaction.atomic
def share_gift(
    gift: Gift, *, by: User | None, people: Sequence[Constituent], amounts: Sequence[Decimal] | None = None
) -> list[JointShare]:
    """Say whose shares a joint gift is made of; equal ones unless `amounts` are given, in the gift's own currency.

    The receipt stays with the donor on record. Raises GiftAidError when the gift is in a claim already, when a share is
    an organisation's or somebody is named twice, or when the shares do not add up to the gift.
    """
    locked = _unclaimed(gift)
    if len({person.pk for person in people}) != len(people) or len(people) < 2:
        raise GiftAidError(_("A joint gift is shared by two people or more, each named once."))
    if any(not person.is_person for person in people):
        raise GiftAidError(_("Gift Aid is for people: an organisation has no share."))
    if locked.donor_id not in {person.pk for person in people}:
        raise GiftAidError(_("The donor on record has a share of their own gift."))
    parts = list(amounts) if amounts else [part.amount for part in locked.money.split([1] * len(people))]
    total = sum(parts, Decimal(0))
    if len(parts) != len(people) or Money(total, locked.currency) != locked.money:
        raise GiftAidError(
            _("The shares add up to %(total)s, but the gift is %(gift)s.")
            % {"total": Money(total, locked.currency), "gift": locked.money}
        )
    before = JointShare.objects.filter(gift=locked)
    if ClaimLine.objects.filter(share__in=before).exists():
        raise GiftAidError(_("Its shares stood in a claim before: they stay as they are."))
    before.delete()
    shares = [JointShare(gift=locked, person=person, amount=part) for person, part in zip(people, parts, strict=True)]
    for share in shares:
        share.full_clean()
        share.save()
    new = {str(share.person_id): str(share.amount) for share in shares}
    audit.record("gift_aid.shared", locked, by=by, new=new, about=locked.donor)
    return shares


@transaction.atomic
def split_payment(gift: Gift, *, by: User | None, note: str) -> SplitPayment:
    """Keep that the donor knew the price of what they got: only what they paid beyond it is a gift.

    Raises GiftAidError when they got nothing, when it is worth the whole payment, or when the gift is in a claim.
    """
    locked = _unclaimed(gift)
    if not locked.advantage_amount:
        raise GiftAidError(_("The donor got nothing in return: there is nothing to split."))
    if locked.advantage_amount >= locked.amount:
        raise GiftAidError(_("What the donor got is worth the whole payment: no gift is left."))
    split = SplitPayment(gift=locked, note=note.strip(), recorded_by=by)
    split.full_clean()
    split.save()
    audit.record(
        "gift_aid.split", locked, by=by, new={"price": locked.advantage_amount}, reason=note, about=locked.donor
    )
    return split


def follow_adjustment(original: Gift, replacement: Gift) -> None:
    """Let shares and a known price go with the gift that was put in the place of another.

    The shares keep their proportions. Where the gift turns out to be of somebody who has no share in it, or to be worth
    no more than the price, they are let go, as far as no claim stands on them.
    """
    shares = list(JointShare.objects.select_for_update(of=("self",)).filter(gift=original).order_by("pk"))
    parts = replacement.money.split([share.amount for share in shares]) if shares else []
    if replacement.donor_id in {share.person_id for share in shares} and all(parts):
        for share, part in zip(shares, parts, strict=True):
            share.gift, share.amount = replacement, part.amount
            share.full_clean()
            share.save(update_fields=["gift", "amount"])
    elif not ClaimLine.objects.filter(share__in=shares).exists():
        JointShare.objects.filter(gift=original).delete()
    splits = SplitPayment.objects.filter(gift=original)
    if replacement.donor_id == original.donor_id and 0 < replacement.advantage_amount < replacement.amount:
        splits.update(gift=replacement)
    else:
        splits.delete()


def _unclaimed(gift: Gift) -> Gift:
    locked = Gift.objects.select_for_update(of=("self",)).select_related("donor").get(pk=gift.pk)
    if ClaimLine.objects.filter(gift=locked).filter(is_live=True).exists():
        raise GiftAidError(_("The gift is in a claim already."))
    return locked
