"""The least a program can do that takes gifts with Stripe: one row, one question, one redirect; a webhook stores a row.

Served by the same gunicorn with the same workers and threads as Steward, in the same run.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

_STRIPE, _FILE = os.environ["STRIPE_API_BASE"].removeprefix("http://"), os.environ["BARE_DATABASE"]


def _write(body: bytes) -> None:
    with sqlite3.connect(_FILE, timeout=20) as database:
        database.execute("PRAGMA synchronous=NORMAL")
        database.execute("INSERT INTO row (body) VALUES (?)", (body,))


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Take a gift, a signed event, or show a page."""
    if environ["REQUEST_METHOD"] == "GET":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"Give"]
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    if environ["PATH_INFO"] == "/stripe/webhook/":
        hmac.new(b"whsec", body, hashlib.sha256).hexdigest()
        _write(body)
        start_response("200 OK", [])
        return []
    _write(body)
    connection = http.client.HTTPConnection(_STRIPE, timeout=8)
    connection.request("POST", "/v1/checkout/sessions", b"mode=payment", {"Content-Type": "text/plain"})
    page = json.loads(connection.getresponse().read())
    connection.close()
    start_response("303 See Other", [("Location", page["url"])])
    return []
