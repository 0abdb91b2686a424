"""Raise and settle flags: money that came twice, dues that went back."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from core import audit, clock
from donations.models import Gift
from memberships.models import Application, Flag, FlagKind, Membership, Term
from memberships.signals import membership_flagged


@transaction.atomic
def raise_flag(
    kind: FlagKind, membership: Membership, *, gift: Gift, by: User | None, term: Term | None = None, note: str = ""
) -> Flag:
    """Put a flag on a membership for somebody to look at; the same gift is flagged once for the same thing."""
    flag, made = Flag.objects.get_or_create(
        gift=gift, kind=kind, defaults={"membership": membership, "term": term, "note": note}
    )
    if made:
        audit.record(
            "membership.flagged",
            membership,
            by=by,
            new={"kind": kind, "gift": gift.money, "note": note},
            about=membership.bill_to,
        )
        membership_flagged.send(Flag, flag=flag, by=by)
    return flag


@transaction.atomic
def settle_flag(flag: Flag, *, by: User | None, settlement: str) -> Flag:
    """Note what was decided; a flag that was settled stays as it is."""
    locked = Flag.objects.select_for_update().get(pk=flag.pk)
    if locked.settled_at is not None:
        return locked
    locked.settled_at = clock.now()
    locked.settled_by = by if by is not None and by.pk else None
    locked.settlement = settlement
    locked.full_clean(exclude=["settled_by"])
    locked.save()
    audit.record(
        "membership.flag_settled", locked.membership, by=by, reason=settlement, about=locked.membership.bill_to
    )
    return locked


@transaction.atomic
def dues_reversed(gift: Gift, *, by: User | None, reason: str) -> None:
    """Look after the memberships that a voided or refunded gift had paid for: flag them, never lapse them silently.

    The refund of a payment flagged as a second one settles that flag.
    """
    for flag in Flag.objects.filter(gift=gift, kind=FlagKind.PAID_TWICE, settled_at__isnull=True):
        settle_flag(flag, by=by, settlement=gift.get_status_display())
    for term in Term.objects.filter(gift=gift).select_related("membership"):
        raise_flag(FlagKind.DUES_REVERSED, term.membership, gift=gift, term=term, by=by, note=reason[:255])


@transaction.atomic
def dues_adjusted(original: Gift, replacement: Gift) -> None:
    """Let terms, applications and open flags lead to the gift that counts now; its amount is that of the original."""
    for model in (Term, Application):
        model.objects.filter(gift=original).update(gift=replacement)
    Flag.objects.filter(gift=original, settled_at__isnull=True).update(gift=replacement)
