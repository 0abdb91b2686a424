"""Events of the last thirty days."""

from __future__ import annotations

from stripe.params import EventListParams, EventRetrieveParams

from donations.stripe.fake import store
from donations.stripe.fake.listing import listed
from donations.stripe.fake.problems import wrong
from donations.stripe.fake.routing import ApiRequest, route
from donations.stripe.fake.store import Thing


@route("GET", "/v1/events/{id}", EventRetrieveParams)
def retrieve(request: ApiRequest) -> Thing:
    """Return an event."""
    return store.get("event", request.id)


@route("GET", "/v1/events", EventListParams)
def list_(request: ApiRequest) -> Thing:
    """List events, of one type (which may end in `*`) or of several."""
    kind, kinds = request.params.get("type"), request.params.get("types")
    if kind and kinds:
        raise wrong("You may only specify one of these parameters: type, types.", "type")
    where = {"type__in": kinds, "type": kind}
    if kind and kind.endswith("*"):
        where = {"type__startswith": kind[:-1]}
    return listed(request, "event", where=where)
