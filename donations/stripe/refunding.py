"""Refunds asked for on our screens: written down first, then asked of Stripe under the key of the row."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django_tasks import task

from accounts.models import User
from core import audit, clock
from core.money import Money
from donations.errors import OnlineRefundError, StripeBrokenError, StripeRefusedError
from donations.models import OnlinePayment, OnlineRefund, RefundStatus
from donations.models.dispute import CONTESTED
from donations.stripe import gateway
from donations.stripe.minor import to_minor
from donations.stripe.syncing import payments, refunds
from donations.stripe.syncing.facts import refund_facts

# Stripe forgets a key after a day: whoever asks later looks first whether it was done.
_KEY_HOLDS = dt.timedelta(hours=20)


def refundable(payment: OnlinePayment) -> Money:
    """Return what of a payment can still be refunded: what was paid, less refunds asked for or made, less disputes."""
    gone = payment.refunds.claiming().aggregate(total=Sum("amount"))["total"] or Decimal(0)
    lost = payment.disputes.lost().aggregate(total=Sum("amount"))["total"] or Decimal(0)
    return Money(max(payment.amount - gone - lost, Decimal(0)), payment.currency)


@transaction.atomic
def ask_refund(
    payment: OnlinePayment, *, money: Money, by: User | None, reason: str, token: uuid.UUID | None = None
) -> OnlineRefund:
    """Give money of a payment back to the donor, through Stripe. The books follow when Stripe has done it.

    A form with a `token` is one refund, however often it is sent. Raises OnlineRefundError when it is not paid, in
    dispute, or more than is left would go back.
    """
    locked = OnlinePayment.objects.select_for_update(of=("self",)).select_related("gift__donor").get(pk=payment.pk)
    if token is not None and (known := locked.refunds.filter(uuid=token).first()) is not None:
        return known
    if not locked.is_paid:
        raise OnlineRefundError(_("It is not paid, so that there is nothing to refund."))
    if locked.disputes.filter(status__in=CONTESTED).exists():
        raise OnlineRefundError(_("It is in dispute, and the bank decides: answer the dispute instead."))
    left = refundable(locked)
    if not Money.zero(money.currency) < money <= left:
        raise OnlineRefundError(_("Between nothing and %(left)s can be refunded.") % {"left": left})
    refund = OnlineRefund(
        uuid=token or uuid.uuid4(),
        payment=locked,
        amount=money.amount,
        currency=money.currency,
        amount_minor=to_minor(money),
        reason=reason,
        by=by,
        asked_at=clock.now(),
        livemode=locked.livemode,
    )
    refund.full_clean()
    refund.save()
    donor = locked.gift.donor if locked.gift else None
    audit.record("online_refund.asked", refund, by=by, new={"money": str(money)}, reason=reason, about=donor)
    send_refund.enqueue(refund.pk)
    return refund


@task
def send_refund(refund_id: int) -> None:
    """Ask Stripe for a refund, once however often this runs; what Stripe refuses is kept on the row."""
    refund = OnlineRefund.objects.select_related("payment").get(pk=refund_id)
    if refund.status == RefundStatus.ASKED and clock.now() - refund.asked_at > _KEY_HOLDS:
        _read(refund.payment)
        refund.refresh_from_db()
    if refund.status != RefundStatus.ASKED:
        return
    payment = refund.payment
    of = {"payment_intent": payment.payment_intent} if payment.payment_intent else {"charge": payment.charge_id}
    asked_at = clock.now()
    try:
        with gateway.answering():
            made = gateway.for_jobs().v1.refunds.create(
                {  # type: ignore[arg-type]
                    **of,
                    "amount": refund.amount_minor,
                    "reason": "requested_by_customer",
                    "metadata": {"refund": str(refund.uuid)},
                },
                {"idempotency_key": refund.key},
            )
    except StripeRefusedError as refusal:
        _refused(refund, refusal)
        return
    except StripeBrokenError:
        # It may have been done all the same. If not, nobody can be sure of that before Stripe forgets the key.
        _read(payment)
        refund.refresh_from_db(fields=["status"])
        if refund.status == RefundStatus.ASKED:
            raise
        return
    with transaction.atomic():
        locked = OnlinePayment.objects.select_for_update().get(pk=payment.pk)
        refunds.apply(locked, refund_facts(made.to_dict(), asked_at=asked_at))
    _read(payment)


def _read(payment: OnlinePayment) -> None:
    if payment.payment_intent:
        payments.sync(payment.payment_intent, hint="refund")
    elif payment.charge_id:
        payments.sync_charge(payment.charge_id, hint="refund")


@transaction.atomic
def _refused(refund: OnlineRefund, refusal: StripeRefusedError) -> None:
    asked = OnlineRefund.objects.filter(pk=refund.pk, status=RefundStatus.ASKED)
    if asked.update(status=RefundStatus.FAILED, failure=refusal.detail[:500], fetched_at=clock.now()):
        gift = refund.payment.gift
        audit.record(
            "online_refund.refused", refund, by=None, reason=refusal.detail[:500], about=gift.donor if gift else None
        )
        refund.failure = refusal.detail[:500]
        refunds.have_failure_looked_at(refund, refund.payment)
