"""Payment intents: Checkout makes them; here they are read, changed and given up."""

from __future__ import annotations

from stripe.params import (
    PaymentIntentCancelParams,
    PaymentIntentListParams,
    PaymentIntentRetrieveParams,
    PaymentIntentUpdateParams,
)

from donations.stripe.fake import store
from donations.stripe.fake.listing import listed
from donations.stripe.fake.merging import merge_fields
from donations.stripe.fake.money import intents
from donations.stripe.fake.problems import ApiError
from donations.stripe.fake.routing import ApiRequest, route
from donations.stripe.fake.store import Thing


@route("GET", "/v1/payment_intents/{id}", PaymentIntentRetrieveParams)
def retrieve(request: ApiRequest) -> Thing:
    """Return a payment intent."""
    return store.get("payment_intent", request.id)


@route("GET", "/v1/payment_intents", PaymentIntentListParams)
def list_(request: ApiRequest) -> Thing:
    """List payment intents."""
    return listed(request, "payment_intent", where={"customer": request.params.get("customer")})


@route("POST", "/v1/payment_intents/{id}", PaymentIntentUpdateParams)
def update(request: ApiRequest) -> Thing:
    """Change what an intent says of itself."""
    intent = store.get("payment_intent", request.id)
    merge_fields(intent, request.params, ("description", "metadata", "receipt_email"))
    return store.save(intent)


@route("POST", "/v1/payment_intents/{id}/cancel", PaymentIntentCancelParams)
def cancel(request: ApiRequest) -> Thing:
    """Give a payment up, unless it is over or on its way."""
    intent = store.get("payment_intent", request.id)
    if intent["status"] in (*intents.FINAL, "processing"):
        raise ApiError(
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}.",
            code="payment_intent_unexpected_state",
        )
    return intents.cancel(intent, request.params.get("cancellation_reason"))
