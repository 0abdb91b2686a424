"""Sessions of the billing portal: the demo shows the page on which a card is replaced."""

from __future__ import annotations

from urllib.parse import urlsplit

from stripe.params.billing_portal import SessionCreateParams

from donations.stripe.fake import store
from donations.stripe.fake.problems import wrong
from donations.stripe.fake.resources.customers import customer_of
from donations.stripe.fake.routing import ApiRequest, route
from donations.stripe.fake.store import Thing

CARD_PAGE = "/demo/card/{}/"


@route("POST", "/v1/billing_portal/sessions", SessionCreateParams)
def create(request: ApiRequest) -> Thing:
    """Open a page to replace the card on."""
    params = request.params
    customer = customer_of(params.get("customer", ""))
    flow = params.get("flow_data") or {}
    if flow and flow["type"] != "payment_method_update":
        raise wrong("The demo knows the flow `payment_method_update`.", "flow_data[type]")
    return_url = params.get("return_url")
    if not return_url:
        raise wrong("The demo needs to know where to return.", "return_url")
    stripe_id = store.new_id("billing_portal.session")
    parts = urlsplit(return_url)
    return store.add(
        "billing_portal.session",
        {
            "id": stripe_id,
            "configuration": "bpc_demo",
            "customer": customer["id"],
            "customer_account": None,
            "flow": _flow(flow, return_url) if flow else None,
            "livemode": False,
            "locale": params.get("locale"),
            "on_behalf_of": None,
            "return_url": return_url,
            "url": f"{parts.scheme}://{parts.netloc}{CARD_PAGE.format(stripe_id)}",
        },
    )


def _flow(given: Thing, return_url: str) -> Thing:
    after = given.get("after_completion") or {"type": "portal_homepage"}
    redirect = after.get("redirect") or None
    return {
        "after_completion": {
            "hosted_confirmation": after.get("hosted_confirmation") or None,
            "redirect": {"return_url": (redirect or {}).get("return_url", return_url)} if redirect else None,
            "type": after["type"],
        },
        "subscription_cancel": None,
        "subscription_update": None,
        "subscription_update_confirm": None,
        "type": given["type"],
    }
