"""Invoices of recurring gifts: each that is paid is exactly one gift; one that could not be charged is written down.

The amount is what was paid, whatever the recurring gift says by now. Its funds, campaign and appeal are those of the
recurring gift. One that comes when the series is over is recorded all the same: the money is here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from stripe import StripeClient

from core import clock
from core.money import Money
from donations.accounting.periods import first_open_day
from donations.models import Gift, GiftSource, OnlinePayment, RecurringGift, StripeSubscription
from donations.promises import standing
from donations.services.gifts import Allocations, default_fund, record_gift
from donations.services.tributes import dedicate_as_asked
from donations.stripe import gateway
from donations.stripe.billing import failing, reasons
from donations.stripe.minor import from_minor
from donations.stripe.syncing import payments, subscriptions
from donations.stripe.syncing.facts import PaymentFacts, id_of, instant

#: Of these nothing is open any more, in Stripe's words.
_SETTLED = ("paid", "void", "uncollectible")


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceFacts:
    """What Stripe says of an invoice, in our types."""

    id: str
    status: str
    subscription: str
    due: Money
    attempts: int
    next_attempt_at: dt.datetime | None
    url: str
    #: The payment that paid it, or is to pay it.
    payment_intent: str | None
    #: Why the last attempt failed, in Stripe's word.
    code: str
    needs_approval: bool
    #: Why Stripe could not even make it.
    finalization_error: str

    @property
    def for_subscription(self) -> subscriptions.Invoiced:
        """What it says of its subscription."""
        code = "authentication_required" if self.needs_approval else self.code
        return subscriptions.Invoiced(self.status == "paid", reasons.in_words(code) if self.has_failed else "")

    @property
    def has_failed(self) -> bool:
        """Whether it should have been charged by now, and was not; Stripe may have given it up with the last try."""
        is_unpaid = self.status in ("open", "uncollectible")
        return is_unpaid and self.attempts > 0 and bool(self.code or self.needs_approval)


def sync(invoice_id: str, *, client: StripeClient | None = None) -> None:
    """Ask Stripe how an invoice stands, and its subscription, and bring that into our books."""
    client = client or gateway.for_jobs()
    facts = fetch(invoice_id, client)
    row = None
    if facts.subscription:
        row = subscriptions.sync(facts.subscription, client=client, invoiced=facts.for_subscription)
    _bring_in(facts, row, client)


def sync_subscription(subscription_id: str, *, client: StripeClient | None = None) -> None:
    """Ask Stripe how a subscription stands, and its latest invoice: what a donor who comes back wants to know."""
    client = client or gateway.for_jobs()
    _look(subscriptions.fetch(subscription_id, client=client), client)


def sync_changes(subscription_id: str) -> None:
    """Ask Stripe how a subscription stands, and its latest invoice only when that could not be charged."""
    client = gateway.for_jobs()
    facts = subscriptions.fetch(subscription_id, client=client)
    if facts.status == "past_due":
        _look(facts, client)
    else:
        subscriptions.apply(facts)


def _look(facts: subscriptions.SubscriptionFacts, client: StripeClient) -> None:
    if not facts.latest_invoice:
        subscriptions.apply(facts)
        return
    invoice = fetch(facts.latest_invoice, client)
    _bring_in(invoice, subscriptions.apply(facts, invoice.for_subscription), client)


def fetch(invoice_id: str, client: StripeClient) -> InvoiceFacts:
    """Return what Stripe says of an invoice. Raises OnlineGivingError."""
    with gateway.answering():
        found = client.v1.invoices.retrieve(invoice_id, {"expand": ["payments.data.payment.payment_intent"]})
    return read(found.to_dict())


def read(found: dict[str, Any]) -> InvoiceFacts:
    """Return Stripe's object as facts."""
    parent = (found.get("parent") or {}).get("subscription_details") or {}
    intent = _intent_of(found)
    error = intent.get("last_payment_error") or {}
    return InvoiceFacts(
        id=found["id"],
        status=found.get("status") or "",
        subscription=id_of(parent.get("subscription")) or "",
        due=from_minor(found["amount_due"], found["currency"]),
        attempts=found.get("attempt_count") or 0,
        next_attempt_at=instant(found.get("next_payment_attempt")),
        url=found.get("hosted_invoice_url") or "",
        payment_intent=intent.get("id"),
        code=error.get("decline_code") or error.get("code") or _why_not_tried(intent),
        needs_approval=intent.get("status") == "requires_action" or error.get("code") == "authentication_required",
        finalization_error=(found.get("last_finalization_error") or {}).get("message") or "",
    )


