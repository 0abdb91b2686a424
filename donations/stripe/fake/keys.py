"""Idempotency keys: the same request again gets the same answer, another request with the key is refused."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from core.clock import now
from donations.models.demo_stripe import FakeKey
from donations.stripe.fake.problems import ApiError

# Stripe forgets keys after a day at the earliest, and a later request with one is a new request.
REMEMBERED = dt.timedelta(hours=24)
LONGEST = 255


def fingerprint(method: str, path: str, params: Any) -> str:
    """Return what tells one request from another."""
    text = json.dumps([method, path, params], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def answer_of(key: str, print_: str) -> FakeKey | None:
    """Return what was answered to this key; raise ApiError when it came with another request."""
    if len(key) > LONGEST:
        raise ApiError(f"Idempotency keys can be up to {LONGEST} characters.", kind="idempotency_error")
    row = FakeKey.objects.filter(key=key, created_at__gt=now() - REMEMBERED).first()
    if row is not None and row.fingerprint != print_:
        raise ApiError(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request.",
            kind="idempotency_error",
        )
    return row


def remember(key: str, print_: str, status: int, body: dict[str, Any]) -> None:
    """Keep an answer for its key."""
    FakeKey.objects.update_or_create(
        key=key, defaults={"fingerprint": print_, "status": status, "body": body, "created_at": now()}
    )
