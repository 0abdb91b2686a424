"""Money that goes back: refunds, those that fail, and what banks take back in a dispute."""

from __future__ import annotations

from donations.stripe.fake import store
from donations.stripe.fake.events import emit
from donations.stripe.fake.money.balance import DAY, DISPUTE_FEE, RETURNED_DEBIT_FEE, book_charge, move
from donations.stripe.fake.problems import ApiError, wrong
from donations.stripe.fake.store import Thing

# Days a charity has to answer a dispute.
ANSWER_WITHIN = 14
FILES_AND_TEXTS = (
    "access_activity_log",
    "appeal",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
)


def refund_charge(
    charge: Thing, amount: int | None, *, reason: str | None = None, metadata: Thing | None = None
) -> Thing:
    """Give back what is left of a charge, or an amount in minor units; raise ApiError for what cannot be."""
    left = charge["amount"] - charge["amount_refunded"]
    if charge["disputed"] and _open_or_lost(charge):
        raise ApiError(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    if not charge["paid"]:
        raise wrong(f"Charge {charge['id']} was not paid.")
    if not left:
        raise ApiError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = left if amount is None else amount
    if amount < 1:
        raise ApiError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        raise wrong(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", "amount")
    if charge["balance_transaction"] is None:
        charge = book_charge(charge)
    is_card = charge["payment_method_details"]["type"] == "card"
    refund = _make_refund(charge, amount, reason, metadata, "succeeded" if is_card else "pending")
    booked = move(refund, "refund" if is_card else "payment_refund", -amount, category="refund")
    refund["balance_transaction"] = booked["id"]
    store.save(refund)
    emit("refund.created", refund)
    _gave_back(charge, amount)
    return refund


def settle_refund(refund: Thing) -> Thing:
    """Let a pending refund arrive."""
    store.save(refund | {"status": "succeeded"})
    emit("refund.updated", refund | {"status": "succeeded"}, {"status": refund["status"]})
    return refund | {"status": "succeeded"}


def fail_refund(refund: Thing, reason: str) -> Thing:
    """Let the donor's bank send a refund back: the money is ours again."""
    previous = {"status": refund["status"]}
    booked = move(refund, "refund_failure", refund["amount"], category="refund_failure")
    refund |= {"status": "failed", "failure_reason": reason, "failure_balance_transaction": booked["id"]}
    store.save(refund)
    charge = store.get("charge", refund["charge"])
    charge |= {"amount_refunded": charge["amount_refunded"] - refund["amount"], "refunded": False}
    store.save(charge)
    emit("refund.updated", refund, previous)
    emit("refund.failed", refund)
    emit("charge.updated", charge)
    return refund


def open_dispute(charge: Thing, *, amount: int | None, reason: str, is_final: bool = False) -> Thing:
    """Let a donor's bank take a charge back; a returned debit cannot be answered and is lost at once."""
    if charge["disputed"]:
        raise wrong(f"Charge {charge['id']} is disputed already.")
    if charge["balance_transaction"] is None:
        charge = book_charge(charge)
    amount = amount or charge["amount"] - charge["amount_refunded"]
    dispute = _make_dispute(charge, amount, reason, "lost" if is_final else "needs_response")
    taken = move(
        dispute,
        "adjustment" if not is_final else "payment_failure_refund",
        -amount,
        category="dispute" if not is_final else "charge_failure",
        fee=RETURNED_DEBIT_FEE if is_final else DISPUTE_FEE,
        description=f"Chargeback withdrawal for {charge['id']}",
    )
    dispute["balance_transactions"] = [taken]
    store.save(dispute)
    charge["disputed"] = True
    store.save(charge)
    emit("charge.dispute.created", dispute)
    emit("charge.dispute.funds_withdrawn", dispute)
    if is_final:
        emit("charge.dispute.closed", dispute)
    return dispute


def close_dispute(dispute: Thing, *, won: bool) -> Thing:
    """Let the bank decide."""
    dispute["status"] = "won" if won else "lost"
    if won:
        charge = dispute["charge"]
        back = move(
            dispute,
            "adjustment",
            dispute["amount"],
            category="dispute_reversal",
            description=f"Chargeback reversal for {charge}",
        )
        dispute["balance_transactions"].append(back)
    store.save(dispute)
    if won:
        emit("charge.dispute.funds_reinstated", dispute)
    emit("charge.dispute.closed", dispute)
    return dispute


def _open_or_lost(charge: Thing) -> bool:
    return any(dispute["status"] != "won" for dispute in store.find("dispute", charge=charge["id"]))


def _gave_back(charge: Thing, amount: int) -> None:
    refunded = charge["amount_refunded"] + amount
    previous = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    charge |= {"amount_refunded": refunded, "refunded": refunded == charge["amount"]}
    store.save(charge)
    emit("charge.refunded", charge, previous)


def _make_refund(charge: Thing, amount: int, reason: str | None, metadata: Thing | None, status: str) -> Thing:
    kind = charge["payment_method_details"]["type"]
    details: Thing = {"type": kind}
    if kind == "card":
        details["card"] = {
            "reference_status": "pending",
            "reference_type": "acquirer_reference_number",
            "type": "refund",
        }
    return store.add(
        "refund",
        {
            "amount": amount,
            "balance_transaction": None,
            "charge": charge["id"],
            "currency": charge["currency"],
            "destination_details": details,
            "metadata": metadata or {},
            "payment_intent": charge["payment_intent"],
            "reason": reason,
            "receipt_number": None,
            "source_transfer_reversal": None,
            "status": status,
            "transfer_reversal": None,
        },
    )


def _make_dispute(charge: Thing, amount: int, reason: str, status: str) -> Thing:
    is_card = charge["payment_method_details"]["type"] == "card"
    card = {"brand": "visa", "case_type": "chargeback", "network": "visa", "network_reason_code": "10.4"}
    evidence: Thing = dict.fromkeys(FILES_AND_TEXTS)
    return store.add(
        "dispute",
        {
            "amount": amount,
            "balance_transactions": [],
            "charge": charge["id"],
            "currency": charge["currency"],
            "enhanced_eligibility_types": [],
            "evidence": {**evidence, "enhanced_evidence": {}},
            "evidence_details": {
                "due_by": store.instant() + ANSWER_WITHIN * DAY if status == "needs_response" else None,
                "enhanced_eligibility": {},
                "has_evidence": False,
                "past_due": False,
                "submission_count": 0,
                "submission_method": "not_submitted",
            },
            "is_charge_refundable": False,
            "livemode": False,
            "metadata": {},
            "payment_intent": charge["payment_intent"],
            **({"payment_method_details": {"card": card, "type": "card"}} if is_card else {}),
            "reason": reason,
            "status": status,
        },
    )
