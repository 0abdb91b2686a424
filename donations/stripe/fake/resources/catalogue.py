"""Products and prices: what is paid for, made on the spot by a session or on their own."""

from __future__ import annotations

from decimal import Decimal

from stripe.params import (
    PriceCreateParams,
    PriceListParams,
    PriceRetrieveParams,
    PriceUpdateParams,
    ProductCreateParams,
    ProductListParams,
    ProductRetrieveParams,
    ProductUpdateParams,
)

from donations.stripe.fake import store
from donations.stripe.fake.events import emit
from donations.stripe.fake.listing import listed
from donations.stripe.fake.merging import merge_fields
from donations.stripe.fake.problems import ApiError, wrong
from donations.stripe.fake.routing import ApiRequest, route
from donations.stripe.fake.store import Thing

# The least Stripe charges, in minor units, by settlement currency.
LEAST = {"eur": 50, "gbp": 30, "usd": 50, "cad": 50, "chf": 50, "jpy": 50, "dkk": 250, "nok": 300, "sek": 300}
MOST = 99_999_999


def inline_price(data: Thing, at: str) -> tuple[Thing, str]:
    """Return the price of `price_data`, and the name of its product."""
    if data.get("product_data"):
        product = _make_product(data["product_data"])
    elif data.get("product"):
        product = store.get("product", data["product"], param=f"{at}[product]")
    else:
        raise wrong(f"You must specify either `product` or `product_data` in {at}.", at)
    return _make_price(data, product, at, active=False), product["name"]


def _make_product(fields: Thing) -> Thing:
    created = store.instant()
    product = store.add(
        "product",
        {
            "active": fields.get("active", True),
            "created": created,
            "default_price": None,
            "description": fields.get("description") or None,
            "images": fields.get("images") or [],
            "livemode": False,
            "marketing_features": [],
            "metadata": fields.get("metadata") or {},
            "name": fields["name"],
            "package_dimensions": None,
            "shippable": None,
            "statement_descriptor": fields.get("statement_descriptor") or None,
            "tax_code": None,
            "type": "service",
            "unit_label": None,
            "updated": created,
            "url": None,
        },
    )
    emit("product.created", product)
    return product


def _make_price(fields: Thing, product: Thing, at: str, *, active: bool = True) -> Thing:
    amount = _unit_amount(fields, at)
    recurring = fields.get("recurring") or None
    price = store.add(
        "price",
        {
            "active": active,
            "billing_scheme": "per_unit",
            "currency": _currency(fields["currency"]),
            "custom_unit_amount": None,
            "livemode": False,
            "lookup_key": fields.get("lookup_key"),
            "metadata": fields.get("metadata") or {},
            "nickname": fields.get("nickname") or None,
            "product": product["id"],
            "recurring": {
                "interval": recurring["interval"],
                "interval_count": recurring.get("interval_count", 1),
                "meter": None,
                "trial_period_days": None,
                "usage_type": "licensed",
            }
            if recurring
            else None,
            "tax_behavior": "unspecified",
            "tiers_mode": None,
            "transform_quantity": None,
            "type": "recurring" if recurring else "one_time",
            "unit_amount": amount,
            "unit_amount_decimal": str(amount),
        },
    )
    emit("price.created", price)
    return price


def _unit_amount(fields: Thing, at: str) -> int:
    param = f"{at}[unit_amount]" if at else "unit_amount"
    if "unit_amount_decimal" in fields:
        exact = Decimal(fields["unit_amount_decimal"])
        if exact != exact.to_integral_value():
            raise wrong("The demo charges whole minor units.", f"{at}[unit_amount_decimal]")
        amount = int(exact)
    elif "unit_amount" in fields:
        amount = fields["unit_amount"]
    else:
        raise ApiError(f"Missing required param: {param}.", code="parameter_missing", param=param)
    least = LEAST.get(fields["currency"].lower(), 1)
    if amount < least:
        raise ApiError(
            f"The amount must be greater than or equal to the minimum charge amount allowed ({least}).",
            code="amount_too_small",
            param=param,
        )
    if amount > MOST:
        raise ApiError("The amount is too large.", code="amount_too_large", param=param)
    return amount


def _currency(code: str) -> str:
    if len(code) != 3 or not code.isalpha():
        raise wrong(f"Invalid currency: {code}.", "currency")
    return code.lower()


@route("POST", "/v1/products", ProductCreateParams)
def create_product(request: ApiRequest) -> Thing:
    """Create a product."""
    return _make_product(request.params)


@route("GET", "/v1/products/{id}", ProductRetrieveParams)
def retrieve_product(request: ApiRequest) -> Thing:
    """Return a product."""
    return store.get("product", request.id)


@route("POST", "/v1/products/{id}", ProductUpdateParams)
def update_product(request: ApiRequest) -> Thing:
    """Change a product."""
    product = store.get("product", request.id)
    previous = merge_fields(product, request.params, ("active", "description", "metadata", "name"))
    product["updated"] = store.instant()
    store.save(product)
    emit("product.updated", product, previous)
    return product


@route("GET", "/v1/products", ProductListParams)
def list_products(request: ApiRequest) -> Thing:
    """List products."""
    return listed(request, "product", where={"active": request.params.get("active")})


@route("POST", "/v1/prices", PriceCreateParams)
def create_price(request: ApiRequest) -> Thing:
    """Create a price, of a product that is there or of one made on the spot."""
    params = request.params
    if params.get("product_data"):
        product = _make_product(params["product_data"])
    elif params.get("product"):
        product = store.get("product", params["product"], param="product")
    else:
        raise wrong("You must specify either `product` or `product_data` when creating a price.", "product")
    return _make_price(params, product, "", active=params.get("active", True))


@route("GET", "/v1/prices/{id}", PriceRetrieveParams)
def retrieve_price(request: ApiRequest) -> Thing:
    """Return a price."""
    return store.get("price", request.id)


@route("POST", "/v1/prices/{id}", PriceUpdateParams)
def update_price(request: ApiRequest) -> Thing:
    """Change a price; its amount never changes."""
    price = store.get("price", request.id)
    previous = merge_fields(price, request.params, ("active", "metadata", "nickname", "lookup_key"))
    store.save(price)
    emit("price.updated", price, previous)
    return price


@route("GET", "/v1/prices", PriceListParams)
def list_prices(request: ApiRequest) -> Thing:
    """List prices."""
    params = request.params
    where = {name: params.get(name) for name in ("active", "currency", "product", "type")}
    return listed(request, "price", where={**where, "lookup_key__in": params.get("lookup_keys")})
