"""Where a form of giving may lead: browsers hold the redirect after a form to `form-action` too."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponseBase

from donations.stripe.mode import Mode, current, own_domain

CHECKOUT = "https://checkout.stripe.com"


def checkout_origins() -> list[str]:
    """Return whose page the donor pays on; none beyond our own where nothing is paid, or only played."""
    if current() not in (Mode.TEST, Mode.LIVE):
        return []
    base = urlsplit(settings.STRIPE_API_BASE) if settings.STRIPE_API_BASE else None
    return [CHECKOUT, *own_domain(), *([f"{base.scheme}://{base.netloc}"] if base else [])]


def allow_checkout(response: HttpResponseBase) -> None:
    """Let the forms of this response lead to the payment page."""
    response._csp_update = {**getattr(response, "_csp_update", {}), "form-action": checkout_origins()}  # type: ignore[attr-defined]
