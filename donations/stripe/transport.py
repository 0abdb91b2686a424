"""The connection to Stripe that each thread keeps: greeting a server anew takes as long as its answer."""

from __future__ import annotations

import threading
import time

import requests
import stripe

# Seconds. What rested longer may have been dropped on the way without a word, and would be waited for in vain.
RESTS = 30


class _Kept(threading.local):
    session: requests.Session | None = None
    used_at = 0.0


_kept = _Kept()


def over_the_network(seconds: float) -> stripe.HTTPClient:
    """Return the SDK's own client, whose answers may take so long, on the connection of this thread."""
    now = time.monotonic()
    if _kept.session is not None and now - _kept.used_at > RESTS:
        _kept.session.close()
        _kept.session = None
    _kept.session = _kept.session or requests.Session()
    _kept.used_at = now
    return stripe.RequestsClient(timeout=seconds, session=_kept.session)
