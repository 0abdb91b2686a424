"""Early fraud warnings."""

from __future__ import annotations

from stripe.params.radar import EarlyFraudWarningListParams, EarlyFraudWarningRetrieveParams

from donations.stripe.fake import store
from donations.stripe.fake.listing import listed
from donations.stripe.fake.routing import ApiRequest, route
from donations.stripe.fake.store import Thing


@route("GET", "/v1/radar/early_fraud_warnings/{id}", EarlyFraudWarningRetrieveParams)
def retrieve(request: ApiRequest) -> Thing:
    """Return a warning."""
    return store.get("radar.early_fraud_warning", request.id)


@route("GET", "/v1/radar/early_fraud_warnings", EarlyFraudWarningListParams)
def list_(request: ApiRequest) -> Thing:
    """List warnings."""
    params = request.params
    where = {"charge": params.get("charge"), "payment_intent": params.get("payment_intent")}
    return listed(request, "radar.early_fraud_warning", where=where)
