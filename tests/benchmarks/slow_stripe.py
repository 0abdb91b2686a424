"""Stripe on loopback, as slow as one likes: `python slow_stripe.py PORT SECONDS`. It makes payment pages, nothing else.

The SDK speaks to it over real sockets (STRIPE_API_BASE), so that waiting is waiting and no process shares its time.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_numbers = itertools.count(1)


class Handler(BaseHTTPRequestHandler):
    """Answers each request after the time it was told to take."""

    protocol_version = "HTTP/1.1"
    seconds = 0.3

    def do_POST(self) -> None:
        """Make a payment page."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        time.sleep(self.seconds)
        number = next(_numbers)
        page = {
            "id": f"cs_test_bench{number:08d}",
            "object": "checkout.session",
            "url": f"https://checkout.stripe.com/c/pay/cs_test_bench{number:08d}",
            "status": "open",
            "payment_status": "unpaid",
            "expires_at": int(time.time()) + 86_000,
            "payment_intent": None,
            "subscription": None,
            "customer": None,
            "metadata": {},
            "livemode": False,
            "mode": "payment",
        }
        body = json.dumps(page).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Request-Id", f"req_bench{number}")
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
