"""Which function answers which request. Each resource registers its own addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from donations.stripe.fake.problems import ApiError
from donations.stripe.fake.store import Thing


@dataclass(frozen=True)
class ApiRequest:
    """A checked request: the parameters have their types, `id` is what the address names."""

    method: str
    path: str
    params: Thing
    id: str = ""
    idempotency_key: str | None = None
    request_id: str = ""


Handler = Callable[[ApiRequest], Thing]


@dataclass(frozen=True)
class Route:
    """An address, the shape of its parameters, and who answers."""

    method: str
    pattern: re.Pattern[str]
    shape: Any
    handler: Handler


ROUTES: list[Route] = []


def route(method: str, path: str, shape: Any) -> Callable[[Handler], Handler]:
    """Register a function for a method and a path such as `/v1/customers/{id}`."""

    def register(handler: Handler) -> Handler:
        pattern = re.compile(re.escape(path).replace(r"\{id\}", r"(?P<id>[^/]+)"))
        ROUTES.append(Route(method, pattern, shape, handler))
        return handler

    return register


def match(method: str, path: str) -> tuple[Route, str]:
    """Return the route of a request and the id in its path; raise ApiError for an address nobody answers."""
    for candidate in ROUTES:
        found = candidate.pattern.fullmatch(path)
        if found and candidate.method == method:
            return candidate, found.groupdict().get("id", "")
    raise ApiError(f"Unrecognized request URL ({method}: {path}).", status=404)
