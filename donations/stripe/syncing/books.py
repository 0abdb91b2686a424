"""What went back at Stripe, brought into our books: never step by step, always the difference to what stands there.

What should stand in the books follows from the rows of refunds and disputes alone. So the order in which they become
known, and how often, makes no difference.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from core.money import Money, quantize
from donations.models import OnlinePayment
from donations.models.gift import COUNTED_STATUSES
from donations.services.gifts import charge_back_gift, refund_gift, reinstate_gift, return_refund


def bring_up_to(payment: OnlinePayment) -> None:
    """Enter what was refunded or lost at Stripe and does not stand in the books yet, or take back what stands too much.

    The payment is locked, and its gift posted. Of a gift that was voided or refunded by other means no more is taken
    than is left of it; `check_books` says where that differs from Stripe.
    """
    if payment.gift is None or not payment.gift.is_posted:
        return
    refunded = min(_sum(payment.refunds.taken(), payment), payment.amount)
    lost = min(_sum(payment.disputes.lost(), payment), payment.amount - refunded)
    stood = (payment.refunded_in_books, payment.charged_back_in_books)
    gift = payment.gift.current
    # First what comes back, so that there is something to take from.
    if payment.charged_back_in_books > lost:
        money = Money(payment.charged_back_in_books - lost, payment.currency)
        gift = reinstate_gift(gift, money=money, by=None, reason=_("The dispute was won."))
        payment.charged_back_in_books = lost
    if payment.refunded_in_books > refunded:
        money = Money(payment.refunded_in_books - refunded, payment.currency)
        gift = return_refund(gift, money=money, by=None, reason=_("The refund did not reach the donor."))
        payment.refunded_in_books = refunded
    if refunded > payment.refunded_in_books and gift.status in COUNTED_STATUSES:
        money = min(Money(refunded - payment.refunded_in_books, payment.currency), gift.left)
        latest = payment.refunds.taken().select_related("by").order_by("asked_at", "pk").last()
        by, reason = (latest.by, latest.reason) if latest else (None, _("Made at Stripe"))
        gift = refund_gift(gift, money=money, by=by, reason=reason)
        payment.refunded_in_books += money.amount
    if lost > payment.charged_back_in_books and gift.status in COUNTED_STATUSES:
        money = min(Money(lost - payment.charged_back_in_books, payment.currency), gift.left)
        gift = charge_back_gift(gift, money=money, by=None, reason=_why_lost(payment))
        payment.charged_back_in_books += money.amount
    if (payment.refunded_in_books, payment.charged_back_in_books) != stood:
        payment.save(update_fields=["refunded_in_books", "charged_back_in_books"])


def _sum(rows: QuerySet[Any], payment: OnlinePayment) -> Decimal:
    return quantize(rows.aggregate(total=Sum("amount"))["total"] or Decimal(0), payment.currency)


def _why_lost(payment: OnlinePayment) -> str:
    dispute = payment.disputes.lost().order_by("-opened_at").first()
    reason = dispute.reason.replace("_", " ") if dispute else ""
    return _("Dispute lost: %(reason)s") % {"reason": reason}
