"""The refusals of Stripe's API, with the fields its error bodies have."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """An error answer: `status` and `body` are what goes over the wire.

    `kept` says whether an idempotency key remembers it: what fails before anything was done is not remembered.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        kept: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kept = kept
        error = {"type": kind, "message": message, "code": code, "param": param, **more}
        self.body = {"error": {key: value for key, value in error.items() if value is not None}}


def missing(kind: str, stripe_id: str, *, param: str = "id") -> ApiError:
    """Answer for an id nobody has."""
    words = kind.rpartition(".")[2].replace("_", " ")
    # A path id that does not exist is 404, one among the parameters 400.
    status = 404 if param == "id" else 400
    return ApiError(f"No such {words}: '{stripe_id}'", status=status, code="resource_missing", param=param)


def wrong(message: str, param: str | None = None, code: str | None = None) -> ApiError:
    """Answer for a parameter that cannot be, or that the object's state forbids."""
    return ApiError(message, param=param, code=code)
