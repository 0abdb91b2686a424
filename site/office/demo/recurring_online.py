"""Recurring gifts that Stripe charges, in every state there is; the double of Stripe knows them too."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from constituents.models import Constituent
from core import clock
from core.demo import DemoPlan
from core.money import Money
from donations.models import (
    ChangeKind,
    FailedCharge,
    Fund,
    Gift,
    GiftSource,
    Method,
    OnlinePayment,
    PaymentStatus,
    RecurringAllocation,
    RecurringChange,
    RecurringGift,
    RecurringKind,
    RecurringStatus,
    StripeCustomer,
    StripeSubscription,
)
from donations.promises.schedule import Frequency, Series, Unit, first_on_or_after, in_month
from donations.promises.setting_up import abandon_recurring, prepare_recurring
from donations.services.bulk import NewGift, post_gifts
from donations.stripe.billing.terms import interval_of
from donations.stripe.fake.furnishing import Running, furnish
from donations.stripe.minor import to_minor
from office.demo.setting import MEMBER, currency, fee_of


@dataclass(frozen=True, slots=True)
class Story:
    """What became of one recurring gift."""

    amount: int
    periods: int
    day: int
    status: RecurringStatus = RecurringStatus.ACTIVE
    unit: Unit = Unit.MONTH
    reason: str = ""
    attempts: int = 0
    code: str = ""
    paused_for: int | None = None


#: The first is that of the member whose portal the demo shows.
STORIES = (
    Story(25, 9, 12),
    Story(40, 14, 3),
    Story(15, 5, 20),
    Story(60, 5, 8, unit=Unit.QUARTER),
    Story(120, 2, 17, unit=Unit.YEAR),
    Story(20, 8, 27, RecurringStatus.FAILING, reason="The card has expired.", attempts=2, code="expired_card"),
    Story(
        35,
        6,
        25,
        RecurringStatus.FAILING,
        reason="There was not enough money on the account.",
        attempts=1,
        code="insufficient_funds",
    ),
    Story(30, 11, 6, RecurringStatus.PAUSED, reason="Between two jobs until the spring", paused_for=75),
    Story(10, 7, 14, RecurringStatus.PAUSED, reason="Asked on the portal"),
    Story(50, 10, 9, RecurringStatus.ENDED, reason="I give in another way. By standing order"),
    Story(
        22,
        7,
        2,
        RecurringStatus.LAPSED,
        reason="It could not be charged, and Stripe has stopped trying.",
        attempts=4,
        code="generic_decline",
    ),
)
_AT_STRIPE = {
    RecurringStatus.FAILING: "past_due",
    RecurringStatus.ENDED: "canceled",
    RecurringStatus.LAPSED: "canceled",
}
_STEPS = {
    RecurringStatus.PAUSED: ChangeKind.PAUSED,
    RecurringStatus.FAILING: ChangeKind.FAILING,
    RecurringStatus.ENDED: ChangeKind.ENDED,
    RecurringStatus.LAPSED: ChangeKind.LAPSED,
}


def add_recurring_online(plan: DemoPlan) -> dict[str, int]:
    """Let some give again and again by card, and two be about to."""
    funds = list(Fund.objects.filter(is_public=True).order_by("-is_default", "pk"))
    donors, newcomers = _donors(len(STORIES), plan)
    if not funds or not donors:
        return {"recurring gifts online": 0}
    for number, (donor, story) in enumerate(zip(donors, STORIES, strict=False)):
        _add(donor, story, funds[number % len(funds)], plan.today)
    for number, donor in enumerate(newcomers):
        money = Money(Decimal(20 + 15 * number), currency())
        prepared = prepare_recurring(donor=donor, money=money, frequency=Frequency(), by=None)
        if number:
            abandon_recurring(prepared, reason="The payment page was left and has expired.")
    return {"recurring gifts online": len(donors)}


def _donors(number: int, plan: DemoPlan) -> tuple[list[Constituent], list[Constituent]]:
    """Return the member and others who may give again, and two who never gave."""
    people = Constituent.objects.filter(kind="person", is_deceased=False, recurring_gifts__isnull=True)
    reached = people.filter(emails__is_primary=True).exclude(user__email=MEMBER).order_by("pk").distinct()
    chosen = list(reached.filter(giving__gift_count__gte=1)[: number * 3])
    others = sorted(
        plan.random("recurring online").sample(chosen, min(number - 1, len(chosen))), key=lambda one: one.pk
    )
    member = list(Constituent.objects.filter(user__email=MEMBER)[:1])
    return [*member, *others], list(reached.filter(giving__isnull=True)[:2])


def _add(donor: Constituent, story: Story, fund: Fund, today: dt.date) -> None:
    if story.status == RecurringStatus.FAILING:
        # It failed some days ago whatever day it is: Stripe tries again every three days, and gives up before a month.
        failed = today - dt.timedelta(days=3 * story.attempts - 1)
        story = replace(story, day=min(failed.day, 28))
    days = _days(story, today)
    recurring = _promise(donor, story, fund, days, today)
    gifts = _charged(recurring, fund, days, today)
    _stand(recurring, story, days, today)
    subscription = _subscribe(recurring, story, days, today)
    StripeCustomer.objects.create(constituent=donor, customer_id=subscription.customer_id)
    _pay(gifts, subscription)
    _fail(subscription, story, today)


def _days(story: Story, today: dt.date) -> list[dt.date]:
    """Return the days it was charged on, and at the end the one that is next."""
    frequency = Frequency(1, story.unit)
    coming = first_on_or_after(today + dt.timedelta(days=1), story.day)
    if story.status in (RecurringStatus.FAILING, RecurringStatus.LAPSED):
        # What should have come failed: of one that fails a few days ago, of one that lapsed weeks ago.
        coming = in_month(coming.year, coming.month - (1 if story.status == RecurringStatus.FAILING else 2), story.day)
    first = in_month(coming.year, coming.month - frequency.months * story.periods, story.day)
    series = Series(first, frequency, story.day)
    return [series.nth(number) for number in range(story.periods + 1)]


def _promise(donor: Constituent, story: Story, fund: Fund, days: list[dt.date], today: dt.date) -> RecurringGift:
    recurring = RecurringGift.objects.create(
        donor=donor,
        kind=RecurringKind.STRIPE,
        amount=Decimal(story.amount),
        currency=currency(),
        every=1,
        unit=story.unit,
        day=story.day,
        starts_on=days[0],
        method=Method.CARD,
        status_since=days[0],
        next_due_on=days[-1],
    )
    RecurringAllocation.objects.create(recurring=recurring, fund=fund, amount=recurring.amount)
    monthly = Money(recurring.frequency.a_month(recurring.amount).quantize(Decimal("0.01")), currency()).amount
    _change(recurring, ChangeKind.STARTED, days[0], Decimal(0), monthly, today=today)
    RecurringGift.objects.filter(pk=recurring.pk).update(monthly=monthly)
    recurring.monthly = monthly
    return recurring


def _change(
    recurring: RecurringGift,
    kind: ChangeKind,
    day: dt.date,
    before: Decimal,
    after: Decimal,
    *,
    today: dt.date,
    reason: str = "",
) -> None:
    RecurringChange.objects.create(
        recurring=recurring,
        kind=kind,
        effective_on=day,
        amount=recurring.amount,
        every=recurring.every,
        unit=recurring.unit,
        day=recurring.day,
        first_due_on=recurring.starts_on,
        is_expected=kind in (ChangeKind.STARTED, ChangeKind.RESUMED, ChangeKind.FAILING),
        is_planned=day > today,
        monthly_before=before,
        monthly_after=after,
        reason=reason,
        at=_noon(min(day, today)),
    )


def _charged(recurring: RecurringGift, fund: Fund, days: list[dt.date], today: dt.date) -> list[Gift]:
    new = [
        NewGift(
            Gift(
                donor=recurring.donor,
                amount=recurring.amount,
                currency=currency(),
                received_on=day,
                method=Method.CARD,
                source=GiftSource.ONLINE,
                recurring=recurring,
                posted_at=_noon(day),
            ),
            [(fund, recurring.amount)],
        )
        for day in days[:-1]
        if day <= today
    ]
    return post_gifts(new, by=None, audited=False)


def _stand(recurring: RecurringGift, story: Story, days: list[dt.date], today: dt.date) -> None:
    """Let it stand as Stripe's answers would have left it."""
    recurring.refresh_from_db()
    recurring.next_due_on = days[-1]
    if (kind := _STEPS.get(story.status)) is not None:
        monthly = recurring.monthly
        since = min(today, days[-1] if story.attempts else days[-2] + dt.timedelta(days=4))
        after = monthly if kind == ChangeKind.FAILING else Decimal(0)
        _change(recurring, kind, since, monthly, after, today=today, reason=story.reason)
        recurring.status, recurring.status_since, recurring.status_reason = story.status, since, story.reason
        recurring.monthly = after
        if story.status == RecurringStatus.PAUSED:
            recurring.paused_until = today + dt.timedelta(days=story.paused_for) if story.paused_for else None
            recurring.next_due_on = None
        if recurring.paused_until is not None:
            _change(recurring, ChangeKind.RESUMED, recurring.paused_until, Decimal(0), monthly, today=today)
            recurring.next_due_on = first_on_or_after(recurring.paused_until, story.day)
        elif not recurring.is_live:
            recurring.next_due_on = None
        elif story.status == RecurringStatus.FAILING:
            recurring.next_due_on = first_on_or_after(today + dt.timedelta(days=1), story.day)
    recurring.save()


