"""The decorator that makes a function a job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from core.jobs.progress import Progress

_paths: dict[str, str] = {}


@dataclass(frozen=True)
class JobFunction:
    """A function that runs as a job; calling it runs it here and now."""

    func: Callable[..., Any]
    kind: str
    attempts: int

    @property
    def path(self) -> str:
        """Where a worker imports it from."""
        return f"{self.func.__module__}.{self.func.__qualname__}"

    def __call__(self, progress: Progress, **arguments: Any) -> Any:
        """Run the function in the caller's own process."""
        return self.func(progress, **arguments)


def job(*, kind: str, attempts: int = 3) -> Callable[[Callable[..., Any]], JobFunction]:
    """Make a function of a module a job; `kind` names it in lists, `attempts` is how often an error is tried again."""

    def decorate(func: Callable[..., Any]) -> JobFunction:
        function = JobFunction(func, kind, attempts)
        if _paths.setdefault(kind, function.path) != function.path:
            raise ImproperlyConfigured(f"Two jobs are of the kind {kind!r}: {_paths[kind]} and {function.path}.")
        return function

    return decorate


def function_at(path: str) -> JobFunction:
    """Return the job function at a path; raise ImportError when this version of Steward no longer has it."""
    function = import_string(path)
    if not isinstance(function, JobFunction):
        raise ImportError(f"{path} is no job.")
    return function
