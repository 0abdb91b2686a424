"""What Stripe says of a subscription, brought into the recurring gift it charges.

Stripe is asked anew each time; what it says is turned into plain facts and applied under a lock. So any order and
repetition of events ends in the same dated changes; an answer asked for earlier that comes later changes nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from stripe import StripeClient

from core import clock
from core.money import Money
from donations.models import AskedChange, ChangeKind, RecurringGift, RecurringStatus, StripeSubscription
from donations.models.subscription import OVER
from donations.promises.following import Charged, follow
from donations.promises.schedule import Frequency, Series
from donations.promises.setting_up import abandon_recurring
from donations.stripe import gateway
from donations.stripe.billing import reasons, telling, terms
from donations.stripe.minor import from_minor

# What Checkout has not finished setting up.
_NOT_BEGUN = ("incomplete", "incomplete_expired")


@dataclass(frozen=True, slots=True)
class SubscriptionFacts:
    """What Stripe says of a subscription, in our types."""

    id: str
    #: Which recurring gift it is, as we told Stripe when it was set up.
    recurring: str
    customer: str
    livemode: bool
    status: str
    item: str
    price: str
    product: str
    money: Money
    #: How often, in Stripe's words.
    interval: str
    interval_count: int
    started_at: dt.datetime
    anchored_at: dt.datetime
    period_ends_at: dt.datetime
    is_paused: bool
    resumes_at: dt.datetime | None
    cancel_at: dt.datetime | None
    ended_at: dt.datetime | None
    #: Stripe's word for why it was cancelled, and the comment that came with it.
    cancelled_because: str
    comment: str
    payment_method: str
    #: What the customer has given last; a subscription with a payment method of its own does not use it.
    customers_method: str
    method_type: str
    card_brand: str
    last4: str
    expires_year: int | None
    expires_month: int | None
    latest_invoice: str
    asked_at: dt.datetime

    @property
    def frequency(self) -> Frequency:
        """How often, in our words. Raises ValueError of what no gift of ours is, such as every day."""
        return terms.frequency_of(self.interval, self.interval_count)

    @property
    def is_over(self) -> bool:
        """Whether nothing more is ever charged."""
        return self.status in OVER


@dataclass(frozen=True, slots=True)
class Invoiced:
    """What an invoice says of its subscription: that it was paid, or why it could not be charged, in words."""

    is_paid: bool = False
    why: str = ""


def sync(
    subscription_id: str, *, client: StripeClient | None = None, invoiced: Invoiced = Invoiced()
) -> StripeSubscription | None:
    """Ask Stripe how a subscription stands, and bring that into our books; one that is none of ours is left alone."""
    return apply(fetch(subscription_id, client=client), invoiced)


def overdue(now: dt.datetime) -> list[str]:
    """Return the subscriptions that should have been charged a day ago and of which nothing was heard since."""
    day = now - dt.timedelta(days=1)
    charging = StripeSubscription.objects.exclude(status__in=OVER).filter(period_ends_at__lt=day, synced_at__lt=day)
    return list(charging.order_by("synced_at").values_list("subscription_id", flat=True)[:1_000])


def fetch(subscription_id: str, *, client: StripeClient | None = None) -> SubscriptionFacts:
    """Return what Stripe says of a subscription. Raises OnlineGivingError."""
    asked_at = clock.now()
    with gateway.answering():
        found = (client or gateway.for_jobs()).v1.subscriptions.retrieve(
            subscription_id, {"expand": ["default_payment_method", "customer.invoice_settings.default_payment_method"]}
        )
    return read(found.to_dict(), asked_at)


def read(found: dict[str, Any], asked_at: dt.datetime) -> SubscriptionFacts:
    """Return Stripe's object as facts."""
    item = found["items"]["data"][0]
    price = item["price"]
    pause = found.get("pause_collection")
    details = found.get("cancellation_details") or {}
    customer = found["customer"]
    default = ((customer.get("invoice_settings") or {}) if isinstance(customer, dict) else {}).get(
        "default_payment_method"
    ) or {}
    method = found.get("default_payment_method") or default
    kind = method.get("type", "")
    card = method.get(kind) or {} if kind else {}
    return SubscriptionFacts(
        id=found["id"],
        recurring=(found.get("metadata") or {}).get("recurring", ""),
        customer=_id_of(customer),
        livemode=found["livemode"],
        status=found["status"],
        item=item["id"],
        price=price["id"],
        product=_id_of(price["product"]),
        money=from_minor((price["unit_amount"] or 0) * (item.get("quantity") or 1), price["currency"]),
        interval=price["recurring"]["interval"],
        interval_count=price["recurring"]["interval_count"],
        started_at=instant(found["start_date"]),
        anchored_at=instant(found["billing_cycle_anchor"]),
        period_ends_at=instant(item["current_period_end"]),
        is_paused=bool(pause) or found["status"] == "paused",
        resumes_at=maybe_instant(pause.get("resumes_at")) if pause else None,
        cancel_at=maybe_instant(found.get("cancel_at")),
        ended_at=maybe_instant(found.get("ended_at")),
        cancelled_because=details.get("reason") or "",
        comment=details.get("comment") or "",
        payment_method=_id_of(method),
        customers_method=_id_of(default),
        method_type=kind,
        card_brand=str(card.get("brand") or card.get("bank_name") or ""),
        last4=str(card.get("last4") or ""),
        expires_year=card.get("exp_year"),
        expires_month=card.get("exp_month"),
        latest_invoice=_id_of(found.get("latest_invoice")),
        asked_at=asked_at,
    )


