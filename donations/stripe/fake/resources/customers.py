"""Customers."""

from __future__ import annotations

from stripe.params import (
    CustomerCreateParams,
    CustomerDeleteParams,
    CustomerListParams,
    CustomerRetrieveParams,
    CustomerUpdateParams,
)

from donations.stripe.fake import store
from donations.stripe.fake.events import emit
from donations.stripe.fake.listing import listed
from donations.stripe.fake.merging import merge_fields
from donations.stripe.fake.problems import missing
from donations.stripe.fake.routing import ApiRequest, route
from donations.stripe.fake.store import Thing

WRITABLE = ("address", "description", "email", "metadata", "name", "phone", "preferred_locales", "shipping")


def make_customer(fields: Thing) -> Thing:
    """Store a customer and report it."""
    settings = {"custom_fields": None, "default_payment_method": None, "footer": None, "rendering_options": None}
    customer = store.add(
        "customer",
        {
            "address": None,
            "balance": 0,
            "currency": None,
            "default_source": None,
            "delinquent": False,
            "description": None,
            "email": None,
            "invoice_prefix": store.new_id("customer")[-8:].upper(),
            "invoice_settings": settings,
            "livemode": False,
            "metadata": {},
            "name": None,
            "next_invoice_sequence": 1,
            "phone": None,
            "preferred_locales": [],
            "shipping": None,
            "tax_exempt": "none",
            "test_clock": None,
            **{name: fields[name] for name in WRITABLE if fields.get(name) not in (None, "")},
        },
    )
    if customer["address"] is not None:
        customer["address"] = full_address(customer["address"])
        store.save(customer)
    emit("customer.created", customer)
    return customer


def full_address(address: Thing | None) -> Thing:
    """Return an address with all its fields, as the API answers it."""
    fields = ("city", "country", "line1", "line2", "postal_code", "state")
    return {field: (address or {}).get(field) for field in fields}


def customer_of(stripe_id: str, *, param: str = "customer") -> Thing:
    """Return a customer that is not deleted; raise ApiError for another."""
    customer = store.get("customer", stripe_id, param=param)
    if customer.get("deleted"):
        raise missing("customer", stripe_id, param=param)
    return customer


@route("POST", "/v1/customers", CustomerCreateParams)
def create(request: ApiRequest) -> Thing:
    """Create a customer."""
    return make_customer(request.params)


@route("GET", "/v1/customers/{id}", CustomerRetrieveParams)
def retrieve(request: ApiRequest) -> Thing:
    """Return a customer, or the stub of a deleted one."""
    customer = store.get("customer", request.id)
    if customer.get("deleted"):
        return {"id": customer["id"], "object": "customer", "deleted": True}
    return customer


@route("POST", "/v1/customers/{id}", CustomerUpdateParams)
def update(request: ApiRequest) -> Thing:
    """Change a customer."""
    customer = customer_of(request.id, param="id")
    settings = request.params.get("invoice_settings") or {}
    if method := settings.get("default_payment_method"):
        store.get("payment_method", method, param="invoice_settings[default_payment_method]")
        customer["invoice_settings"]["default_payment_method"] = method
    previous = merge_fields(customer, request.params, WRITABLE)
    store.save(customer)
    emit("customer.updated", customer, previous)
    return customer


@route("DELETE", "/v1/customers/{id}", CustomerDeleteParams)
def delete(request: ApiRequest) -> Thing:
    """Delete a customer; the id stays known."""
    customer = store.save({**customer_of(request.id, param="id"), "deleted": True})
    emit("customer.deleted", customer)
    return {"id": customer["id"], "object": "customer", "deleted": True}


@route("GET", "/v1/customers", CustomerListParams)
def list_(request: ApiRequest) -> Thing:
    """List customers."""
    return listed(request, "customer", where={"email": request.params.get("email")})
