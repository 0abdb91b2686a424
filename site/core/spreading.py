"""Work spread over the processors: pieces go out to helper processes and come back in order, a few under way at a time.

    for step, drawn in spread(draw_all, steps, of=lambda step: step.snapshots, helpers=processors()):
        ...

Only what `of` takes from a piece travels to the helper, and only what the work returns travels back; both must pickle.
`steps` may be a generator: it is asked for the next piece when a helper is about to be free, so memory stays bounded.
A helper is a fresh interpreter (a fork would carry open database connections along): `prepare(*told)` is called in it
once. It ends with the work, and at once when the process it helps is killed.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import connection
from typing import Any, TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def batched(items: Iterable[Piece], count: int) -> Iterator[list[Piece]]:
    """Yield lists of at most so many items."""
    waiting = iter(items)
    while some := list(itertools.islice(waiting, count)):
        yield some


def spread(
    work: Callable[[Any], Result],
    pieces: Iterable[Piece],
    *,
    helpers: int,
    of: Callable[[Piece], Any] = lambda piece: piece,
    prepare: Callable[..., None] | None = None,
    told: tuple[Any, ...] = (),
) -> Generator[tuple[Piece, Result], None, None]:
    """Yield each piece with what the work made of it, in the order of the pieces; raises what the work raised."""
    pool = ProcessPoolExecutor(
        helpers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(prepare, told),
    )
    under_way: deque[tuple[Piece, Future[Result]]] = deque()
    try:
        for piece in pieces:
            under_way.append((piece, pool.submit(work, of(piece))))
            if len(under_way) > helpers + 1:
                yield _next(under_way)
        while under_way:
            yield _next(under_way)
    finally:
        pool.shutdown(cancel_futures=True)


def _next(under_way: deque[tuple[Piece, Future[Result]]]) -> tuple[Piece, Result]:
    piece, future = under_way.popleft()
    return piece, future.result()


def _begin(prepare: Callable[..., None] | None, told: tuple[Any, ...]) -> None:
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    if prepare is not None:
        prepare(*told)


def _end_with_the_parent() -> None:
    """Leave when the parent is gone: a helper whose parent was killed would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