@transaction.atomic
def apply(facts: SubscriptionFacts, invoiced: Invoiced = Invoiced()) -> StripeSubscription | None:
    """Bring facts into our rows; returns the subscription, or None when it is of no recurring gift of ours.

    It begins once it is set up, or its first invoice is paid, whichever is heard of first.
    """
    recurring = _recurring_of(facts)
    if recurring is None:
        return None
    recurring = RecurringGift.objects.select_for_update().get(pk=recurring.pk)
    if facts.status in _NOT_BEGUN and not recurring.has_begun and not invoiced.is_paid:
        if facts.is_over:
            abandon_recurring(recurring, reason=_("The first payment did not come."))
        return None
    row = StripeSubscription.objects.filter(subscription_id=facts.id).first()
    if row is not None and row.synced_at > facts.asked_at:
        return row
    row = _written(row or StripeSubscription(recurring=recurring, subscription_id=facts.id), facts)
    asked = AskedChange.objects.waiting().filter(subscription=row).select_related("by").first()
    met = asked if asked is not None and terms.is_met(asked, facts) else None
    seen, told = telling.newest_change(recurring), _told_before(recurring)
    recurring = follow(recurring, _charged(facts, row, met, invoiced.why))
    telling.tell_of_changes(recurring, since=seen, but=told)
    if met is not None:
        terms.settle(met)
    return row


def _told_before(recurring: RecurringGift) -> list[ChangeKind]:
    """Return what is no news today: that a pause ends by itself was said when it began."""
    is_due_back = recurring.paused_until is not None and recurring.paused_until <= clock.today()
    return [ChangeKind.RESUMED] if is_due_back else []


def _recurring_of(facts: SubscriptionFacts) -> RecurringGift | None:
    """Return the recurring gift: the one known by the subscription's id, or else named when it was set up."""
    known = RecurringGift.objects.filter(subscription__subscription_id=facts.id).first()
    if known is not None or not facts.recurring:
        return known
    try:
        named = RecurringGift.objects.filter(uuid=UUID(facts.recurring), kind="stripe").first()
    except ValueError:
        return None
    # One recurring gift is one subscription: a second that names it was not made by us.
    if named is None or StripeSubscription.objects.filter(recurring=named).exists():
        return None
    return named


