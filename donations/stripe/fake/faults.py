"""Failures on request: rows of FakeFault say what goes wrong next.

`commit(FaultKind.TIMEOUT, path="/v1/refunds")` lets the next refund be made and its answer be lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import F

from donations.models.demo_stripe import FakeFault, FaultKind
from donations.stripe.fake.problems import ApiError

RATE_LIMIT = ApiError("Too many requests hit the API too quickly.", status=429, code="rate_limit")


def commit(
    kind: FaultKind, *, method: str = "", path: str = "", seconds: float = 0, times: int | None = 1
) -> FakeFault:
    """Let the next `times` matching requests fail (None: all, until the row is deleted)."""
    return FakeFault.objects.create(kind=kind, method=method, path=path, seconds=seconds, times_left=times)


def server_error() -> ApiError:
    """Answer as Stripe does when it fails in the middle: the idempotency key remembers that as any other answer."""
    return ApiError("An unknown error occurred", status=500, kind="api_error", kept=True)


@contextmanager
def committed(kind: FaultKind, *, method: str = "", path: str = "", seconds: float = 0) -> Iterator[FakeFault]:
    """Let all matching requests fail for the length of a block."""
    fault = commit(kind, method=method, path=path, seconds=seconds, times=None)
    try:
        yield fault
    finally:
        fault.delete()


def next_fault(method: str, path: str) -> FakeFault | None:
    """Take the fault that is due for a request, if any; one that is used up goes away."""
    due = [fault for fault in FakeFault.objects.all() if fault.method in ("", method) and path.startswith(fault.path)]
    if not due:
        return None
    fault = due[0]
    if fault.times_left is not None:
        with transaction.atomic():
            FakeFault.objects.filter(pk=fault.pk).update(times_left=F("times_left") - 1)
            FakeFault.objects.filter(pk=fault.pk, times_left=0).delete()
    return fault
