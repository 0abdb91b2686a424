"""What the double remembers of the demo's past: each payment, refund, dispute, payout and invoice our rows know.

The demo writes its past as rows of ours. Whoever refunds one of those payments, lets one be disputed, opens a deposit
or charges what failed asks Stripe for it: so the double is told the same, by its own verbs, under the same ids.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from core.money import Money
from donations.models import (
    BalanceLine,
    Dispute,
    FailedCharge,
    FraudWarning,
    OnlinePayment,
    OnlineRefund,
    Payout,
    RecurringStatus,
    StripeSubscription,
)
from donations.stripe.fake import pasts, store
from donations.stripe.fake.money import charging, intents, invoicing, methods, payouts, refunding
from donations.stripe.fake.pasts import Past
from donations.stripe.fake.store import Thing
from donations.stripe.minor import to_minor

#: Of what was paid out before the deposits on record begin.
EARLIER = "po_demo_earlier"


def remember() -> int:
    """Tell the double what our rows say of the past; return how many objects it knows now."""
    with pasts.made_up() as past:
        _know_subscriptions(past)
        for payment in _payments():
            _remember_payment(past, payment)
        for refund in OnlineRefund.objects.select_related("payment").order_by("asked_at", "pk"):
            _remember_refund(past, refund)
        for dispute in Dispute.objects.select_related("payment").order_by("opened_at", "pk"):
            _remember_dispute(past, dispute)
        for warning in FraudWarning.objects.select_related("payment").order_by("pk"):
            _remember_warning(past, warning)
        for payout in Payout.objects.order_by("sent_at", "pk"):
            _remember_payout(past, payout)
        for line in BalanceLine.objects.select_related("payout").order_by("happened_at", "pk"):
            past.keep(_transaction(line), is_new=True)
        _remember_failures(past)
        return len(past.things)


def _payments() -> Iterable[OnlinePayment]:
    paid = OnlinePayment.objects.paid().filter(charge_id__isnull=False, livemode=False)
    return paid.select_related("gift__donor", "recurring__subscription").order_by("charged_at", "pk")


def _know_subscriptions(past: Past) -> None:
    """Take up what the double knows of the demo's subscriptions, in one query, to add their invoices."""
    rows = StripeSubscription.objects.values_list("subscription_id", "customer_id", "payment_method_id", "product_id")
    for thing in store.all_of({each for row in rows for each in row}):
        past.keep(thing)


def _remember_payment(past: Past, payment: OnlinePayment) -> None:
    past.at = _seconds(payment.charged_at)
    subscription = _subscription_of(past, payment)
    billing = {
        "address": {**dict.fromkeys(("city", "line1", "line2", "postal_code", "state")), "country": None},
        "email": payment.payer_email or (payment.gift.donor.primary_email if payment.gift else "") or None,
        "name": payment.payer_name or (str(payment.gift.donor) if payment.gift else None),
        "phone": None,
        "tax_id": None,
    }
    if subscription is not None:
        card = past.things[subscription["default_payment_method"]]
    else:
        past.names = {"payment_method": f"pm_{payment.charge_id}"}
        wallet = payment.method_wallet or None
        card = methods.make_card(billing, customer=None, last4=payment.method_last4, wallet=wallet)
        card["card"] |= {"brand": payment.method_brand, "display_brand": payment.method_brand}
    past.names = {"payment_intent": str(payment.payment_intent), "charge": str(payment.charge_id)}
    intent = intents.make_intent(
        amount=payment.amount_minor,
        currency=payment.currency.lower(),
        customer=payment.customer_id or None,
        description=payment.statement or None,
    )
    charge = charging.charge_card(intent, card)
    charge["balance_transaction"] = payment.balance_transaction
    if payment.balance_transaction:
        past.keep(_own_transaction(payment), is_new=True)
    if subscription is not None:
        _remember_invoice(past, payment, subscription, intent)


def _subscription_of(past: Past, payment: OnlinePayment) -> Thing | None:
    if payment.recurring is None or not payment.invoice_id:
        return None
    return past.things.get(payment.recurring.subscription.subscription_id)


def _remember_invoice(past: Past, payment: OnlinePayment, subscription: Thing, intent: Thing) -> None:
    past.names = {"invoice": str(payment.invoice_id)}
    is_first = subscription["latest_invoice"] is None
    reason = "subscription_create" if is_first else "subscription_cycle"
    invoice = invoicing.make_invoice(subscription, reason, period=(past.at, past.at), intent=intent)
    invoicing.mark_paid(invoice, intent)
    past.keep(subscription | {"latest_invoice": invoice["id"]})


def _own_transaction(payment: OnlinePayment) -> Thing:
    """Return the movement a payment made, as its own row says; that of a deposit on record takes its place."""
    fee = to_minor(Money(payment.fee or payment.amount * 0, payment.currency))
    return _moved(
        str(payment.balance_transaction),
        "charge",
        "charge",
        payment.currency,
        (payment.amount_minor, fee),
        str(payment.charge_id),
        _seconds(payment.charged_at),
        payout=EARLIER,
    )


