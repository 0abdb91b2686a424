"""That a list asks the database the same number of questions however long it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.organisation import forget_organisation


def assert_constant_queries(
    make_more: Callable[[int], object], request: Callable[[], Any], *, at_most: int | None = None
) -> Any:
    """Fail when `request()` takes more queries over 9 rows than over 3; `make_more(n)` adds n rows.

    Returns the last answer.
    """
    make_more(3)
    request()  # warms what is cached once for all
    _, before = _count(request)
    make_more(6)
    response, after = _count(request)
    if len(after) > len(before):
        extra = Counter(_shape(query) for query in after) - Counter(_shape(query) for query in before)
        listed = "\n".join(f"{times} x {sql}" for sql, times in extra.most_common(8))
        raise AssertionError(f"{len(before)} queries over 3 rows, {len(after)} over 9. More often:\n{listed}")
    if at_most is not None and len(after) > at_most:
        listed = "\n".join(query["sql"] for query in after)
        raise AssertionError(f"{len(after)} queries, at most {at_most} wanted:\n{listed}")
    return response


def _count(request: Callable[[], Any]) -> tuple[Any, list[dict[str, str]]]:
    forget_organisation()
    with CaptureQueriesContext(connection) as queries:
        response = request()
        if hasattr(response, "streaming_content"):
            b"".join(response.streaming_content)
    status = getattr(response, "status_code", 200)
    if status != 200:
        raise AssertionError(f"The request answered {status}, so its queries say nothing.")
    return response, list(queries.captured_queries)


def _shape(query: dict[str, str]) -> str:
    return query["sql"].split(" WHERE ")[0][:300]
