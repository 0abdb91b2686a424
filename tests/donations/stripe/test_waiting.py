"""How long anybody waits for Stripe, and over which connection."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from donations.errors import StripeUnavailableError
from donations.models import Checkout, RecurringGift
from donations.models.demo_stripe import FaultKind
from donations.stripe import checkout as checkouts
from donations.stripe import gateway, transport
from donations.stripe.checkout import Settled
from donations.stripe.fake import faults
from tests.harness.billing import sign_up

__all__ = ["sign_up"]  # a fixture

pytestmark = pytest.mark.django_db


def test_a_donor_waits_no_longer_for_several_answers_than_for_one(
    online: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "FOR_A_DONOR", 0.3)
    client = gateway.for_donor()
    began = time.monotonic()
    with faults.committed(FaultKind.SLOW, seconds=0.2):
        client.v1.charges.list()
        with pytest.raises(StripeUnavailableError), gateway.answering():
            client.v1.charges.list()
        with pytest.raises(StripeUnavailableError):
            client.v1.charges.list()
    assert time.monotonic() - began < 1


def test_who_comes_back_from_setting_up_a_monthly_gift_waits_as_any_donor_does(
    sign_up: Callable[..., RecurringGift], monkeypatch: pytest.MonkeyPatch
) -> None:
    recurring = sign_up()
    monkeypatch.setattr(gateway, "FOR_A_DONOR", 0.2)
    began = time.monotonic()
    with faults.committed(FaultKind.HANG, path="/v1/subscriptions", seconds=30):
        assert checkouts.settle(Checkout.objects.get(recurring=recurring)) is Settled.PROCESSING
    assert time.monotonic() - began < 5


def test_a_thread_keeps_its_connection_until_it_has_rested_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(address: str) -> int:
        return transport.over_the_network(5).request("GET", address, {}, None)[1]

    with counting_server() as (address, connections):
        assert [ask(address), ask(address)] == [200, 200]
        assert len(connections) == 1
        monkeypatch.setattr(transport, "RESTS", -1)
        ask(address)
        assert len(connections) == 2


@contextmanager
def counting_server() -> Iterator[tuple[str, set[object]]]:
    """Run a server that notes from where each connection came."""
    connections: set[object] = set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            connections.add(self.client_address)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", connections
    finally:
        server.shutdown()
        server.server_close()
