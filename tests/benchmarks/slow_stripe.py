"""Stripe on loopback, as slow as one likes: `python slow_stripe.py PORT SECONDS`.

It makes payment pages, and who asks for one again finds it paid by card. The SDK speaks to it over real sockets
(STRIPE_API_BASE), so that waiting is waiting and no process shares its time.
"""

from __future__ import annotations

import json
import sys
import time
import urllib.parse
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_asked_for: dict[str, dict[str, str]] = {}


def _page(number: str, *, is_paid: bool) -> dict[str, Any]:
    asked = _asked_for[number]
    back = urllib.parse.urlencode({"back": asked.get("success_url", "")})
    return {
        "id": f"cs_test_bench{number}",
        "object": "checkout.session",
        "url": f"https://checkout.stripe.com/c/pay/cs_test_bench{number}?{back}",
        "status": "complete" if is_paid else "open",
        "payment_status": "paid" if is_paid else "unpaid",
        "expires_at": int(time.time()) + 7_000,
        "payment_intent": _payment(number) if is_paid else None,
        "subscription": None,
        "customer": None,
        "metadata": _within(asked, "metadata"),
        "livemode": False,
        "mode": "payment",
    }


def _payment(number: str) -> dict[str, Any]:
    asked = _asked_for[number]
    price = _within(asked, "line_items[0][price_data]")
    amount, currency = int(price["unit_amount"]), price["currency"]
    fee = amount * 29 // 1000 + 30
    balance = {"id": f"txn_bench{number}", "object": "balance_transaction", "currency": currency, "amount": amount}
    card = {"type": "card", "card": {"brand": "visa", "last4": "4242", "wallet": None}}
    charge = {
        "id": f"ch_bench{number}",
        "object": "charge",
        "amount_refunded": 0,
        "disputed": False,
        "created": int(time.time()),
        "payment_method_details": card,
        "billing_details": {"name": "Ada Moreau", "email": "ada@example.org"},
        "balance_transaction": balance | {"fee": fee, "net": amount - fee},
    }
    return {
        "id": f"pi_bench{number}",
        "object": "payment_intent",
        "status": "succeeded",
        "amount": amount,
        "amount_received": amount,
        "currency": currency,
        "customer": None,
        "description": "",
        "livemode": False,
        "last_payment_error": None,
        "latest_charge": charge,
        "metadata": _within(asked, "payment_intent_data[metadata]"),
    }


def _within(asked: dict[str, str], name: str) -> dict[str, str]:
    return {key[len(name) + 1 : -1]: value for key, value in asked.items() if key.startswith(f"{name}[")}


class Handler(BaseHTTPRequestHandler):
    """Answers each request after the time it was told to take."""

    protocol_version = "HTTP/1.1"
    # Head and body are two packets: without this the second waits for the first to be acknowledged.
    disable_nagle_algorithm = True
    seconds = 0.3

    def do_POST(self) -> None:
        """Make a payment page."""
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        time.sleep(self.seconds)
        number = uuid.uuid4().hex
        _asked_for[number] = dict(urllib.parse.parse_qsl(sent))
        self._answer(_page(number, is_paid=False))

    def do_GET(self) -> None:
        """Say how a page or a payment stands: whoever comes back has paid."""
        time.sleep(self.seconds)
        address = urllib.parse.urlsplit(self.path)
        number = address.path.rpartition("bench")[2]
        if "/payment_intents/" in address.path:
            self._answer(_payment(number))
            return
        page = _page(number, is_paid=True)
        if "payment_intent" not in urllib.parse.unquote(address.query):
            page["payment_intent"] = page["payment_intent"]["id"]
        self._answer(page)

    def _answer(self, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Request-Id", f"req_bench{uuid.uuid4().hex}")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Takes as many at once as come."""

    daemon_threads = True
    request_queue_size = 512


if __name__ == "__main__":
    Handler.seconds = float(sys.argv[2])
    Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
