"""Recurring gifts that Stripe charges: whoever gives every month by card, in every state there is."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal

from constituents.models import Constituent
from core import clock
from core.demo import DemoPlan
from core.money import Money
from donations.models import (
    ChangeKind,
    FailedCharge,
    Gift,
    GiftStatus,
    Method,
    OnlinePayment,
    PaymentStatus,
    RecurringChange,
    RecurringGift,
    RecurringKind,
    RecurringStatus,
    StripeCustomer,
    StripeSubscription,
)
from donations.promises.schedule import Frequency, first_on_or_after
from donations.promises.setting_up import abandon_recurring, prepare_recurring
from donations.stripe.minor import to_minor

_CARDS = [("visa", "4242"), ("mastercard", "4444"), ("amex", "0005"), ("visa", "1881")]
_CODES = ["expired_card", "insufficient_funds", "generic_decline"]
# What is charged again as payments of its own; what is older came before.
_WITH_PAYMENTS = dt.timedelta(days=400)
# So many of those that are active are paused, one of them until told.
_PAUSED = 3


def charge_online(plan: DemoPlan) -> dict[str, int]:
    """Let Stripe charge whoever gives every month by card; add some that are only being set up."""
    runs = _runs_by_card()
    rows = list(runs)
    for recurring in rows:
        _becomes_online(recurring, plan.today)
    paused = _pause_some([each for each in rows if each.status == RecurringStatus.ACTIVE], plan.today)
    fields = ["kind", "method", "reference", "next_due_on", "missed", "status_reason"]
    RecurringGift.objects.bulk_update(rows, fields, batch_size=500)
    RecurringGift.objects.bulk_update(paused, ["status", "status_since", "status_reason", "paused_until", "monthly"])
    subscriptions = StripeSubscription.objects.bulk_create(_subscription(each) for each in rows)
    StripeCustomer.objects.bulk_create(
        StripeCustomer(constituent_id=each.donor_id, customer_id=f"cus_demo{each.donor_id:08d}") for each in rows
    )
    _add_failures(subscriptions, plan.today)
    _add_payments(runs, plan.today)
    _add_unfinished(plan)
    return {"recurring gifts online": len(rows)}


def _runs_by_card() -> dict[RecurringGift, list[Gift]]:
    """Return the recurring gifts of which all came by card, with their gifts."""
    gifts: dict[int, list[Gift]] = defaultdict(list)
    for gift in Gift.objects.filter(recurring__isnull=False).order_by("received_on", "pk"):
        gifts[gift.recurring_id].append(gift)  # type: ignore[index]
    by_card = [pk for pk, rows in gifts.items() if all(gift.method == Method.CARD for gift in rows)]
    found = RecurringGift.objects.filter(pk__in=by_card).select_related("donor").order_by("pk")
    return {recurring: gifts[recurring.pk] for recurring in found}


def _becomes_online(recurring: RecurringGift, today: dt.date) -> None:
    recurring.kind, recurring.method, recurring.reference = RecurringKind.STRIPE, Method.CARD, ""
    recurring.missed = 0
    tomorrow = max(today, recurring.last_paid_on or today) + dt.timedelta(days=1)
    if recurring.is_live:
        recurring.next_due_on = first_on_or_after(tomorrow, recurring.day)
    if recurring.status == RecurringStatus.FAILING:
        recurring.status_reason = "The card has expired."
    elif recurring.status == RecurringStatus.LAPSED:
        recurring.status_reason = "It could not be charged, and Stripe has stopped trying."


def _pause_some(active: list[RecurringGift], today: dt.date) -> list[RecurringGift]:
    chosen = active[2 :: max(1, len(active) // _PAUSED)][:_PAUSED]
    changes = []
    since = today - dt.timedelta(days=9)
    for number, recurring in enumerate(chosen):
        until = None if number == 1 else today + dt.timedelta(days=60)
        reason = "Between two jobs until the spring" if until else "Asked on the portal"
        monthly = recurring.monthly
        recurring.status, recurring.status_since = RecurringStatus.PAUSED, since
        recurring.status_reason, recurring.paused_until, recurring.monthly = reason, until, Decimal(0)
        recurring.next_due_on = first_on_or_after(until, recurring.day) if until else None
        changes.append(_change(recurring, ChangeKind.PAUSED, since, monthly, Decimal(0), reason))
        if until:
            changes.append(_change(recurring, ChangeKind.RESUMED, until, Decimal(0), monthly, ""))
    RecurringChange.objects.filter(recurring__in=chosen, is_planned=True).delete()
    RecurringChange.objects.bulk_create(changes)
    return chosen


def _change(
    recurring: RecurringGift, kind: ChangeKind, day: dt.date, before: Decimal, after: Decimal, reason: str
) -> RecurringChange:
    return RecurringChange(
        recurring=recurring,
        kind=kind,
        effective_on=day,
        amount=recurring.amount,
        every=recurring.every,
        unit=recurring.unit,
        day=recurring.day,
        first_due_on=recurring.starts_on,
        is_expected=kind == ChangeKind.RESUMED,
        is_planned=day > clock.today(),
        monthly_before=before,
        monthly_after=after,
        reason=reason,
        at=clock.start_of_day(min(day, clock.today())) + dt.timedelta(hours=10),
    )


def _subscription(recurring: RecurringGift) -> StripeSubscription:
    brand, last4 = _CARDS[recurring.pk % len(_CARDS)]
    is_over = not recurring.is_live
    statuses = {RecurringStatus.FAILING: "past_due"}
    until = recurring.paused_until
    return StripeSubscription(
        recurring=recurring,
        subscription_id=f"sub_demo{recurring.pk:08d}",
        customer_id=f"cus_demo{recurring.donor_id:08d}",
        livemode=False,
        item_id=f"si_demo{recurring.pk:08d}",
        price_id=f"price_demo{recurring.pk:08d}",
        product_id=f"prod_demo{recurring.pk:08d}",
        status="canceled" if is_over else statuses.get(RecurringStatus(recurring.status), "active"),
        anchored_at=_noon(recurring.starts_on),
        period_ends_at=_noon(recurring.next_due_on) if recurring.next_due_on else None,
        is_paused=recurring.status == RecurringStatus.PAUSED,
        resumes_at=clock.start_of_day(until) if until else None,
        ended_at=_noon(recurring.status_since) if is_over else None,
        payment_method_id=f"pm_demo{recurring.pk:08d}",
        method_type="card",
        card_brand=brand,
        last4=last4,
        expires_year=clock.today().year + recurring.pk % 4,
        expires_month=12,
        synced_at=clock.now(),
    )


def _noon(day: dt.date) -> dt.datetime:
    return clock.start_of_day(day) + dt.timedelta(hours=12)


def _add_failures(subscriptions: list[StripeSubscription], today: dt.date) -> None:
    """Let Stripe have tried those that fail once or twice, and those that lapsed as often as it does."""
    rows = []
    for number, subscription in enumerate(subscriptions):
        recurring = subscription.recurring
        if recurring.status not in (RecurringStatus.FAILING, RecurringStatus.LAPSED):
            continue
        is_open = recurring.status == RecurringStatus.FAILING
        attempts = 1 + number % 2 if is_open else 4
        for attempt in range(1, attempts + 1):
            at = _noon(min(recurring.status_since + dt.timedelta(days=3 * (attempt - 1)), today))
            rows.append(
                FailedCharge(
                    subscription=subscription,
                    invoice_id=f"in_demo{recurring.pk:08d}",
                    attempt=attempt,
                    amount=recurring.amount,
                    currency=recurring.currency,
                    code=_CODES[recurring.pk % len(_CODES)],
                    failed_at=at,
                    next_attempt_at=_noon(today + dt.timedelta(days=4)) if is_open else None,
                    told_at=at if recurring.donor.primary_email else None,
                    settled_at=None if is_open else at,
                )
            )
    FailedCharge.objects.bulk_create(rows)


def _add_payments(runs: dict[RecurringGift, list[Gift]], today: dt.date) -> None:
    """Say what each charge of the last year or so was paid with."""
    paid = OnlinePayment.objects.filter(gift__isnull=False).values_list("gift", flat=True)
    known, rows = set(paid), []
    for recurring, gifts in runs.items():
        brand, last4 = _CARDS[recurring.pk % len(_CARDS)]
        for gift in gifts:
            if gift.received_on < today - _WITH_PAYMENTS or gift.pk in known or gift.status != GiftStatus.POSTED:
                continue
            at = _noon(gift.received_on)
            rows.append(
                OnlinePayment(
                    payment_intent=f"pi_demo{gift.pk:08d}",
                    charge_id=f"ch_demo{gift.pk:08d}",
                    invoice_id=f"in_demo{gift.pk:08d}",
                    customer_id=f"cus_demo{recurring.donor_id:08d}",
                    gift=gift,
                    recurring=recurring,
                    amount=gift.amount,
                    currency=gift.currency,
                    amount_minor=to_minor(gift.money),
                    status=PaymentStatus.SUCCEEDED,
                    method_type="card",
                    method_brand=brand,
                    method_last4=last4,
                    charged_at=at,
                    fetched_at=at,
                )
            )
    OnlinePayment.objects.bulk_create(rows, batch_size=1_000)


def _add_unfinished(plan: DemoPlan) -> None:
    """Somebody is on the payment page this minute; somebody else has left it."""
    people = Constituent.objects.filter(giving__isnull=True, is_deceased=False, kind="person").order_by("pk")[:2]
    for number, donor in enumerate(people):
        money = Money(Decimal(20 + 15 * number), "USD")
        prepared = prepare_recurring(donor=donor, money=money, frequency=Frequency(), by=None)
        if number:
            abandon_recurring(prepared, reason="The payment page was left and has expired.")
