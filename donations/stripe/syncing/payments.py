"""Payments: what Stripe says of each, brought to our rows, to the gift it is, and to the books.

One reading covers a payment whole: intent, charge, fee, refunds and disputes. So whichever event is heard of, in
whatever order, the same is asked and the same is applied.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, OuterRef
from stripe import StripeClient

from core import clock
from donations.models import Dispute, Gift, OnlinePayment, OnlineRefund, PaymentStatus, RecurringGift
from donations.models.online_payment import RANK
from donations.stripe import gateway
from donations.stripe.syncing import books, disputes, pages, refunds
from donations.stripe.syncing.facts import (
    DisputeFacts,
    PaymentFacts,
    RefundFacts,
    SessionFacts,
    charge_facts,
    id_of,
    named,
    payment_facts,
)
from donations.stripe.syncing.owners import sync_invoice
from donations.stripe.syncing.posting import find_gift, post_paid, tell_of_failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What stands above a payment and knows which gift it is: an invoice of a recurring gift.

    `gift_for` is called in the transaction, with the payment locked, once it is paid and has no gift; it returns an
    expected one of the same amount, posted with the day and method of the payment; None when nobody knows whose it is.
    """

    invoice_id: str
    recurring: RecurringGift | None
    gift_for: Callable[[OnlinePayment, PaymentFacts], Gift | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A payment whole, as Stripe says it stands. None: not asked for, as nothing hints at any."""

    payment: PaymentFacts
    page: SessionFacts | None = None
    refunds: Sequence[RefundFacts] = field(default=())
    disputes: Sequence[DisputeFacts] = field(default=())


def sync(
    payment_intent: str,
    *,
    client: StripeClient | None = None,
    page: SessionFacts | None = None,
    claim: Claim | None = None,
    hint: str = "",
    known: PaymentFacts | None = None,
) -> OnlinePayment | None:
    """Read a payment at Stripe, whole, and bring our rows and books to that; return its row.

    `hint` is “refund” or “dispute” when one is known of that the charge may not show any more, `known` what its page
    said of it just now. None is returned when nothing was tried to be paid yet. A payment that belongs to an invoice
    and comes without a claim is left to Billing, unless the invoice is paid by another: then it waits to be matched.
    """
    client = client or gateway.for_jobs()
    reading = read(payment_intent, client=client, page=page, hint=hint, known=known)
    is_ours = claim is not None or named(reading.payment.metadata, "gift")
    if not is_ours and (invoice := _invoice_of(payment_intent, client)):
        sync_invoice(invoice, client=client)
        if (row := OnlinePayment.objects.filter(payment_intent=payment_intent).first()) is not None:
            return row
    return None if reading.payment.status == PaymentStatus.STARTED else apply(reading, claim=claim)


def read(
    payment_intent: str,
    *,
    client: StripeClient,
    page: SessionFacts | None = None,
    hint: str = "",
    known: PaymentFacts | None = None,
) -> Reading:
    """Ask Stripe for a payment whole. One that failed is read with its page: was it completed, or may one try again?"""
    facts = known or _fetch(payment_intent, client)
    has_failed = facts.status in (PaymentStatus.FAILED, PaymentStatus.CANCELED)
    if page is None and has_failed and named(facts.metadata, "gift"):
        page = pages.fetch_of_payment(payment_intent, client)
    return _whole(facts, page, client, hint)


def _fetch(payment_intent: str, client: StripeClient) -> PaymentFacts:
    asked_at = clock.now()
    with gateway.answering():
        intent = client.v1.payment_intents.retrieve(payment_intent, {"expand": ["latest_charge.balance_transaction"]})
    return payment_facts(intent.to_dict(), asked_at=asked_at)


def sync_charge(charge_id: str, *, client: StripeClient | None = None, hint: str = "") -> OnlinePayment | None:
    """Read the payment that a charge belongs to, as `sync` does."""
    client = client or gateway.for_jobs()
    known = OnlinePayment.objects.filter(charge_id=charge_id, payment_intent__isnull=False).first()
    if known is not None and known.payment_intent:
        return sync(known.payment_intent, client=client, hint=hint)
    asked_at = clock.now()
    with gateway.answering():
        charge = client.v1.charges.retrieve(charge_id, {"expand": ["balance_transaction"]}).to_dict()
    if intent := id_of(charge.get("payment_intent")):
        return sync(intent, client=client, hint=hint)
    return apply(_whole(charge_facts(charge, asked_at=asked_at), None, client, hint))


def _invoice_of(payment_intent: str, client: StripeClient) -> str | None:
    """Return the invoice that a payment pays, if any. The payment does not say; the list of invoice payments does."""
    known = OnlinePayment.objects.filter(payment_intent=payment_intent).values_list("invoice_id", flat=True).first()
    if known:
        return known
    paid_by = {"type": "payment_intent", "payment_intent": payment_intent}
    with gateway.answering():
        found = client.v1.invoice_payments.list({"payment": paid_by, "limit": 1})  # type: ignore[arg-type]
    return id_of(found.data[0].invoice) if found.data else None


def _whole(facts: PaymentFacts, page: SessionFacts | None, client: StripeClient, hint: str) -> Reading:
    """Ask for refunds and disputes where there may be any."""
    known = OnlinePayment.objects.filter(payment_intent=facts.payment_intent, charge_id=facts.charge_id)
    has = [Exists(model.objects.filter(payment=OuterRef("pk"))) for model in (OnlineRefund, Dispute)]
    has_refunds, has_disputes = known.values_list(*has).first() or (False, False)
    asks_refunds = hint == "refund" or facts.refunded_minor or has_refunds
    asks_disputes = hint == "dispute" or facts.is_disputed or has_disputes
    return Reading(
        payment=facts,
        page=page,
        refunds=refunds.fetch_all(facts, client) if asks_refunds else (),
        disputes=disputes.fetch_all(facts, client) if asks_disputes else (),
    )


@transaction.atomic
def apply(reading: Reading, *, claim: Claim | None = None) -> OnlinePayment:
    """Bring the row of a payment, its gift and the books to what was read. Safe any number of times, in any order."""
    facts = reading.payment
    # Page, payment, gift: always locked in this order.
    if reading.page is not None:
        pages.apply(reading.page)
    elif checkout := named(facts.metadata, "checkout"):
        pages.hold(checkout)
    payment = _locked(facts)
    if RANK[facts.status] > RANK[PaymentStatus(payment.status)] or (
        RANK[facts.status] == RANK[PaymentStatus(payment.status)] and facts.asked_at >= payment.fetched_at
    ):
        _take_over(payment, facts)
    if claim is not None and not _takes_claim(payment, claim):
        claim = None
    payment.save()
    for refund in reading.refunds:
        refunds.apply(payment, refund)
    lost = [row for dispute in reading.disputes if (row := disputes.apply(payment, dispute))]
    if payment.is_paid:
        _make_gift(payment, facts, claim)
        books.bring_up_to(payment)
    elif payment.status in (PaymentStatus.FAILED, PaymentStatus.CANCELED) and reading.page is not None:
        tell_of_failure(payment, reading.page)
    for dispute in lost:
        disputes.have_loss_looked_at(payment, dispute)
    return payment


def _takes_claim(payment: OnlinePayment, claim: Claim) -> bool:
    """Note which invoice a payment is of, in place of one that did not pay it; another that did keeps it."""
    others = dict(
        OnlinePayment.objects.filter(invoice_id=claim.invoice_id).exclude(pk=payment.pk).values_list("pk", "status")
    )
    if PaymentStatus.SUCCEEDED in others.values():
        return False
    if others:
        OnlinePayment.objects.filter(pk__in=others).update(invoice_id=None)
    payment.invoice_id, payment.recurring = claim.invoice_id, claim.recurring
    return True


def _locked(facts: PaymentFacts) -> OnlinePayment:
    """Return the row of a payment, locked; made when it is new."""
    key = {"payment_intent": facts.payment_intent} if facts.payment_intent else {"charge_id": facts.charge_id}
    first = {
        "amount": facts.money.amount,
        "currency": facts.currency,
        "amount_minor": facts.minor,
        "livemode": facts.livemode,
        "fetched_at": facts.asked_at,
    }
    row, is_new = OnlinePayment.objects.get_or_create(**key, defaults=first)
    if is_new:
        return row
    return (
        OnlinePayment.objects.select_for_update(of=("self",)).select_related("gift__donor", "recurring").get(pk=row.pk)
    )


_TAKEN_OVER = (
    "charge_id",
    "customer_id",
    "currency",
    "refunded_minor",
    "status",
    "method_type",
    "method_brand",
    "method_last4",
    "method_wallet",
    "payer_name",
    "payer_email",
    "statement",
    "failure_code",
    "failure_message",
    "charged_at",
    "balance_transaction",
    "settled_currency",
    "fee",
    "net",
    "livemode",
)


def _take_over(payment: OnlinePayment, facts: PaymentFacts) -> None:
    for name in _TAKEN_OVER:
        setattr(payment, name, getattr(facts, name))
    payment.amount, payment.amount_minor = facts.money.amount, facts.minor
    payment.fetched_at = facts.asked_at


def _make_gift(payment: OnlinePayment, facts: PaymentFacts, claim: Claim | None) -> None:
    """Find which gift a paid payment is, and post it; what nobody knows waits among the unmatched."""
    if payment.gift is None and not payment.resolution:
        payment.gift = claim.gift_for(payment, facts) if claim else find_gift(payment, facts)
        if payment.gift is not None:
            payment.save(update_fields=["gift"])
    if payment.gift is not None:
        post_paid(payment, method=facts.method)
