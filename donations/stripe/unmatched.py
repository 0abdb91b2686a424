"""Payments that no form of ours had asked for: somebody says what each is."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.models import Constituent
from core import audit, clock
from donations.accounting.periods import first_open_day
from donations.errors import OnlineGivingError
from donations.models import Gift, GiftSource, OnlinePayment, Resolution, StripeCustomer
from donations.services.gifts import Allocations, record_gift
from donations.stripe.syncing import books
from donations.stripe.syncing.facts import method_of


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
def set_aside(payment: OnlinePayment, *, by: User, reason: str) -> OnlinePayment:
    """Say that a payment is no gift, and why. Raises UnmatchedError."""
    locked = _waiting(payment)
    _decide(locked, Resolution.NOT_OURS, by, reason)
    return locked


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
