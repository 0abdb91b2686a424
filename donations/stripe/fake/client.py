"""The HTTP client that answers the SDK itself instead of asking Stripe."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Mapping
from typing import Any, NoReturn

import stripe
from django.db import transaction

from donations.models.demo_stripe import FakeFault, FaultKind
from donations.stripe.fake import faults, keys, resources, store, wire
from donations.stripe.fake.checking import check_params
from donations.stripe.fake.events import current_request, public
from donations.stripe.fake.expanding import expand
from donations.stripe.fake.problems import ApiError
from donations.stripe.fake.routing import ApiRequest, match

__all__ = ["FakeStripe", "resources"]

Answer = tuple[dict[str, Any], int, dict[str, str]]


class FakeStripe(stripe.HTTPClient):
    """Stripe's API over rows of this database; `timeout` is in seconds, as of the client it stands for."""

    name = "fake"

    def __init__(self, timeout: float = 80) -> None:
        super().__init__()
        self.timeout = timeout

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        """Answer a request as Stripe would; raise APIConnectionError when a fault says there is no answer."""
        method, (path, query) = method.upper(), wire.split_url(url)
        fault = faults.next_fault(method, path)
        lost = fault is not None and self._fail_before(fault)
        if fault is not None and fault.kind == FaultKind.RATE_LIMIT:
            body, status, extra = faults.RATE_LIMIT.body, faults.RATE_LIMIT.status, {"stripe-should-retry": "true"}
        else:
            params = {**query, **wire.decode(post_data)} if method == "POST" else query
            body, status, extra = serve(method, path, params, dict(headers or {}), fails=_fails(fault))
        if lost:
            self._no_answer("Read timed out")
        return json.dumps(body), status, {"Request-Id": new_request_id(), **extra}

    def close(self) -> None:
        """Nothing is open."""

    def _fail_before(self, fault: FakeFault) -> bool:
        """Commit the fault; return whether the request is acted on but its answer lost."""
        if fault.kind == FaultKind.UNREACHABLE:
            self._no_answer("Failed to establish a new connection")
        if fault.kind == FaultKind.TIMEOUT:
            return True
        if fault.kind in (FaultKind.HANG, FaultKind.SLOW):
            _wait(min(fault.seconds, self.timeout))
            if fault.kind == FaultKind.HANG or fault.seconds >= self.timeout:
                self._no_answer("Read timed out")
        return False

    def _no_answer(self, why: str) -> NoReturn:
        raise stripe.APIConnectionError(
            f"Unexpected error communicating with Stripe. (Network error: {why})", should_retry=True
        )


def _fails(fault: FakeFault | None) -> FaultKind | None:
    """Return how the request fails in the middle, if it does: before or after it has acted."""
    kind = FaultKind(fault.kind) if fault is not None else None
    return kind if kind in (FaultKind.SERVER_ERROR, FaultKind.BROKEN) else None


def _wait(seconds: float) -> None:
    threading.Event().wait(seconds)


def new_request_id() -> str:
    """Return the id Stripe gives a request."""
    return "req_" + secrets.token_hex(7)


def serve(
    method: str, path: str, params: dict[str, Any], headers: dict[str, str], *, fails: FaultKind | None = None
) -> Answer:
    """Check a request and act on it; what is refused leaves nothing behind but its idempotency key."""
    try:
        _check_headers(method, headers)
        route, stripe_id = match(method, path)
        key = headers.get("Idempotency-Key") if method == "POST" else None
        typed = check_params(route.shape, params)
        request = ApiRequest(method, path, typed, stripe_id, key, new_request_id())
        paths = typed.pop("expand", [])
        token = current_request.set({"id": request.request_id, "idempotency_key": key})
        try:
            with transaction.atomic():
                return _once(request, route.handler, keys.fingerprint(method, path, params), paths, fails)
        finally:
            current_request.reset(token)
    except ApiError as problem:
        return problem.body, problem.status, {}


def _once(request: ApiRequest, handler: Any, print_: str, paths: list[str], fails: FaultKind | None) -> Answer:
    key = request.idempotency_key
    if request.method != "GET":
        store.lock()
    if key and (known := keys.answer_of(key, print_)):
        return known.body, known.status, {"Idempotent-Replayed": "true", "Idempotency-Key": key}
    try:
        if fails is FaultKind.SERVER_ERROR:
            raise faults.server_error()
        body, status = public(expand(handler(request), paths)), 200
        if fails is FaultKind.BROKEN:
            raise faults.server_error()
    except ApiError as problem:
        if not problem.kept:
            raise
        body, status = problem.body, problem.status
    if key:
        keys.remember(key, print_, status, body)
    return body, status, {}


def _check_headers(method: str, headers: dict[str, str]) -> None:
    authorization = headers.get("Authorization", "")
    if not authorization.startswith(("Bearer sk_test_", "Bearer rk_test_")):
        raise ApiError("Invalid API Key provided: the demo takes test keys only.", status=401)
    if headers.get("Stripe-Version") != stripe.api_version:
        raise ApiError(f"Invalid Stripe API version: the demo speaks {stripe.api_version}.")
    if method == "POST" and headers.get("Content-Type") != "application/x-www-form-urlencoded":
        raise ApiError("Invalid request: the content type must be application/x-www-form-urlencoded.")
    if not headers.get("User-Agent", "").startswith("Stripe/v1 PythonBindings/"):
        raise ApiError("Invalid request: the official SDK names itself.")
