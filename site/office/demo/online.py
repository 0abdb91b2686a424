"""Online giving: the last weeks' card gifts as Stripe knows them, some refunded, one disputed, paid out every week.

Rows only, as the sync would have left them: the double of Stripe plays what happens from now on.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import F

from core import clock
from core.demo import DemoPlan
from core.money import Money
from donations.models import (
    BalanceLine,
    Dispute,
    DisputeStatus,
    EventState,
    FraudWarning,
    Gift,
    GiftSource,
    GiftStatus,
    Method,
    OnlinePayment,
    OnlineRefund,
    PaymentStatus,
    PayoutStatus,
    Reconciliation,
    RefundStatus,
    StripeEvent,
)
from donations.stripe.balance import LineFacts, record_lines
from donations.stripe.minor import to_minor
from donations.stripe.syncing import books
from donations.stripe.syncing.payouts import PayoutFacts, apply
from office.demo.setting import currency, fee_of

_MOST, _WEEKS = 160, 10
_STRANGERS = (("Odalys Ferreira", "odalys@example.org", "35.00", "Order 1182"), ("P. Lindgren", "", "12.50", ""))
_WALLETS = ("", "", "", "apple_pay", "google_pay", "link")
_BRANDS = ("visa", "visa", "mastercard", "amex")


def add_online(plan: DemoPlan) -> dict[str, int]:
    """Make payments of the last weeks' online card gifts, and everything that follows a payment."""
    rng = plan.random("online")
    gifts = _gifts(plan)
    payments = OnlinePayment.objects.bulk_create(
        _payment(number, gift.money, _moment(gift.received_on, rng), rng, gift=gift, payer_name=str(gift.donor))
        for number, gift in enumerate(gifts, start=1)
    )
    for name, email, amount, statement in _STRANGERS:
        at = _moment(plan.today - dt.timedelta(days=rng.randrange(2, 6)), rng)
        money, number = Money(Decimal(amount), currency()), len(payments) + 1
        stranger = _payment(number, money, at, rng, payer_name=name, payer_email=email, statement=statement)
        stranger.save()
        payments.append(stranger)
    OnlinePayment.objects.filter(charged_at__isnull=False).update(created_at=F("charged_at"))
    lines = [_charge_line(payment) for payment in (*payments, *_of_subscriptions(plan))]
    lines += _give_some_back(payments, plan)
    payouts = _pay_out(lines, plan)
    return {
        "online payments": len(payments),
        "refunds through Stripe": OnlineRefund.objects.count(),
        "disputes": Dispute.objects.count(),
        "payouts": payouts,
        "balance lines": BalanceLine.objects.count(),
    }


def _gifts(plan: DemoPlan) -> list[Gift]:
    since = plan.today - dt.timedelta(weeks=_WEEKS)
    rows = Gift.objects.filter(
        status=GiftStatus.POSTED,
        method=Method.CARD,
        source=GiftSource.ONLINE,
        currency=currency(),
        received_on__gte=since,
        received_on__lte=plan.today,
        online_payment__isnull=True,
    )
    newest = rows.select_related("donor").order_by("-received_on", "-pk")[:_MOST]
    return sorted(newest, key=lambda gift: (gift.received_on, gift.pk))


def _of_subscriptions(plan: DemoPlan) -> list[OnlinePayment]:
    """Return what was charged of recurring gifts in these weeks: it is in the deposits too."""
    since = clock.start_of_day(plan.today - dt.timedelta(weeks=_WEEKS))
    charged = OnlinePayment.objects.filter(recurring__isnull=False, charged_at__gte=since, currency=currency())
    return list(charged.order_by("charged_at", "pk"))


def _moment(day: dt.date, rng: Any) -> dt.datetime:
    at = clock.start_of_day(day) + dt.timedelta(minutes=7 * 60 + rng.randrange(14 * 60))
    return min(at, clock.now())


def _payment(number: int, money: Money, at: dt.datetime, rng: Any, **facts: Any) -> OnlinePayment:
    fee = fee_of(money)
    return OnlinePayment(
        payment_intent=f"pi_demo_{number:05d}",
        charge_id=f"ch_demo_{number:05d}",
        amount=money.amount,
        currency=money.currency,
        amount_minor=to_minor(money),
        status=PaymentStatus.SUCCEEDED,
        method_type="card",
        method_brand=rng.choice(_BRANDS),
        method_last4=f"{rng.randrange(10_000):04d}",
        method_wallet=rng.choice(_WALLETS),
        charged_at=at,
        balance_transaction=f"txn_demo_ch_{number:05d}",
        settled_currency=money.currency,
        fee=fee,
        net=money.amount - fee,
        livemode=False,
        fetched_at=at,
        **facts,
    )


def _line(
    name: str, kind: str, source: str, at: dt.datetime, gross: int, fee: int = 0, category: str = ""
) -> LineFacts:
    return LineFacts(
        line_id=f"txn_demo_{name}",
        livemode=False,
        type=kind,
        category=category or kind,
        currency=currency(),
        gross_minor=gross,
        fee_minor=fee,
        net_minor=gross - fee,
        exchange_rate=None,
        source_id=source,
        description="",
        happened_at=at,
        available_on=(at + dt.timedelta(days=2)).date(),
    )


