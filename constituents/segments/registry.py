"""What people are known by: filled by every app in its AppConfig.ready()."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from constituents.segments.criteria import Criterion

Provider = Callable[[], Iterable[Criterion]]

_criteria: dict[str, Criterion] = {}
_providers: dict[str, Provider] = {}


def register_criterion(*criteria: Criterion) -> None:
    """Let people be found by these, in this order under their headings."""
    for criterion in criteria:
        if criterion.key in _criteria:
            raise ImproperlyConfigured(f"Two criteria have the key {criterion.key!r}.")
        _criteria[criterion.key] = criterion


def register_criteria(name: str, provider: Provider) -> None:
    """Let people be found by what staff define as they go, such as custom fields; asked for each time."""
    _providers[name] = provider


def all_criteria() -> Mapping[str, Criterion]:
    """Return every criterion there is now, by key."""
    made = {criterion.key: criterion for provider in _providers.values() for criterion in provider()}
    return {**_criteria, **made}


def criteria_for(user: Any) -> Mapping[str, Criterion]:
    """Return the criteria a user may ask by: whom a condition finds tells what it asks for."""
    missing = lacking(user)
    return {
        key: criterion.for_user(user, missing)
        for key, criterion in all_criteria().items()
        if criterion.permission not in missing
    }


def lacking(user: Any) -> set[str]:
    """Return the permissions criteria ask for that the user does not have."""
    asked = {criterion.permission for criterion in all_criteria().values()} - {""}
    return {permission for permission in asked if not user.has_perm(permission)}
