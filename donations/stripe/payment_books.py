"""What must hold of online payments, for `check_books`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Round

from core.money import Money
from donations.models import Adjustment, Dispute, Gift, GiftStatus, OnlinePayment, OnlineRefund, RefundStatus
from donations.models.online_refund import CLAIMING, TAKEN
from donations.services.books import SHOWN, Finding
from donations.stripe.minor import from_minor

_AMOUNT = DecimalField(max_digits=18, decimal_places=3)


def _found(check: str, message: str, rows: QuerySet[OnlinePayment]) -> Iterator[Finding]:
    if wrong := [f"online payment {pk}" for pk in rows.order_by("pk").values_list("pk", flat=True)[:SHOWN]]:
        yield Finding(check, message, wrong)


def _sum_of(rows: QuerySet[Any]) -> Round:
    sums = rows.filter(payment=OuterRef("pk")).order_by().values("payment").annotate(total=Sum("amount"))
    return Round(Coalesce(Subquery(sums.values("total")), Value(0), output_field=_AMOUNT), precision=3)


def paid_gifts_are_their_payments() -> Iterator[Finding]:
    """A gift that was paid online is of the payment's amount, and posted; what is not paid is posted by nobody."""
    matched = OnlinePayment.objects.filter(gift__isnull=False)
    other = matched.exclude(gift__amount=Round(F("amount"), precision=3), gift__currency=F("currency"))
    other = other.exclude(pk__in=_explained_by_adjustments(other))
    yield from _found("M2 payments", "The gift is not what was paid.", other)
    unposted = matched.filter(gift__status__in=[GiftStatus.PENDING, GiftStatus.CANCELLED])
    yield from _found("M2 payments", "It was paid, and its gift is not in the books.", unposted)
    unpaid = matched.exclude(status="succeeded")
    yield from _found("M8 states", "It was not paid, and a gift counts for it.", unpaid)


def _explained_by_adjustments(payments: QuerySet[OnlinePayment]) -> list[int]:
    """Return those whose gift is what was left of the one paid for: it was partly returned, then adjusted."""
    adjusted = payments.filter(gift__adjustment__isnull=False).select_related("gift")
    return [
        payment.pk
        for payment in adjusted
        if payment.gift
        and Money(payment.gift.amount + returned_before(payment.gift), payment.gift.currency) == payment.money
    ]


def returned_before(gift: Gift) -> Decimal:
    """Return what had gone back of a gift, in its own currency, before it was adjusted to this one."""
    returned = Decimal(0)
    while adjustment := Adjustment.objects.filter(replacement=gift).select_related("original").first():
        gift = adjustment.original
        returned += gift.refunded_amount + gift.charged_back_amount
    return returned


def amounts_are_stripes() -> Iterator[Finding]:
    """Amounts are Stripe's to the smallest unit."""
    wrong = []
    rows = OnlinePayment.objects.values_list("pk", "amount", "currency", "amount_minor")
    for pk, amount, currency, minor in rows.order_by("pk").iterator():
        if from_minor(minor, currency).amount != amount:
            wrong.append(f"online payment {pk}")
    if wrong:
        yield Finding("M2 units", "The amount is not what Stripe counted.", wrong[:SHOWN])


def returns_are_in_the_books() -> Iterator[Finding]:
    """What Stripe gave back, and what it says it gave back, is what stands in the books."""
    payments = OnlinePayment.objects.annotate(
        taken=_sum_of(OnlineRefund.objects.filter(status__in=TAKEN)),
        claimed=_sum_of(OnlineRefund.objects.filter(status__in=CLAIMING)),
        lost=_sum_of(Dispute.objects.lost()),
    )
    posted = payments.filter(gift__posted_at__isnull=False)
    booked = posted.exclude(refunded_in_books=F("taken"))
    yield from _found("M2 refunds", "The refunds at Stripe are not those in the books.", booked)
    less = posted.filter(refunded_in_books__lte=F("amount") - F("lost")).exclude(charged_back_in_books=F("lost"))
    yield from _found("M2 disputes", "The disputes lost at Stripe are not the charge-backs in the books.", less)
    gift = posted.exclude(gift__status__in=[GiftStatus.VOIDED, GiftStatus.ADJUSTED]).filter(
        Q(gift__refunded_amount__lt=F("refunded_in_books"))
        | Q(gift__charged_back_amount__lt=F("charged_back_in_books"))
    )
    gift = gift.exclude(pk__in=_returned_before_adjusting(gift))
    yield from _found("M2 gifts", "Less went out of the gift than Stripe took.", gift)
    over = payments.filter(claimed__gt=Round(F("amount"), precision=3))
    yield from _found("M3 online refunds", "More is refunded at Stripe than was paid.", over)


def _returned_before_adjusting(payments: QuerySet[OnlinePayment]) -> list[int]:
    """Return those whose gift, with what had gone back before it was adjusted, lost all that Stripe took."""
    adjusted = payments.filter(gift__adjustment__isnull=False).select_related("gift")
    return [
        payment.pk
        for payment in adjusted
        if payment.gift
        and payment.gift.refunded_amount + payment.gift.charged_back_amount + returned_before(payment.gift)
        >= payment.refunded_in_books + payment.charged_back_in_books
    ]


def refunds_add_up_to_stripes() -> Iterator[Finding]:
    """What Stripe says was refunded of a charge is the sum of its refunds."""
    live = OnlineRefund.objects.filter(payment=OuterRef("pk"), status=RefundStatus.ASKED)
    rows = OnlinePayment.objects.filter(~Exists(live)).annotate(
        minor=Coalesce(
            Subquery(
                OnlineRefund.objects.filter(payment=OuterRef("pk"), status__in=TAKEN)
                .order_by()
                .values("payment")
                .annotate(total=Sum("amount_minor"))
                .values("total")
            ),
            Value(0),
        )
    )
    yield from _found(
        "M2 refunded", "The refunds do not add up to what Stripe says.", rows.exclude(refunded_minor=F("minor"))
    )


def modes_do_not_mix() -> Iterator[Finding]:
    """Test money and real money never share books."""
    paid = OnlinePayment.objects.paid()
    if paid.filter(livemode=True).exists() and paid.filter(livemode=False).exists():
        yield from _found("M9 mode", "Test money stands beside real money.", paid.filter(livemode=False))


CHECKS = (
    paid_gifts_are_their_payments,
    amounts_are_stripes,
    returns_are_in_the_books,
    refunds_add_up_to_stripes,
    modes_do_not_mix,
)
