"""What we ask of Stripe when somebody wants to pay: pure functions from rows to parameters of the API."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from core.organisation import current_organisation
from donations.models import Checkout, CheckoutMode, RecurringGift, StripeCustomer
from donations.promises.schedule import Unit
from donations.stripe.minor import to_minor

#: How long a payment page can be used. Stripe takes half an hour to a day.
PAGE_LASTS = dt.timedelta(hours=2)
#: Stripe takes no page that ends sooner than half an hour from now: until then an attempt may be asked for again.
ASKED_AGAIN_WITHIN = PAGE_LASTS - dt.timedelta(minutes=32)

#: Languages of Stripe's page, by ours.
_LOCALES = {"en": "en", "fr": "fr", "de": "de"}
_INTERVALS = {Unit.WEEK: ("week", 1), Unit.MONTH: ("month", 1), Unit.QUARTER: ("month", 3), Unit.YEAR: ("year", 1)}


def session_request(
    checkout: Checkout, *, now: dt.datetime, return_url: str, cancel_url: str, is_signed_in: bool
) -> dict[str, Any]:
    """Return what a payment page for the checkout is asked for with.

    Somebody who is signed in is known to Stripe as the customer they are; anybody else could have typed their address.
    """
    language = str(checkout.facts.get("language") or translation.get_language() or "en")
    with translation.override(language):
        line, description = _line(checkout), _description(checkout)
    request: dict[str, Any] = {
        "mode": checkout.mode,
        "line_items": [line],
        "client_reference_id": str(checkout.uuid),
        "metadata": metadata_of(checkout),
        "success_url": return_url,
        "cancel_url": cancel_url,
        "expires_at": int((now + PAGE_LASTS).timestamp()),
        "locale": _LOCALES.get(language[:2], "auto"),
        # What we ask for is what is paid, in the currency we ask for.
        "adaptive_pricing": {"enabled": False},
    }
    what = {"description": description, "metadata": metadata_of(checkout)}
    if checkout.mode == CheckoutMode.PAYMENT:
        request |= {"submit_type": "donate", "payment_intent_data": what}
    else:
        request |= {"subscription_data": what}
    return request | _payer(checkout, is_signed_in)


def metadata_of(checkout: Checkout) -> dict[str, str]:
    """Return what Stripe keeps for us on session, payment and subscription: which rows they belong to."""
    ids = {"checkout": str(checkout.uuid), "attempt": str(checkout.attempt)}
    if checkout.gift is not None:
        return ids | {"gift": str(checkout.gift.uuid)}
    return ids | {"recurring": str(checkout.subject.uuid)}


def price_of(recurring: RecurringGift) -> dict[str, Any]:
    """Return the price of a recurring gift, without what it is the price of."""
    interval, count = _INTERVALS[Unit(recurring.unit)]
    return {
        "currency": recurring.currency.lower(),
        "unit_amount": to_minor(recurring.money),
        "recurring": {"interval": interval, "interval_count": count * recurring.every},
    }


def _line(checkout: Checkout) -> dict[str, Any]:
    name = {"name": _("Gift to %(organisation)s") % {"organisation": current_organisation().name}}
    if checkout.recurring is not None:
        return {"quantity": 1, "price_data": {**price_of(checkout.recurring), "product_data": name}}
    amount = {"currency": checkout.money.currency.lower(), "unit_amount": to_minor(checkout.money)}
    return {"quantity": 1, "price_data": {**amount, "product_data": name}}


def _description(checkout: Checkout) -> str:
    words = {"organisation": current_organisation().name, "fund": checkout.subject.fund_names}
    return (_("Gift to %(organisation)s: %(fund)s") % words)[:200]


def _payer(checkout: Checkout, is_signed_in: bool) -> dict[str, str]:
    customers = StripeCustomer.objects.filter(constituent=checkout.donor_id, livemode=checkout.livemode)
    if is_signed_in and (customer := customers.order_by("-pk").first()) is not None:
        return {"customer": customer.customer_id}
    return {"customer_email": checkout.email} if checkout.email else {}