def _written(row: StripeSubscription, facts: SubscriptionFacts) -> StripeSubscription:
    row.customer_id, row.livemode, row.status = facts.customer, facts.livemode, facts.status
    row.item_id, row.price_id, row.product_id = facts.item, facts.price, facts.product
    row.anchored_at, row.period_ends_at = facts.anchored_at, facts.period_ends_at
    row.is_paused, row.resumes_at = facts.is_paused, facts.resumes_at
    row.cancel_at, row.ended_at = facts.cancel_at, facts.ended_at
    row.payment_method_id, row.method_type = facts.payment_method, facts.method_type
    row.card_brand, row.last4 = facts.card_brand, facts.last4[-4:]
    row.expires_year, row.expires_month = facts.expires_year, facts.expires_month
    row.latest_invoice_id, row.synced_at = facts.latest_invoice, facts.asked_at
    row.full_clean()
    row.save()
    return row


def _charged(facts: SubscriptionFacts, row: StripeSubscription, met: AskedChange | None, why: str) -> Charged:
    """Return the facts in the words of recurring gifts."""
    status = _status(facts)
    counts_from = clock.local_date(facts.anchored_at)
    resumes_on = clock.local_date(facts.resumes_at) if facts.resumes_at is not None else None
    return Charged(
        status=status,
        money=facts.money,
        frequency=facts.frequency,
        began_on=clock.local_date(facts.started_at),
        counts_from=counts_from,
        next_on=_next(facts, status, counts_from, resumes_on),
        resumes_on=resumes_on if status == RecurringStatus.PAUSED else None,
        ends_on=clock.local_date(facts.cancel_at) if facts.cancel_at is not None and not facts.is_over else None,
        since=clock.local_date(facts.ended_at) if facts.ended_at is not None else None,
        by=met.by if met is not None else None,
        reason=met.reason if met is not None and met.reason else _reason(facts, status, row, why),
    )


def _status(facts: SubscriptionFacts) -> RecurringStatus:
    """Return how it stands. Whose invoices Stripe gave up has lapsed, whether or not it cancelled for that."""
    if facts.status == "unpaid" or (facts.is_over and facts.cancelled_because == "payment_failed"):
        return RecurringStatus.LAPSED
    if facts.is_over:
        return RecurringStatus.ENDED
    # On the day it goes on by itself it goes on, whatever the hour.
    is_back = facts.resumes_at is not None and clock.local_date(facts.resumes_at) <= clock.today()
    if facts.is_paused and not is_back:
        return RecurringStatus.PAUSED
    return RecurringStatus.FAILING if facts.status == "past_due" else RecurringStatus.ACTIVE


def _next(
    facts: SubscriptionFacts, status: RecurringStatus, counts_from: dt.date, resumes_on: dt.date | None
) -> dt.date | None:
    if status in (RecurringStatus.ENDED, RecurringStatus.LAPSED):
        return None
    if status != RecurringStatus.PAUSED:
        return clock.local_date(facts.period_ends_at)
    if resumes_on is None:
        return None
    dates = Series(counts_from, facts.frequency, counts_from.day)
    return next(dates.until(resumes_on + dt.timedelta(days=facts.frequency.days + 62), since=resumes_on), None)


def _reason(facts: SubscriptionFacts, status: RecurringStatus, row: StripeSubscription, why: str) -> str:
    """Return why it stands as it does, where nobody here asked for it."""
    if status == RecurringStatus.FAILING:
        return why or reasons.of_subscription(row)
    if status == RecurringStatus.LAPSED:
        return _("It could not be charged, and Stripe has stopped trying.")
    if status == RecurringStatus.ENDED:
        return facts.comment or reasons.CANCELLED.get(facts.cancelled_because) or _("It was stopped at Stripe.")
    return ""


def _id_of(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("id") or "")
    return str(value or "")


def instant(seconds: int) -> dt.datetime:
    """Return an instant as Stripe counts it: seconds since 1970."""
    return dt.datetime.fromtimestamp(seconds, tz=dt.UTC)


def maybe_instant(seconds: int | None) -> dt.datetime | None:
    """Return an instant, or none."""
    return instant(seconds) if seconds is not None else None