def _subscribe(recurring: RecurringGift, story: Story, days: list[dt.date], today: dt.date) -> StripeSubscription:
    expires = today.replace(day=1) - dt.timedelta(days=1) if story.code == "expired_card" else dt.date(2031, 8, 31)
    often = interval_of(recurring.frequency)
    ends_at = _noon(recurring.next_due_on or days[-1])
    running = Running(
        recurring=str(recurring.uuid),
        name=recurring.donor.full_name,
        email=recurring.donor.primary_email,
        minor=to_minor(recurring.money),
        currency=recurring.currency,
        interval=often["interval"],
        count=often["interval_count"],
        began_at=_noon(days[0]),
        period_ends_at=ends_at,
        status=_AT_STRIPE.get(story.status, "active"),
        is_paused=story.status == RecurringStatus.PAUSED,
        resumes_at=clock.start_of_day(recurring.paused_until) if recurring.paused_until else None,
        ended_at=None if recurring.is_live else _noon(recurring.status_since),
        cancelled_because="payment_failed" if story.attempts else "cancellation_requested",
    )
    known = furnish(running)
    item = known["items"]["data"][0]
    return StripeSubscription.objects.create(
        recurring=recurring,
        subscription_id=known["id"],
        customer_id=known["customer"],
        livemode=False,
        item_id=item["id"],
        price_id=item["price"]["id"],
        product_id=item["price"]["product"],
        status=known["status"],
        anchored_at=running.began_at,
        period_ends_at=ends_at,
        is_paused=running.is_paused,
        resumes_at=running.resumes_at,
        ended_at=running.ended_at,
        payment_method_id=known["default_payment_method"],
        method_type="card",
        card_brand="visa",
        last4="4242",
        expires_year=expires.year,
        expires_month=expires.month,
        synced_at=clock.now(),
    )


