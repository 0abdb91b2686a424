"""The way to Stripe: how long we wait, how many may wait at once, and what its errors mean.

    with gateway.answering():
        intent = gateway.for_jobs().v1.payment_intents.retrieve(intent_id)

No request is made inside a database transaction: a slow answer would hold its locks. Whoever asks for something to
happen passes an idempotency key that stands in a row, `{"idempotency_key": checkout.key}`; asked twice it happens once.
A request without one is not sent.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import stripe
from django.conf import settings
from django.db import connection
from stripe import StripeClient

from donations.errors import (
    OnlineGivingError,
    StripeBrokenError,
    StripeBusyError,
    StripeInHandError,
    StripeMissingError,
    StripeRefusedError,
    StripeUnavailableError,
)
from donations.stripe import mode, transport
from donations.stripe.mode import Mode

logger = logging.getLogger("donations.stripe")

# Seconds: of a donor for all that is asked together, of a job for each answer. Stripe answers in well under one.
FOR_A_DONOR, FOR_A_JOB = 8, 15
_ACTING = ("POST", "DELETE")
# It may go well in a while, or has happened and we did not hear of it.
_TEMPORARY = (stripe.APIConnectionError, stripe.APIError, stripe.RateLimitError)

#: Makes the SDK's HTTP client of a time limit in seconds.
Transport = Callable[[float], stripe.HTTPClient]

_seats = threading.BoundedSemaphore(settings.STRIPE_WAITING_AT_ONCE)
_played: list[Transport] = []


def play_with(make: Transport) -> None:
    """Say what plays Stripe in the demo: something that makes the SDK's HTTP client of a time limit in seconds."""
    _played[:] = [make]


def for_donor() -> StripeClient:
    """Return a client for what a donor waits for: 8 seconds for all that is asked, no second try, few at once.

    Raises OnlineGivingOffError without a key, WrongModeError when the key does not fit the money on record.
    """
    return _client(_Donor().waits)


def for_jobs() -> StripeClient:
    """Return a client for work beside the web: 15 seconds; whoever called tries again later."""
    return _client(lambda: nullcontext(FOR_A_JOB))


def _client(waiting: Callable[[], AbstractContextManager[float]]) -> StripeClient:
    key = mode.secret_key()
    mode.check_instance()
    over = _played[0] if mode.current() is Mode.DEMO else transport.over_the_network
    addresses = {"api": settings.STRIPE_API_BASE} if settings.STRIPE_API_BASE else None
    return StripeClient(
        key,
        http_client=_Guarded(over, waiting),
        base_addresses=addresses,  # type: ignore[arg-type]  # all keys are optional, the SDK's type says otherwise
        max_network_retries=0,
    )


class _Guarded(stripe.HTTPClient):
    """Passes requests on to a transport: none from inside a transaction, none that acts without a key of ours.

    Each has the time that whoever waits has left.
    """

    name = "guarded"

    def __init__(self, transport: Transport, waiting: Callable[[], AbstractContextManager[float]]) -> None:
        super().__init__()
        self._transport = transport
        self._waiting = waiting

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        """Send a request, and return what the transport does."""
        refuse_in_transaction()
        if method.upper() in _ACTING:
            _refuse_without_key(headers)
        with self._waiting() as seconds:
            return self._transport(seconds).request(method, url, headers, post_data)

    def close(self) -> None:
        """Leave the connection open: it is its thread's, and serves the next request."""


class _Donor:
    """Somebody who waits, no longer in all than a donor does, and only while a seat is free."""

    _began_at: float | None = None

    @contextmanager
    def waits(self) -> Iterator[float]:
        """Yield how many seconds are left. Raises StripeBusyError without a seat, StripeUnavailableError in the end."""
        now = time.monotonic()
        self._began_at = self._began_at or now
        left = FOR_A_DONOR - (now - self._began_at)
        if left <= 0:
            logger.warning("Stripe is slow: a donor is not made to wait for one more answer.")
            raise StripeUnavailableError
        if not _seats.acquire(blocking=False):
            raise StripeBusyError
        try:
            yield left
        finally:
            _seats.release()


def refuse_in_transaction() -> None:
    """Raise RuntimeError inside a database transaction; the one that Django's own tests wrap around is none."""
    if any(not block._from_testcase for block in connection.atomic_blocks):  # type: ignore[attr-defined]
        raise RuntimeError("Stripe is never asked inside a database transaction.")


def _refuse_without_key(headers: Mapping[str, str] | None) -> None:
    """Raise RuntimeError for a request that acts and has no key of ours: the SDK makes one up, another for each try."""
    key = (headers or {}).get("Idempotency-Key", "")
    try:
        uuid.UUID(key)
    except ValueError:
        if key:
            return
    raise RuntimeError("What acts at Stripe is asked for with an idempotency key that stands in a row.")


@contextmanager
def answering() -> Iterator[None]:
    """Turn the SDK's errors into ours, in words for donor and staff. Stripe's own go to the log."""
    try:
        yield
    except stripe.StripeError as error:
        raise _ours(error) from error


def _ours(error: stripe.StripeError) -> OnlineGivingError:
    detail, code = error.user_message or type(error).__name__, error.code or ""
    if error.http_status == 409:
        return StripeInHandError()
    if error.http_status == 404 or code == "resource_missing":
        return StripeMissingError(detail, code=code)
    if isinstance(error, _TEMPORARY):
        logger.warning("Stripe did not answer: %s", _described(error))
        return StripeBrokenError() if (error.http_status or 0) >= 500 else StripeUnavailableError()
    if isinstance(error, stripe.CardError):
        logger.info("A card was declined: %s", _described(error))
        return StripeRefusedError(detail, code=_banks_code(error) or code, is_decline=True)
    logger.error("Stripe refused a request: %s", _described(error))
    return StripeRefusedError(detail, code=code)


def _banks_code(error: stripe.CardError) -> str:
    """Return what the bank said, in Stripe's word for it."""
    body = error.json_body if isinstance(error.json_body, dict) else {}
    return str((body.get("error") or {}).get("decline_code") or "")


def _described(error: stripe.StripeError) -> str:
    return f"{type(error).__name__} {error.http_status or ''} {error.code or ''} request {error.request_id or '-'}"
