"""What donors pay with, to be read."""

from __future__ import annotations

from stripe.params import CustomerPaymentMethodListParams, PaymentMethodRetrieveParams

from donations.stripe.fake import store
from donations.stripe.fake.listing import listed
from donations.stripe.fake.routing import ApiRequest, route
from donations.stripe.fake.store import Thing


@route("GET", "/v1/payment_methods/{id}", PaymentMethodRetrieveParams)
def retrieve(request: ApiRequest) -> Thing:
    """Return a payment method."""
    return store.get("payment_method", request.id)


@route("GET", "/v1/customers/{id}/payment_methods", CustomerPaymentMethodListParams)
def list_of_customer(request: ApiRequest) -> Thing:
    """List what a customer has on file."""
    store.get("customer", request.id)
    return listed(request, "payment_method", where={"customer": request.id, "type": request.params.get("type")})
