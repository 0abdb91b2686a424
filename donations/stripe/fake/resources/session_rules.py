"""What a new Checkout Session may not be: rules the parameter types cannot say."""

from __future__ import annotations

from donations.stripe.fake import store
from donations.stripe.fake.problems import ApiError, wrong
from donations.stripe.fake.store import Thing

HALF_AN_HOUR, DAY = 30 * 60, 24 * 60 * 60


def check_session(params: Thing) -> int:
    """Return when the session expires; raise ApiError for what the API refuses."""
    mode = params.get("mode")
    if mode not in ("payment", "subscription", "setup"):
        raise _required("mode")
    if not params.get("success_url"):
        raise _required("success_url")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise wrong("The demo shows Stripe's own page only: use `ui_mode=hosted_page`.", "ui_mode")
    for url in ("success_url", "cancel_url"):
        if params.get(url) and not params[url].startswith(("http://", "https://")):
            raise ApiError("Not a valid URL", code="url_invalid", param=url)
    _check_mode(mode, params)
    _check_customer(mode, params)
    now = store.instant()
    expires_at: int = params.get("expires_at", now + DAY)
    # A minute of grace: clocks and networks take their time.
    if not now + HALF_AN_HOUR - 60 <= expires_at <= now + DAY + 60:
        raise wrong(
            "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from creation.",
            "expires_at",
        )
    return expires_at


def _check_mode(mode: str, params: Thing) -> None:
    if mode != "setup" and not params.get("line_items"):
        raise _required("line_items")
    if mode != "payment" and "payment_intent_data" in params:
        raise wrong("You can not pass `payment_intent_data` outside `payment` mode.", "payment_intent_data")
    if mode != "subscription" and "subscription_data" in params:
        raise wrong("You can not pass `subscription_data` outside `subscription` mode.", "subscription_data")
    if mode != "payment" and "invoice_creation" in params:
        raise wrong("You can only enable invoice creation when `mode` is set to `payment`.", "invoice_creation")
    if mode == "setup" and "submit_type" in params:
        raise wrong("`submit_type` can only be used in `payment` or `subscription` mode.", "submit_type")
    for number, item in enumerate(params.get("line_items", [])):
        recurs = bool((item.get("price_data") or {}).get("recurring"))
        if item.get("price"):
            recurs = store.get("price", item["price"], param=f"line_items[{number}][price]")["type"] == "recurring"
        if mode == "payment" and recurs:
            raise wrong("You must use `subscription` mode with recurring prices.", "mode")
        if mode == "subscription" and not recurs:
            raise wrong(
                "You must provide at least one recurring price in `subscription` mode.", f"line_items[{number}]"
            )


def _check_customer(mode: str, params: Thing) -> None:
    if params.get("customer") and params.get("customer_email"):
        raise wrong("You may only specify one of these parameters: customer, customer_email.", "customer")
    if "customer_creation" in params and (mode == "subscription" or params.get("customer")):
        raise wrong("`customer_creation` can only be used in `payment` and `setup` mode.", "customer_creation")
    if "customer_update" in params and not params.get("customer"):
        raise wrong("`customer_update` can only be used with `customer`.", "customer_update")


def _required(name: str) -> ApiError:
    return ApiError(f"Missing required param: {name}.", code="parameter_missing", param=name)
