"""Refunds."""

from __future__ import annotations

from stripe.params import RefundCreateParams, RefundListParams, RefundRetrieveParams, RefundUpdateParams

from donations.stripe.fake import store
from donations.stripe.fake.events import emit
from donations.stripe.fake.listing import listed
from donations.stripe.fake.merging import merge_fields
from donations.stripe.fake.money.refunding import refund_charge
from donations.stripe.fake.problems import ApiError
from donations.stripe.fake.routing import ApiRequest, route
from donations.stripe.fake.store import Thing


@route("POST", "/v1/refunds", RefundCreateParams)
def create(request: ApiRequest) -> Thing:
    """Give back a charge, or a part of it."""
    params = request.params
    if intent_id := params.get("payment_intent"):
        intent = store.get("payment_intent", intent_id, param="payment_intent")
        if intent["latest_charge"] is None or intent["status"] != "succeeded":
            raise ApiError(
                f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.",
                code="payment_intent_unexpected_state",
            )
        charge_id = intent["latest_charge"]
    elif not (charge_id := params.get("charge")):
        raise ApiError(
            "One of the following params should be provided for this request: payment_intent or charge.",
            code="parameter_missing",
            param="charge",
        )
    charge = store.get("charge", charge_id, param="charge")
    return refund_charge(
        charge, params.get("amount"), reason=params.get("reason"), metadata=params.get("metadata") or None
    )


@route("GET", "/v1/refunds/{id}", RefundRetrieveParams)
def retrieve(request: ApiRequest) -> Thing:
    """Return a refund."""
    return store.get("refund", request.id)


@route("GET", "/v1/refunds", RefundListParams)
def list_(request: ApiRequest) -> Thing:
    """List refunds."""
    params = request.params
    where = {"charge": params.get("charge"), "payment_intent": params.get("payment_intent")}
    return listed(request, "refund", where=where)


@route("POST", "/v1/refunds/{id}", RefundUpdateParams)
def update(request: ApiRequest) -> Thing:
    """Change the metadata of a refund."""
    refund = store.get("refund", request.id)
    previous = merge_fields(refund, request.params, ("metadata",))
    store.save(refund)
    emit("refund.updated", refund, previous)
    return refund