def _charge_line(payment: OnlinePayment) -> LineFacts:
    name, source, at = (
        str(payment.balance_transaction).removeprefix("txn_demo_"),
        str(payment.charge_id),
        payment.charged_at,
    )
    fee = to_minor(Money(payment.fee or Decimal(0), payment.currency))
    return _line(name, "charge", source, at or clock.now(), payment.amount_minor, fee)


def _give_some_back(payments: list[OnlinePayment], plan: DemoPlan) -> list[LineFacts]:
    """Refund a few, let one be disputed and lost, one be in dispute, one be suspected; return how the balance moved."""
    older = [payment for payment in payments if payment.gift_id and payment.amount >= 20][: len(payments) // 2]
    if len(older) < 6:
        return []
    lines = []
    for payment, share, reason in zip(
        older[:3], (1, 2, 1), ("Given twice by mistake", "Meant to give half", "Donor asked"), strict=True
    ):
        lines.append(_refund(payment, payment.amount_minor // share, reason))
    lines.append(_dispute(older[3], DisputeStatus.LOST, plan))
    lines.append(_dispute(older[4], DisputeStatus.NEEDS_RESPONSE, plan))
    suspect = older[5]
    FraudWarning.objects.create(
        stripe_id="issfr_demo_00001",
        payment=suspect,
        type="unauthorized_use_of_card",
        warned_at=clock.now() - dt.timedelta(days=1),
        fetched_at=clock.now() - dt.timedelta(days=1),
    )
    return lines


def _refund(payment: OnlinePayment, minor: int, reason: str) -> LineFacts:
    at = min((payment.charged_at or clock.now()) + dt.timedelta(days=3), clock.now())
    money = payment.money * (Decimal(minor) / payment.amount_minor)
    refund = OnlineRefund.objects.create(
        payment=payment,
        amount=money.amount,
        currency=payment.currency,
        amount_minor=to_minor(money),
        reason=reason,
        stripe_id=str(payment.charge_id).replace("ch_", "re_"),
        status=RefundStatus.SUCCEEDED,
        asked_at=at,
        fetched_at=at,
    )
    payment.refunded_minor = refund.amount_minor
    payment.save(update_fields=["refunded_minor"])
    books.bring_up_to(payment)
    return _line(f"re_{payment.pk}", "refund", str(refund.stripe_id), at, -refund.amount_minor)


def _dispute(payment: OnlinePayment, status: str, plan: DemoPlan) -> LineFacts:
    is_lost = status == DisputeStatus.LOST
    # A bank gives a fortnight or so to answer: the one that waits was opened last week.
    opened = (payment.charged_at or clock.now()) + dt.timedelta(days=9) if is_lost else None
    at = opened or clock.start_of_day(plan.today - dt.timedelta(days=8)) + dt.timedelta(hours=15)
    at = max(min(at, clock.now()), payment.charged_at or at)
    dispute = Dispute.objects.create(
        stripe_id=str(payment.charge_id).replace("ch_", "dp_"),
        payment=payment,
        amount=payment.amount,
        currency=payment.currency,
        amount_minor=payment.amount_minor,
        reason="product_not_received" if is_lost else "unrecognized",
        status=status,
        evidence_due_at=at + dt.timedelta(days=14),
        opened_at=at,
        closed_at=min(at + dt.timedelta(days=30), clock.now()) if is_lost else None,
        fetched_at=at,
    )
    books.bring_up_to(payment)
    name = f"dp_{payment.pk}"
    return _line(name, "adjustment", dispute.stripe_id, at, -payment.amount_minor, 1500, category="dispute")


def _pay_out(lines: list[LineFacts], plan: DemoPlan) -> int:
    """Pay out every Thursday what was available by then; the last days are still held. Return how many payouts."""
    lines.sort(key=lambda line: (line.happened_at, line.line_id))
    held, number = list(lines), 0
    thursday = plan.today - dt.timedelta(days=(plan.today.weekday() - 3) % 7, weeks=_WEEKS)
    while thursday < plan.today:
        due = [line for line in held if line.available_on <= thursday]
        # Less than nothing is not paid out: it is set off against what comes.
        if (total := sum(line.net_minor for line in due)) > 0:
            held = [line for line in held if line.available_on > thursday]
            number += 1
            _payout(number, total, due, thursday)
        thursday += dt.timedelta(weeks=1)
    record_lines(held)
    return number


def _payout(number: int, total: int, lines: list[LineFacts], day: dt.date) -> None:
    sent = clock.start_of_day(day) + dt.timedelta(hours=2)
    name = f"po_demo_{number:05d}"
    own = _line(f"po_{number:05d}", "payout", name, sent, -total)
    facts = PayoutFacts(
        payout_id=name,
        livemode=False,
        status=PayoutStatus.PAID,
        amount_minor=total,
        currency=currency(),
        sent_at=sent,
        arrives_on=day,
        is_automatic=True,
        reconciliation=Reconciliation.COMPLETED,
        descriptor="HARBOUR LIGHT",
        trace_id=f"ST-{number:06d}",
        failure_code="",
        failure_message="",
    )
    apply(facts, [*lines, own], asked_at=min(sent + dt.timedelta(hours=6), clock.now()))
    StripeEvent.objects.create(
        id=f"evt_demo_po_{number:05d}",
        type="payout.reconciliation_completed",
        object_id=name,
        created=sent,
        payload={"id": f"evt_demo_po_{number:05d}", "object": "event", "data": {"object": {"id": name}}},
        state=EventState.DONE,
        tries=1,
        received_at=sent,
        handled_at=sent,
    )