def _pay(gifts: list[Gift], subscription: StripeSubscription) -> None:
    """Say what each charge was paid with."""
    OnlinePayment.objects.bulk_create(
        OnlinePayment(
            payment_intent=f"pi_demo{gift.pk:08d}",
            charge_id=f"ch_demo{gift.pk:08d}",
            invoice_id=f"in_demo{gift.pk:08d}",
            customer_id=subscription.customer_id,
            gift=gift,
            recurring=subscription.recurring,
            amount=gift.amount,
            currency=gift.currency,
            amount_minor=to_minor(gift.money),
            status=PaymentStatus.SUCCEEDED,
            method_type="card",
            method_brand="visa",
            method_last4="4242",
            charged_at=gift.posted_at,
            balance_transaction=f"txn_demo_re{gift.pk:08d}",
            settled_currency=gift.currency,
            fee=fee_of(gift.money),
            net=gift.amount - fee_of(gift.money),
            fetched_at=clock.now(),
        )
        for gift in gifts
    )


def _fail(subscription: StripeSubscription, story: Story, today: dt.date) -> None:
    """Write down each try that failed, and that the donor was told."""
    is_open = story.status == RecurringStatus.FAILING
    for attempt in range(1, story.attempts + 1):
        at = _noon(min(today, subscription.recurring.status_since + dt.timedelta(days=3 * (attempt - 1))))
        FailedCharge.objects.create(
            subscription=subscription,
            invoice_id=f"in_demo_open{subscription.pk:06d}",
            attempt=attempt,
            amount=subscription.recurring.amount,
            currency=currency(),
            code=story.code,
            failed_at=at,
            next_attempt_at=_noon(today + dt.timedelta(days=4)) if is_open else None,
            told_at=at,
            settled_at=None if is_open else at,
        )


def _noon(day: dt.date) -> dt.datetime:
    return clock.start_of_day(day) + dt.timedelta(hours=12)
