"""Whom conditions find."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from constituents.models import Constituent
from constituents.segments.sets import All, AnyOf, Found, Not, found_by
from constituents.segments.tree import Condition, Group, Node, parse
from core import clock


def matching(criteria: Any) -> QuerySet[Constituent]:
    """Return the constituents the conditions find today, without those merged into another.

    One statement when it is evaluated, to be filtered, ordered and counted further. Raises CriteriaError.
    """
    return found_by(to_sets(parse(criteria), clock.today()))


def holds(criteria: Any, constituent: Constituent) -> bool:
    """Return whether the conditions find this constituent today; reads only its own rows. Raises CriteriaError."""
    return found_by(to_sets(parse(criteria), clock.today()), only=constituent.pk).exists()


def to_sets(node: Node, today: dt.date) -> Found:
    """Return conditions as sets."""
    if isinstance(node, Condition):
        return node.criterion.find(node.operator.key, node.value, node.where, today)
    return _group(node, today)


def _group(group: Group, today: dt.date) -> Found:
    parts = tuple(to_sets(node, today) for node in group.of)
    if group.match == "all":
        return All(parts)
    return AnyOf(parts) if group.match == "any" and parts else Not(AnyOf(parts)) if parts else All(())
