"""Subscriptions: read, changed, paused and stopped; Checkout sets them up."""

from __future__ import annotations

from stripe.params import (
    SubscriptionCancelParams,
    SubscriptionItemListParams,
    SubscriptionItemRetrieveParams,
    SubscriptionListParams,
    SubscriptionRetrieveParams,
    SubscriptionUpdateParams,
)

from donations.stripe.fake import store
from donations.stripe.fake.events import emit
from donations.stripe.fake.listing import list_of, listed
from donations.stripe.fake.merging import merge_fields
from donations.stripe.fake.money import invoicing, subscribing
from donations.stripe.fake.problems import ApiError, missing, wrong
from donations.stripe.fake.resources.catalogue import inline_price
from donations.stripe.fake.routing import ApiRequest, route
from donations.stripe.fake.store import Thing

# What the double knows how to change; anything else it refuses rather than ignores.
CHANGEABLE = {
    "billing_cycle_anchor",
    "cancel_at",
    "cancel_at_period_end",
    "cancellation_details",
    "default_payment_method",
    "description",
    "items",
    "metadata",
    "off_session",
    "pause_collection",
    "payment_behavior",
    "proration_behavior",
    "trial_end",
}


@route("GET", "/v1/subscriptions/{id}", SubscriptionRetrieveParams)
def retrieve(request: ApiRequest) -> Thing:
    """Return a subscription."""
    return store.get("subscription", request.id)


@route("GET", "/v1/subscriptions", SubscriptionListParams)
def list_(request: ApiRequest) -> Thing:
    """List subscriptions; without a status those that are not over."""
    params = request.params
    status = params.get("status")
    hide = {"status": "canceled"} if status is None else None
    where = {"customer": params.get("customer"), "status": None if status == "all" else status}
    return listed(request, "subscription", where=where, hide=hide)


@route("POST", "/v1/subscriptions/{id}", SubscriptionUpdateParams)
def update(request: ApiRequest) -> Thing:
    """Change a subscription that is not over."""
    subscription, params = store.get("subscription", request.id), request.params
    if unknown := set(params) - CHANGEABLE:
        raise wrong(f"The demo cannot change {', '.join(sorted(unknown))}.", min(unknown))
    if subscription["status"] in subscribing.OVER:
        raise ApiError(
            "A canceled subscription can only update its cancellation_details and metadata.",
            code="subscription_canceled" if "items" in params else None,
        )
    previous = merge_fields(subscription, params, ("cancel_at", "description", "metadata"))
    for field in ("default_payment_method", "pause_collection", "cancel_at_period_end", "cancellation_details"):
        if field in params:
            previous |= _set(subscription, field, _checked(subscription, field, params[field]))
    if "items" in params:
        previous |= {"items": subscription["items"]}
        subscription["items"] = _items(subscription, params)
    store.save(subscription)
    if "trial_end" in params:
        previous |= _move_day(subscription, params["trial_end"])
    if previous:
        emit("customer.subscription.updated", subscription, previous)
    return subscription


@route("DELETE", "/v1/subscriptions/{id}", SubscriptionCancelParams)
def cancel(request: ApiRequest) -> Thing:
    """Cancel a subscription at once."""
    subscription = store.get("subscription", request.id)
    if subscription["status"] in subscribing.OVER:
        raise missing("subscription", request.id)
    details = request.params.get("cancellation_details") or {}
    return subscribing.end(
        subscription,
        reason="cancellation_requested",
        comment=details.get("comment") or None,
        feedback=details.get("feedback") or None,
    )


@route("GET", "/v1/subscription_items", SubscriptionItemListParams)
def list_items(request: ApiRequest) -> Thing:
    """List what a subscription charges for."""
    subscription = store.get("subscription", request.params["subscription"], param="subscription")
    return list_of(subscription["items"]["data"], request.path)


@route("GET", "/v1/subscription_items/{id}", SubscriptionItemRetrieveParams)
def retrieve_item(request: ApiRequest) -> Thing:
    """Return one thing a subscription charges for."""
    for subscription in store.find("subscription"):
        for item in subscription["items"]["data"]:
            if item["id"] == request.id:
                return item
    raise missing("subscription_item", request.id)


def _set(subscription: Thing, field: str, value: object) -> Thing:
    if subscription[field] == value:
        return {}
    old, subscription[field] = subscription[field], value
    return {field: old}


def _checked(subscription: Thing, field: str, value: object) -> object:
    """What a field will hold: with all its parts, and with ids that exist."""
    if field == "default_payment_method":
        method = store.get("payment_method", str(value), param=field)
        if method["customer"] != subscription["customer"]:
            raise ApiError(
                f"The customer does not have a payment method with the ID {value}. "
                "The payment method must be attached to the customer.",
                code="resource_missing",
                param=field,
            )
    if field == "pause_collection":
        return {"resumes_at": None, **value} if isinstance(value, dict) and value else None
    if field == "cancellation_details":
        given = value if isinstance(value, dict) else {}
        return {**subscription["cancellation_details"], **given}
    return value


def _items(subscription: Thing, params: Thing) -> Thing:
    given, known = params["items"], subscribing.item_of(subscription)
    if len(given) != 1 or given[0].get("id") != known["id"]:
        raise wrong("The demo knows subscriptions with one item: name it by its id.", "items[0][id]")
    if params.get("proration_behavior") != "none":
        raise wrong("The demo does not calculate prorations: pass `none`.", "proration_behavior")
    change = given[0]
    price = known["price"]
    if change.get("price_data"):
        price, _name = inline_price(change["price_data"], "items[0][price_data]")
    elif change.get("price"):
        price = store.get("price", change["price"], param="items[0][price]")
    if price["type"] != "recurring" or price["currency"] != subscription["currency"]:
        raise wrong("The price must recur, in the currency of the subscription.", "items[0][price]")
    changed = {
        **known,
        "price": price,
        "plan": subscribing.plan_of(price),
        "quantity": change.get("quantity", known["quantity"]),
    }
    names = ("interval", "interval_count")
    is_other = any(known["price"]["recurring"][name] != price["recurring"][name] for name in names)
    if is_other and "trial_end" not in params:
        # Stripe charges at once then, and counts from now.
        raise wrong("The demo moves a subscription to another interval with a `trial_end` only.", "items[0][price]")
    return {**subscription["items"], "data": [changed]}


def _move_day(subscription: Thing, until: int | str) -> Thing:
    """Start a trial: nothing is asked for until it ends, and periods count from there."""
    now = store.instant()
    if not isinstance(until, int) or until <= now:
        raise wrong("`trial_end` must be an instant in the future.", "trial_end")
    names = ("status", "trial_start", "trial_end", "billing_cycle_anchor", "items", "latest_invoice")
    previous = {name: subscription[name] for name in names}
    item = {**subscribing.item_of(subscription), "current_period_start": now, "current_period_end": until}
    subscription |= {
        "status": "trialing",
        "trial_start": now,
        "trial_end": until,
        "billing_cycle_anchor": until,
        "items": {**subscription["items"], "data": [item]},
    }
    invoice = invoicing.make_invoice(subscription, "subscription_update", period=(now, until), trial=True)
    invoicing.mark_paid(invoice, None)
    subscription["latest_invoice"] = invoice["id"]
    store.save(subscription)
    return previous
