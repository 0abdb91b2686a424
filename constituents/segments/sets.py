"""The algebra of what is found, and its one statement.

A condition is `Columns` (a filter on the record itself) or `Keys` (rows elsewhere that lead to constituents); groups
are `All`, `AnyOf` and `Not`. On PostgreSQL keys meet in INTERSECT, UNION and EXCEPT: each set is made once and they are
combined by hashing or sorting, whatever the planner thinks of their size. `IN (...) OR IN (...)` and `NOT IN (...)`,
which say the same, would there be read again for every row as soon as a set outgrows `work_mem`. SQLite makes each
`IN (...)` once in any case, and cannot read compounds within compounds within compounds: it gets those.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from constituents.models import Constituent


@dataclass(frozen=True)
class Columns:
    """A filter on the constituent's own columns."""

    q: Q


@dataclass(frozen=True)
class Keys:
    """Rows of any table whose `column` is the key of a constituent; it must never be empty."""

    rows: QuerySet[Any]
    column: str


@dataclass(frozen=True)
class All:
    """Whoever all of these find."""

    of: tuple[Found, ...]


@dataclass(frozen=True)
class AnyOf:
    """Whoever one of these finds."""

    of: tuple[Found, ...]


@dataclass(frozen=True)
class Not:
    """Whoever this does not find."""

    of: Found


Found = Columns | Keys | All | AnyOf | Not


def found_by(found: Found, *, only: int | None = None) -> QuerySet[Constituent]:
    """Return the constituents, without those merged into another; with `only`, that one if it is among them."""
    everyone = _everyone(only)
    if not connection.features.supports_parentheses_in_compound:
        return everyone.filter(_as_filter(found, only))
    side = _render(found, only)
    if side.q is not None:
        return everyone.filter(side.q)
    return everyone.filter(pk__in=_inside(side, only))


def _as_filter(found: Found, only: int | None) -> Q:
    match found:
        case Columns(q):
            return q
        case Keys():
            return Q(pk__in=_rows(found, only))
        case Not(of):
            return ~_as_filter(of, only)
        case All(of):
            return reduce(operator.and_, (_as_filter(part, only) for part in of), Q())
        case AnyOf(of):
            return reduce(operator.or_, (_as_filter(part, only) for part in of))
    raise TypeError(found)


def _rows(keys: Keys, only: int | None) -> QuerySet[Any]:
    rows = keys.rows if only is None else keys.rows.filter(**{keys.column: only})
    return rows.order_by().values_list(keys.column)


@dataclass(frozen=True)
class _Side:
    """Rendered: a filter on columns, or a set of keys, or (`outside`) everyone but a set of keys."""

    q: Q | None = None
    keys: QuerySet[Any] | None = None
    outside: bool = False


def _everyone(only: int | None) -> QuerySet[Constituent]:
    everyone = Constituent.objects.current()
    return everyone if only is None else everyone.filter(pk=only)


def _render(found: Found, only: int | None) -> _Side:
    match found:
        case Columns(q):
            return _Side(q=q)
        case Keys():
            return _Side(keys=_rows(found, only))
        case Not(of):
            return _inverted(_render(of, only))
        case All(of):
            return _all([_render(part, only) for part in of], only)
        case AnyOf(of):
            # Any of them is not none of them.
            return _inverted(_all([_inverted(_render(part, only)) for part in of], only))
    raise TypeError(found)


def _inverted(side: _Side) -> _Side:
    return _Side(q=~side.q) if side.q is not None else _Side(keys=side.keys, outside=not side.outside)


def _all(sides: list[_Side], only: int | None) -> _Side:
    columns = [side.q for side in sides if side.q is not None]
    inside = [side.keys for side in sides if side.keys is not None and not side.outside]
    outside = [side.keys for side in sides if side.keys is not None and side.outside]
    if not inside and not outside:
        return _Side(q=reduce(operator.and_, columns, Q()))
    if not inside and not columns:
        return _Side(keys=_union(outside), outside=True)
    if not inside and outside:
        # Columns are the cheaper side to turn around: neither in a set nor on the wrong side of a column.
        wrong = _keys_of(_everyone(only).filter(~reduce(operator.and_, columns)))
        return _Side(keys=_union([wrong, *outside]), outside=True)
    if columns:
        inside.append(_keys_of(_everyone(only).filter(reduce(operator.and_, columns))))
    keys = inside[0].intersection(*inside[1:]) if len(inside) > 1 else inside[0]
    return _Side(keys=keys.difference(_union(outside)) if outside else keys)


def _inside(side: _Side, only: int | None) -> QuerySet[Any]:
    if side.keys is None:
        raise ValueError("A filter on columns is no set of keys.")
    return _keys_of(_everyone(only)).difference(side.keys) if side.outside else side.keys


def _union(sets: list[QuerySet[Any]]) -> QuerySet[Any]:
    return sets[0].union(*sets[1:], all=True) if len(sets) > 1 else sets[0]


def _keys_of(constituents: QuerySet[Constituent]) -> QuerySet[Any]:
    return constituents.order_by().values_list("pk")
