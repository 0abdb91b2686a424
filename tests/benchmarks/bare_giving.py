"""The least a program can do that takes gifts with Stripe: one row, one question, one redirect; a webhook stores a row.

Served by the same gunicorn with the same workers and threads as Steward, in the same run. Whoever comes back is looked
up at Stripe, and the row is filled in.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import sqlite3
import urllib.parse
from collections.abc import Callable, Iterable
from typing import Any

_STRIPE, _FILE = os.environ["STRIPE_API_BASE"].removeprefix("http://"), os.environ["BARE_DATABASE"]


def _write(body: bytes) -> None:
    with sqlite3.connect(_FILE, timeout=20) as database:
        database.execute("PRAGMA synchronous=NORMAL")
        database.execute("INSERT INTO row (body) VALUES (?)", (body,))


def _ask(method: str, path: str, body: bytes | None = None) -> dict[str, Any]:
    connection = http.client.HTTPConnection(_STRIPE, timeout=8)
    connection.request(method, path, body, {"Content-Type": "application/x-www-form-urlencoded"})
    answer: dict[str, Any] = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Take a gift, a signed event, or show a page."""
    if environ["REQUEST_METHOD"] == "GET":
        if environ["PATH_INFO"].startswith("/thanks/"):
            page = _ask("GET", f"/v1/checkout/sessions/{environ['PATH_INFO'].removeprefix('/thanks/')}")
            _write(page["id"].encode())
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"Give"]
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    if environ["PATH_INFO"] == "/stripe/webhook/":
        hmac.new(b"whsec", body, hashlib.sha256).hexdigest()
        _write(body)
        start_response("200 OK", [])
        return []
    _write(body)
    price = {"unit_amount": "2500", "currency": "usd"}
    asked = {f"line_items[0][price_data][{name}]": value for name, value in price.items()}
    page = _ask("POST", "/v1/checkout/sessions", urllib.parse.urlencode(asked).encode())
    back = urllib.parse.urlencode({"back": f"http://bare.example.org/thanks/{page['id']}"})
    start_response("303 See Other", [("Location", f"{page['url'].partition('?')[0]}?{back}")])
    return []
