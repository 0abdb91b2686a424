"""Charges: the attempts of payment intents, to be read."""

from __future__ import annotations

from stripe.params import ChargeListParams, ChargeRetrieveParams, ChargeUpdateParams

from donations.stripe.fake import store
from donations.stripe.fake.events import emit
from donations.stripe.fake.listing import listed
from donations.stripe.fake.merging import merge_fields
from donations.stripe.fake.routing import ApiRequest, route
from donations.stripe.fake.store import Thing


@route("GET", "/v1/charges/{id}", ChargeRetrieveParams)
def retrieve(request: ApiRequest) -> Thing:
    """Return a charge."""
    return store.get("charge", request.id)


@route("GET", "/v1/charges", ChargeListParams)
def list_(request: ApiRequest) -> Thing:
    """List charges."""
    params = request.params
    where = {"customer": params.get("customer"), "payment_intent": params.get("payment_intent")}
    return listed(request, "charge", where=where)


@route("POST", "/v1/charges/{id}", ChargeUpdateParams)
def update(request: ApiRequest) -> Thing:
    """Change what a charge says of itself."""
    charge = store.get("charge", request.id)
    previous = merge_fields(charge, request.params, ("description", "metadata", "receipt_email"))
    store.save(charge)
    emit("charge.updated", charge, previous)
    return charge
