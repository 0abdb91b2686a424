"""Delivers events as Stripe would: signed, to the real webhook view, in the order one likes.

In this process and without a socket: the request goes through the whole of Django's handler, middleware included.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils import timezone, translation

from donations.stripe import mode
from donations.stripe.fake.events import signed, since
from donations.stripe.fake.store import Thing

# Promised in docs/reference/addresses.md.
WEBHOOK_PATH = "/stripe/webhook/"


@dataclass(frozen=True)
class Delivery:
    """An event that was sent, and what the webhook answered."""

    event: str
    kind: str
    status: int


def events(mark: int = 0) -> list[Thing]:
    """Return what happened since a `cursor()`, oldest first."""
    return since(mark)


def deliver(happened: Iterable[Thing], *, order: str = "sent", secret: str = "", seed: int = 0) -> list[Delivery]:
    """Send events to the webhook: `order` is `sent`, `reversed` or `shuffled` (by `seed`).

    Call it after the transaction that caused them, as Stripe would.
    """
    queue = list(happened)
    if order == "reversed":
        queue.reverse()
    elif order == "shuffled":
        random.Random(seed).shuffle(queue)  # noqa: S311  an order, not a secret
    elif order != "sent":
        raise ValueError(order)
    handler = WSGIHandler()
    return [_send(handler, event, secret or mode.webhook_secret()) for event in queue]


def _send(handler: WSGIHandler, event: Thing, secret: str) -> Delivery:
    body, signature = signed(event, secret)
    payload = body.encode()
    base = urlsplit(settings.BASE_URL)
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": WEBHOOK_PATH,
            "SCRIPT_NAME": "",
            "QUERY_STRING": "",
            "SERVER_NAME": base.hostname or "127.0.0.1",
            "SERVER_PORT": str(base.port or (443 if base.scheme == "https" else 80)),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/json; charset=utf-8",
            "CONTENT_LENGTH": str(len(payload)),
            "HTTP_STRIPE_SIGNATURE": signature,
            "HTTP_USER_AGENT": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "wsgi.input": io.BytesIO(payload),
            "wsgi.url_scheme": base.scheme or "http",
        }
    )
    # The webhook answers in its own language and zone; whoever presses a button in the demo keeps theirs.
    with translation.override(translation.get_language()), timezone.override(timezone.get_current_timezone()):
        response = handler.get_response(request)
    return Delivery(event["id"], event["type"], response.status_code)
