"""Running the same thing many times at once, each in a thread with a database connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

from django.db import connections


@dataclass(frozen=True)
class Outcome:
    """How one of the runners ended: with a value or with an error."""

    value: Any = None
    error: Exception | None = None


def run_together(times: int, func: Callable[[int], Any]) -> list[Outcome]:
    """Call `func(0)` ... `func(times - 1)` at the same moment and return their outcomes in that order.

    Needs `@pytest.mark.django_db(transaction=True)`: other connections do not see what a test has not committed.
    """
    start = Barrier(times)

    def runner(number: int) -> Outcome:
        try:
            start.wait(timeout=30)
            return Outcome(value=func(number))
        except Exception as error:
            return Outcome(error=error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=times) as pool:
        return list(pool.map(runner, range(times)))
