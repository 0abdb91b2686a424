"""Checkout Sessions: the page a donor pays on, and what became of it."""

from __future__ import annotations

from urllib.parse import urlsplit

from stripe.params.checkout import (
    SessionCreateParams,
    SessionExpireParams,
    SessionLineItemListParams,
    SessionListParams,
    SessionRetrieveParams,
    SessionUpdateParams,
)

from donations.stripe.fake import store
from donations.stripe.fake.events import emit
from donations.stripe.fake.listing import list_of, listed
from donations.stripe.fake.merging import merge_fields
from donations.stripe.fake.problems import ApiError, wrong
from donations.stripe.fake.resources.catalogue import inline_price
from donations.stripe.fake.resources.customers import customer_of
from donations.stripe.fake.resources.session_rules import check_session
from donations.stripe.fake.routing import ApiRequest, route
from donations.stripe.fake.store import Thing

PAY_PAGE = "/demo/pay/{}/"
# What a session repeats of its request.
AS_ASKED = (
    "allow_promotion_codes",
    "billing_address_collection",
    "cancel_url",
    "client_reference_id",
    "customer_email",
    "locale",
    "mode",
    "submit_type",
    "success_url",
)


@route("POST", "/v1/checkout/sessions", SessionCreateParams)
def create(request: ApiRequest) -> Thing:
    """Open a page to pay on."""
    params = request.params
    expires_at = check_session(params)
    customer = customer_of(params["customer"]) if params.get("customer") else None
    items = [_line_item(item, number) for number, item in enumerate(params.get("line_items", []))]
    currency = items[0]["currency"] if items else params.get("currency")
    total = sum(item["amount_total"] for item in items) if items else None
    stripe_id, once = store.new_id("checkout.session"), params["mode"] == "payment"
    session = store.add(
        "checkout.session",
        {
            "id": stripe_id,
            **{name: params.get(name) for name in AS_ASKED},
            "amount_subtotal": total,
            "amount_total": total,
            "currency": currency,
            "custom_text": _custom_text(params),
            "customer": customer["id"] if customer else None,
            "customer_creation": _customer_creation(params),
            "customer_details": _known_details(params, customer),
            "expires_at": expires_at,
            "invoice": None,
            "invoice_creation": _no_invoice() if once else None,
            "livemode": False,
            "metadata": params.get("metadata") or {},
            "payment_intent": None,
            "payment_method_collection": params.get("payment_method_collection", "if_required" if once else "always"),
            "payment_status": "unpaid" if params["mode"] != "setup" else "no_payment_required",
            "setup_intent": None,
            "status": "open",
            "subscription": None,
            "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0} if items else None,
            "ui_mode": params.get("ui_mode", "hosted_page"),
            "url": _origin(params["success_url"]) + PAY_PAGE.format(stripe_id),
            "_intent": None,
            "_payment": params.get("payment_intent_data") or {},
            "_subscription": params.get("subscription_data") or {},
        },
    )
    for item in items:
        store.save({**item, "_session": stripe_id})
    return session


@route("GET", "/v1/checkout/sessions/{id}", SessionRetrieveParams)
def retrieve(request: ApiRequest) -> Thing:
    """Return a session; one that outlived its time is expired."""
    return overdue(store.get("checkout.session", request.id))


@route("GET", "/v1/checkout/sessions", SessionListParams)
def list_(request: ApiRequest) -> Thing:
    """List sessions."""
    names = ("customer", "payment_intent", "status", "subscription")
    return listed(request, "checkout.session", where={name: request.params.get(name) for name in names})


@route("POST", "/v1/checkout/sessions/{id}", SessionUpdateParams)
def update(request: ApiRequest) -> Thing:
    """Change the metadata of a session."""
    session = store.get("checkout.session", request.id)
    merge_fields(session, request.params, ("metadata",))
    return store.save(session)


@route("POST", "/v1/checkout/sessions/{id}/expire", SessionExpireParams)
def expire(request: ApiRequest) -> Thing:
    """Close a page nobody paid on."""
    session = store.get("checkout.session", request.id)
    if session["status"] != "open":
        raise ApiError(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of `{session['status']}`.",
        )
    return end(session)


@route("GET", "/v1/checkout/sessions/{id}/line_items", SessionLineItemListParams)
def line_items(request: ApiRequest) -> Thing:
    """List what is paid for."""
    store.get("checkout.session", request.id)
    return list_of(store.find("item", _session=request.id)[::-1], request.path)


def end(session: Thing) -> Thing:
    """Expire a session."""
    session |= {"status": "expired", "url": None}
    store.save(session)
    emit("checkout.session.expired", session)
    return session


def overdue(session: Thing) -> Thing:
    """Expire a session that is past its time; return it as it is then."""
    if session["status"] == "open" and session["expires_at"] <= store.instant():
        return end(session)
    return session


def _line_item(item: Thing, number: int) -> Thing:
    at = f"line_items[{number}]"
    if item.get("price_data"):
        price, name = inline_price(item["price_data"], f"{at}[price_data]")
    elif item.get("price"):
        price = store.get("price", item["price"], param=f"{at}[price]")
        name = store.get("product", price["product"])["name"]
    else:
        raise wrong(f"You must specify either `price` or `price_data` in {at}.", at)
    quantity = item.get("quantity", 1)
    amount = price["unit_amount"] * quantity
    return store.add(
        "item",
        {
            "adjustable_quantity": None,
            "amount_discount": 0,
            "amount_subtotal": amount,
            "amount_tax": 0,
            "amount_total": amount,
            "currency": price["currency"],
            "description": name,
            "discounts": [],
            "metadata": item.get("metadata") or {},
            "price": price,
            "quantity": quantity,
            "taxes": [],
        },
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _customer_creation(params: Thing) -> str | None:
    if params["mode"] == "subscription":
        return None if params.get("customer") else "always"
    return None if params.get("customer") else params.get("customer_creation", "if_required")


def _known_details(params: Thing, customer: Thing | None) -> Thing | None:
    email = customer["email"] if customer else params.get("customer_email")
    if not email:
        return None
    return {
        "address": customer["address"] if customer else None,
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": customer["name"] if customer else None,
        "phone": customer["phone"] if customer else None,
        "tax_exempt": "none",
        "tax_ids": None,
    }


def _custom_text(params: Thing) -> Thing:
    given = params.get("custom_text") or {}
    names = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
    return {name: given.get(name) or None for name in names}


def _no_invoice() -> Thing:
    data: Thing = {
        "account_tax_ids": None,
        "custom_fields": None,
        "description": None,
        "footer": None,
        "issuer": None,
        "metadata": {},
        "rendering_options": None,
    }
    return {"enabled": False, "invoice_data": data}