def _why_not_tried(intent: dict[str, Any]) -> str:
    """Return why no bank was asked: there was no card or account left to charge. Then Stripe notes no error."""
    return "no_payment_method" if intent.get("status") == "requires_payment_method" else ""


def _intent_of(found: dict[str, Any]) -> dict[str, Any]:
    """Return the payment that paid an invoice, else the one that is to; an invoice of nothing has none."""
    rows = [row for row in (found.get("payments") or {}).get("data", []) if row["payment"].get("payment_intent")]
    rows.sort(key=lambda row: (row["status"] != "paid", not row.get("is_default"), row["id"]))
    intent = rows[0]["payment"]["payment_intent"] if rows else {}
    return intent if isinstance(intent, dict) else {"id": intent}


def _bring_in(facts: InvoiceFacts, row: StripeSubscription | None, client: StripeClient) -> None:
    if facts.payment_intent:
        claim = payments.Claim(
            invoice_id=facts.id,
            recurring=row.recurring if row is not None else None,
            gift_for=lambda payment, paid: gift_for(row.recurring, payment, paid) if row is not None else None,
        )
        payments.sync(facts.payment_intent, client=client, claim=claim)
    if row is not None and facts.has_failed and not _is_paid(facts.id):
        failing.note(row, _attempt(facts))
    elif row is not None and facts.finalization_error:
        failing.hand_to_staff(row, invoice=facts.id, why=facts.finalization_error)
    if facts.status in _SETTLED:
        failing.settle(facts.id)


def _is_paid(invoice_id: str) -> bool:
    """Return whether a later answer has said already that it is paid."""
    return OnlinePayment.objects.paid().filter(invoice_id=invoice_id).exists()


def _attempt(facts: InvoiceFacts) -> failing.Attempt:
    return failing.Attempt(
        invoice=facts.id,
        number=facts.attempts,
        money=facts.due,
        code=facts.code,
        needs_approval=facts.needs_approval,
        url=facts.url,
        next_at=facts.next_attempt_at,
    )


def gift_for(recurring: RecurringGift, payment: OnlinePayment, paid: PaymentFacts) -> Gift:
    """Expect the gift that a paid invoice is; whoever called posts it in the same transaction.

    Anonymity and dedication are as the form asked; people are told of the dedication with the first gift alone.
    """
    asked = recurring.checkout.facts if hasattr(recurring, "checkout") else {}
    dedication = asked.get("tribute")
    if dedication and recurring.gifts.exists():
        dedication = dedication | {"notice": None}
    charged_on = clock.local_date(paid.charged_at) if paid.charged_at is not None else clock.today()
    day = max(charged_on, first_open_day())
    gift = record_gift(
        donor=recurring.donor,
        money=payment.money,
        received_on=day,
        by=None,
        post=False,
        allocations=_open_parts(recurring, payment.money, day),
        method=paid.method,
        source=GiftSource.ONLINE,
        campaign=recurring.campaign,
        appeal=recurring.appeal,
        recurring=recurring,
        is_anonymous=bool(asked.get("is_anonymous")),
    )
    dedicate_as_asked(gift, asked=dedication, by=None)
    return gift


def _open_parts(recurring: RecurringGift, money: Money, day: dt.date) -> Allocations:
    """Return how the funds share a gift; the part of one that has closed since goes where it is needed most."""
    parts = standing.funds_of(recurring, money)
    open_parts = [(fund, amount) for fund, amount in parts if fund.is_open_on(day)]
    left = money.amount - sum((amount for _fund, amount in open_parts), money.amount * 0)
    if not left:
        return parts
    spare = default_fund()
    shared = dict(open_parts)
    shared[spare] = shared.get(spare, 0) + left
    return list(shared.items())
