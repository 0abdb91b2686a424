"""Disputes."""

from __future__ import annotations

from stripe.params import DisputeCloseParams, DisputeListParams, DisputeRetrieveParams

from donations.stripe.fake import store
from donations.stripe.fake.listing import listed
from donations.stripe.fake.money.refunding import close_dispute
from donations.stripe.fake.problems import wrong
from donations.stripe.fake.routing import ApiRequest, route
from donations.stripe.fake.store import Thing


@route("GET", "/v1/disputes/{id}", DisputeRetrieveParams)
def retrieve(request: ApiRequest) -> Thing:
    """Return a dispute."""
    return store.get("dispute", request.id)


@route("GET", "/v1/disputes", DisputeListParams)
def list_(request: ApiRequest) -> Thing:
    """List disputes."""
    params = request.params
    where = {"charge": params.get("charge"), "payment_intent": params.get("payment_intent")}
    return listed(request, "dispute", where=where)


@route("POST", "/v1/disputes/{id}/close", DisputeCloseParams)
def close(request: ApiRequest) -> Thing:
    """Accept a dispute: it is lost."""
    dispute = store.get("dispute", request.id)
    if dispute["status"] in ("won", "lost"):
        raise wrong("This dispute is already closed")
    return close_dispute(dispute, won=False)
