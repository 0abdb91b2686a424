"""Payments that no form of ours had asked for: somebody says what each is. What was said can be taken back.

make_gift(payment, donor=ann, allocations=[(roof, amount)], by=user, reason="")  # dated by the day it was paid
match_gift(payment, gift=promised, by=user)                # one that was expected has come this way
set_aside(payment, by=user, reason="Tickets of the raffle")
take_back(payment, by=user, reason="Wrong Ann")            # waits again; the gift is void
"""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.models import Constituent
from core import audit, clock
from donations.accounting.periods import first_open_day
from donations.errors import OnlineGivingError
from donations.models import Gift, GiftSource, OnlinePayment, Resolution, StripeCustomer
from donations.services.gifts import Allocations, record_gift, void_gift
from donations.stripe.syncing import books
from donations.stripe.syncing.facts import method_of
from donations.stripe.syncing.posting import post_paid


class UnmatchedError(OnlineGivingError):
    """The payment does not wait for a decision any more."""


@transaction.atomic
def make_gift(
    payment: OnlinePayment, *, donor: Constituent, allocations: Allocations | None, by: User, reason: str
) -> Gift:
    """Record a payment as a gift, posted at once. Raises UnmatchedError, and what `record_gift` raises."""
    locked = _waiting(payment)
    charged_on = clock.local_date(locked.charged_at) if locked.charged_at else clock.today()
    gift = record_gift(
        donor=donor,
        money=locked.money,
        received_on=max(charged_on, first_open_day()),
        by=by,
        allocations=allocations,
        method=method_of(locked.method_type),
        source=GiftSource.ONLINE,
        reference=locked.charge_id or "",
        note=locked.statement,
    )
    if locked.customer_id:
        known = {"constituent": gift.donor, "livemode": locked.livemode}
        StripeCustomer.objects.get_or_create(customer_id=locked.customer_id, defaults=known)
    locked.gift = gift
    _decide(locked, Resolution.GIFT, by, reason or _("Made a gift"))
    books.bring_up_to(locked)
    return gift


@transaction.atomic
def match_gift(payment: OnlinePayment, *, gift: Gift, by: User) -> OnlinePayment:
    """Say that a payment is a gift that was expected; it is posted. Raises UnmatchedError when they do not fit."""
    locked = _waiting(payment)
    expected = Gift.objects.expected().select_for_update(of=("self",)).filter(pk=gift.pk).first()
    if expected is None or OnlinePayment.objects.filter(gift=gift).exists():
        raise UnmatchedError(_("This gift is expected no more: look again."))
    if expected.money != locked.money:
        words = {"gift": expected.money, "payment": locked.money}
        raise UnmatchedError(_("%(gift)s is expected and %(payment)s was paid: they are not the same.") % words)
    locked.gift = expected
    post_paid(locked, method=method_of(locked.method_type))
    _decide(locked, Resolution.GIFT, by, _("Was expected as a gift of %(donor)s") % {"donor": expected.donor})
    books.bring_up_to(locked)
    return locked


@transaction.atomic
def set_aside(payment: OnlinePayment, *, by: User, reason: str) -> OnlinePayment:
    """Say that a payment is no gift, and why. Raises UnmatchedError."""
    locked = _waiting(payment)
    _decide(locked, Resolution.NOT_OURS, by, reason)
    return locked


@transaction.atomic
def take_back(payment: OnlinePayment, *, by: User, reason: str) -> OnlinePayment:
    """Let a payment wait again; the gift that staff said it is becomes void.

    Raises UnmatchedError for one that nobody has decided about: it waits already, or a form of ours had asked for it.
    """
    locked = OnlinePayment.objects.select_for_update(of=("self",)).select_related("gift__donor").get(pk=payment.pk)
    if not locked.resolution:
        raise UnmatchedError(_("Nobody has decided about this payment: there is nothing to take back."))
    gift, old = locked.gift, {"decision": locked.resolution, "gift": locked.gift_id}
    if gift is not None and gift.current.is_counted:
        void_gift(gift.current, by=by, reason=reason)
    if gift is not None:
        _forget_customer(locked, gift)
    # What went back was entered for that gift; for the next one it is entered anew.
    locked.gift, locked.refunded_in_books, locked.charged_back_in_books = None, Decimal(0), Decimal(0)
    locked.resolution, locked.resolution_reason, locked.resolved_at, locked.resolved_by = "", "", None, None
    locked.full_clean()
    locked.save()
    about = gift.donor if gift else None
    audit.record("online_payment.taken_back", locked, by=by, old=old, reason=reason, about=about)
    return locked


def _forget_customer(payment: OnlinePayment, gift: Gift) -> None:
    """Let the donor of a gift no longer be who paid it at Stripe, unless another payment of theirs says so as well."""
    others = OnlinePayment.objects.filter(customer_id=payment.customer_id, gift__donor=gift.donor)
    if payment.customer_id and not others.exclude(pk=payment.pk).exists():
        StripeCustomer.objects.filter(customer_id=payment.customer_id, constituent=gift.donor).delete()


def _waiting(payment: OnlinePayment) -> OnlinePayment:
    locked = OnlinePayment.objects.select_for_update().get(pk=payment.pk)
    if not locked.is_paid or locked.gift_id or locked.resolution:
        raise UnmatchedError(_("Nothing is to be decided of this payment any more."))
    return locked


def _decide(payment: OnlinePayment, resolution: Resolution, by: User, reason: str) -> None:
    payment.resolution, payment.resolution_reason = resolution, reason[:300]
    payment.resolved_at, payment.resolved_by = clock.now(), by
    payment.full_clean()
    payment.save()
    audit.record(
        "online_payment.decided",
        payment,
        by=by,
        new={"decision": resolution},
        reason=reason,
        about=payment.gift.donor if payment.gift else None,
    )
