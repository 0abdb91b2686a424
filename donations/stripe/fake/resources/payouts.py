"""Payouts, to be read."""

from __future__ import annotations

from stripe.params import PayoutListParams, PayoutRetrieveParams

from donations.stripe.fake import store
from donations.stripe.fake.listing import listed
from donations.stripe.fake.routing import ApiRequest, route
from donations.stripe.fake.store import Thing


@route("GET", "/v1/payouts/{id}", PayoutRetrieveParams)
def retrieve(request: ApiRequest) -> Thing:
    """Return a payout."""
    return store.get("payout", request.id)


@route("GET", "/v1/payouts", PayoutListParams)
def list_(request: ApiRequest) -> Thing:
    """List payouts."""
    return listed(request, "payout", where={"status": request.params.get("status")})
