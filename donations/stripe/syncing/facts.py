"""What Stripe says, as plain frozen facts: everything behind this module is free of the SDK's objects."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.money import Money
from donations.models import Method, PaymentStatus
from donations.stripe.minor import from_minor

Answer = Mapping[str, Any]

_STATUSES = {
    "processing": PaymentStatus.PROCESSING,
    "canceled": PaymentStatus.CANCELED,
    "succeeded": PaymentStatus.SUCCEEDED,
}
_BANK_DEBITS = frozenset(
    ["acss_debit", "au_becs_debit", "bacs_debit", "nz_bank_account", "sepa_debit", "us_bank_account"]
)
_CARDS = frozenset(["", "card", "card_present", "link", "interac_present"])
_TRANSFERS = frozenset(["customer_balance"])


def method_of(method_type: str) -> Method:
    """Return in our words what Stripe calls a type of payment method."""
    if method_type in _BANK_DEBITS:
        return Method.BANK_DEBIT
    if method_type in _CARDS:
        return Method.CARD
    return Method.TRANSFER if method_type in _TRANSFERS else Method.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFacts:
    """A payment with its latest charge, as Stripe answered to a question asked at `asked_at`."""

    asked_at: dt.datetime
    payment_intent: str | None
    charge_id: str | None
    status: PaymentStatus
    minor: int
    currency: str
    refunded_minor: int = 0
    is_disputed: bool = False
    customer_id: str = ""
    method_type: str = ""
    method_brand: str = ""
    method_last4: str = ""
    method_wallet: str = ""
    payer_name: str = ""
    payer_email: str = ""
    statement: str = ""
    failure_code: str = ""
    failure_message: str = ""
    charged_at: dt.datetime | None = None
    balance_transaction: str | None = None
    settled_currency: str = ""
    fee: Decimal | None = None
    net: Decimal | None = None
    livemode: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)

    @property
    def money(self) -> Money:
        """What was paid, or is to be."""
        return from_minor(self.minor, self.currency)

    @property
    def method(self) -> Method:
        """How the money came, in our words."""
        return method_of(self.method_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """A payment page."""

    asked_at: dt.datetime
    session_id: str
    status: str  # open, complete, expired
    url: str
    expires_at: dt.datetime
    payment_intent: str | None
    subscription: str | None
    customer_id: str
    metadata: Mapping[str, str]
    livemode: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundFacts:
    """A refund."""

    asked_at: dt.datetime
    stripe_id: str
    status: str
    minor: int
    currency: str
    reason: str
    failure: str
    created_at: dt.datetime
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeFacts:
    """A dispute."""

    asked_at: dt.datetime
    stripe_id: str
    status: str
    minor: int
    currency: str
    reason: str
    took_money: bool
    opened_at: dt.datetime
    evidence_due_at: dt.datetime | None
    livemode: bool


def instant(seconds: int | None) -> dt.datetime | None:
    """Return the instant that Stripe counts in seconds."""
    return None if seconds is None else dt.datetime.fromtimestamp(seconds, tz=dt.UTC)


def id_of(value: Any) -> str | None:
    """Return the id of what Stripe gives either as an id or as the whole object."""
    if value is None or isinstance(value, str):
        return value or None
    return str(value["id"])


def named(metadata: Mapping[str, str], name: str) -> uuid.UUID | None:
    """Return which row of ours is named; None where something else than Steward wrote there what it liked."""
    try:
        return uuid.UUID(metadata[name])
    except (KeyError, ValueError):
        return None


def payment_facts(intent: Answer, *, asked_at: dt.datetime) -> PaymentFacts:
    """Read a payment intent whose `latest_charge.balance_transaction` is expanded."""
    charge: Answer = intent.get("latest_charge") or {}
    error: Answer = intent.get("last_payment_error") or {}
    status = _STATUSES.get(intent["status"], PaymentStatus.STARTED)
    if status == PaymentStatus.STARTED and error:
        status = PaymentStatus.FAILED
    paid = status == PaymentStatus.SUCCEEDED
    return PaymentFacts(
        asked_at=asked_at,
        payment_intent=intent["id"],
        # Also of one that is on its way or failed: Stripe moves the balance when a bank is asked, and back.
        charge_id=charge.get("id"),
        status=status,
        minor=intent["amount_received"] if paid else intent["amount"],
        currency=intent["currency"].upper(),
        refunded_minor=charge.get("amount_refunded") or 0,
        is_disputed=bool(charge.get("disputed")),
        customer_id=id_of(intent.get("customer")) or "",
        statement=(intent.get("description") or "")[:500],
        failure_code=(error.get("decline_code") or error.get("code") or "")[:80],
        failure_message=(error.get("message") or "")[:500],
        charged_at=instant(charge["created"]) if paid and charge else None,
        livemode=intent["livemode"],
        metadata=dict(intent.get("metadata") or {}),
        **_of_charge(charge, error),
    )


def charge_facts(charge: Answer, *, asked_at: dt.datetime) -> PaymentFacts:
    """Read a charge that no payment intent stands behind: some old integration on the same account made it."""
    statuses = {"succeeded": PaymentStatus.SUCCEEDED, "failed": PaymentStatus.FAILED}
    status = statuses.get(charge["status"], PaymentStatus.PROCESSING)
    return PaymentFacts(
        asked_at=asked_at,
        payment_intent=None,
        charge_id=charge["id"],
        status=status,
        minor=charge["amount"],
        currency=charge["currency"].upper(),
        refunded_minor=charge.get("amount_refunded") or 0,
        is_disputed=bool(charge.get("disputed")),
        customer_id=id_of(charge.get("customer")) or "",
        statement=(charge.get("description") or "")[:500],
        failure_code=(charge.get("failure_code") or "")[:80],
        failure_message=(charge.get("failure_message") or "")[:500],
        charged_at=instant(charge["created"]) if status == PaymentStatus.SUCCEEDED else None,
        livemode=charge["livemode"],
        metadata=dict(charge.get("metadata") or {}),
        **_of_charge(charge, {}),
    )


def _of_charge(charge: Answer, error: Answer) -> dict[str, Any]:
    """Return what it was paid with, by whom, and what Stripe keeps; the fee comes some time after the money."""
    details: Answer = charge.get("payment_method_details") or error.get("payment_method") or {}
    kind = str(details.get("type") or "")
    method: Answer = details.get(kind) or {}
    payer: Answer = charge.get("billing_details") or {}
    facts: dict[str, Any] = {
        "method_type": kind[:40],
        "method_brand": str(method.get("brand") or method.get("bank_name") or "")[:60],
        "method_last4": str(method.get("last4") or "")[:4],
        "method_wallet": str((method.get("wallet") or {}).get("type") or "")[:40],
        "payer_name": str(payer.get("name") or "")[:255],
        "payer_email": str(payer.get("email") or "")[:255],
    }
    balance = charge.get("balance_transaction")
    if isinstance(balance, Mapping):
        currency = balance["currency"].upper()
        facts |= {
            "balance_transaction": balance["id"],
            "settled_currency": currency,
            "fee": from_minor(balance["fee"], currency).amount,
            "net": from_minor(balance["net"], currency).amount,
        }
    return facts


def session_facts(session: Answer, *, asked_at: dt.datetime) -> SessionFacts:
    """Read a payment page."""
    return SessionFacts(
        asked_at=asked_at,
        session_id=session["id"],
        status=session["status"],
        url=session.get("url") or "",
        expires_at=dt.datetime.fromtimestamp(session["expires_at"], tz=dt.UTC),
        payment_intent=id_of(session.get("payment_intent")),
        subscription=id_of(session.get("subscription")),
        customer_id=id_of(session.get("customer")) or "",
        metadata=dict(session.get("metadata") or {}),
        livemode=session["livemode"],
    )


def refund_facts(refund: Answer, *, asked_at: dt.datetime) -> RefundFacts:
    """Read a refund."""
    return RefundFacts(
        asked_at=asked_at,
        stripe_id=refund["id"],
        status=refund["status"],
        minor=refund["amount"],
        currency=refund["currency"].upper(),
        reason=refund.get("reason") or "",
        failure=(refund.get("failure_reason") or "")[:500],
        created_at=dt.datetime.fromtimestamp(refund["created"], tz=dt.UTC),
        metadata=dict(refund.get("metadata") or {}),
    )


def dispute_facts(dispute: Answer, *, asked_at: dt.datetime) -> DisputeFacts:
    """Read a dispute."""
    return DisputeFacts(
        asked_at=asked_at,
        stripe_id=dispute["id"],
        status=dispute["status"],
        minor=dispute["amount"],
        currency=dispute["currency"].upper(),
        reason=dispute["reason"][:60],
        took_money=sum(moved["amount"] for moved in dispute.get("balance_transactions") or ()) < 0,
        opened_at=dt.datetime.fromtimestamp(dispute["created"], tz=dt.UTC),
        evidence_due_at=instant((dispute.get("evidence_details") or {}).get("due_by")),
        livemode=dispute["livemode"],
    )