def _transaction(line: BalanceLine) -> Thing:
    return _moved(
        line.line_id,
        line.type,
        line.category or line.type,
        line.currency,
        (line.gross_minor, line.fee_minor),
        line.source_id,
        _seconds(line.happened_at),
        payout=line.payout.payout_id if line.payout else None,
    )


def _moved(
    name: str, kind: str, category: str, currency: str, amounts: tuple[int, int], source: str, at: int,
    payout: str | None,
) -> Thing:  # fmt: skip
    (gross, fee), currency = amounts, currency.lower()
    kept = {"amount": fee, "application": None, "currency": currency, "description": None, "type": "stripe_fee"}
    return {
        "id": name,
        "object": "balance_transaction",
        "amount": gross,
        "available_on": at + 2 * invoicing.DAY,
        "balance_type": "payments",
        "created": at,
        "currency": currency,
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [kept] if fee else [],
        "net": gross - fee,
        "reporting_category": category,
        "source": source or None,
        "status": "available" if payout else "pending",
        "type": kind,
        "_payout": payout,
    }


def _remember_refund(past: Past, refund: OnlineRefund) -> None:
    charge = past.things.get(str(refund.payment.charge_id))
    if charge is None or not refund.stripe_id:
        return
    past.at = _seconds(refund.asked_at)
    past.names = {"refund": refund.stripe_id, "balance_transaction": _line_of(refund.stripe_id)}
    refunding.refund_charge(charge, refund.amount_minor)


def _remember_dispute(past: Past, dispute: Dispute) -> None:
    charge = past.things.get(str(dispute.payment.charge_id))
    if charge is None:
        return
    past.at = _seconds(dispute.opened_at)
    past.names = {"dispute": dispute.stripe_id, "balance_transaction": _line_of(dispute.stripe_id)}
    there = refunding.open_dispute(charge, amount=dispute.amount_minor, reason=dispute.reason)
    there["status"] = dispute.status
    if dispute.evidence_due_at is not None:
        there["evidence_details"]["due_by"] = _seconds(dispute.evidence_due_at)


def _line_of(source: str) -> str:
    """Return the id of the movement something made, as our lines have it."""
    return BalanceLine.objects.filter(source_id=source).values_list("line_id", flat=True).first() or f"txn_{source}"


def _remember_warning(past: Past, warning: FraudWarning) -> None:
    past.at = _seconds(warning.warned_at)
    past.names = {"radar.early_fraud_warning": warning.stripe_id}
    store.add(
        "radar.early_fraud_warning",
        {
            "actionable": warning.is_actionable,
            "charge": str(warning.payment.charge_id),
            "fraud_type": warning.type,
            "livemode": False,
            "payment_intent": str(warning.payment.payment_intent),
        },
    )


def _remember_payout(past: Past, payout: Payout) -> None:
    past.at = _seconds(payout.sent_at)
    past.names = {"payout": payout.payout_id}
    there = payouts.make_payout(payout.currency.lower(), payout.amount_minor)
    own = payout.lines.filter(type="payout").values_list("line_id", flat=True).first()
    midnight = dt.datetime.combine(payout.arrives_on, dt.time(), tzinfo=dt.UTC)
    there |= {
        "arrival_date": int(midnight.timestamp()),
        "automatic": payout.is_automatic,
        "balance_transaction": own,
        "reconciliation_status": payout.reconciliation,
        "statement_descriptor": payout.descriptor or None,
        "status": payout.status,
        "trace_id": {"status": "supported", "value": payout.trace_id} if payout.trace_id else None,
    }


def _remember_failures(past: Past) -> None:
    """Leave open, or given up, the invoices that could not be charged."""
    attempts: dict[str, list[FailedCharge]] = defaultdict(list)
    for failure in FailedCharge.objects.select_related("subscription__recurring").order_by("attempt"):
        attempts[failure.invoice_id].append(failure)
    for invoice_id, tries in attempts.items():
        row = tries[-1].subscription
        subscription = past.things.get(row.subscription_id)
        if subscription is None:
            continue
        past.at = _seconds(tries[0].failed_at)
        past.names = {"invoice": invoice_id, "payment_intent": f"pi_{invoice_id}"}
        invoice = invoicing.make_invoice(subscription, "subscription_cycle", period=(past.at, past.at))
        intent = invoicing.intent_of(invoice)
        if intent is not None:
            charging.decline_card(intent, past.things[subscription["default_payment_method"]], tries[-1].code)
        is_open = row.recurring.status == RecurringStatus.FAILING
        next_at = tries[-1].next_attempt_at
        invoice |= {
            "attempt_count": len(tries),
            "attempted": True,
            "auto_advance": is_open,
            "next_payment_attempt": _seconds(next_at) if next_at is not None and is_open else None,
            "status": "open" if is_open else "uncollectible",
        }
        past.keep(subscription | {"latest_invoice": invoice_id})


def _seconds(moment: dt.datetime | None) -> int:
    return int(moment.timestamp()) if moment is not None else store.instant()
