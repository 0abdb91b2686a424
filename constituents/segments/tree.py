"""JSON to typed conditions. What is unknown, unfinished or no longer there is an error at its place, never left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from django.utils.translation import gettext as _

from constituents.errors import CriteriaError
from constituents.segments.criteria import Criterion, Operator
from constituents.segments.registry import all_criteria
from constituents.segments.shapes import BadValueError

Match = Literal["all", "any", "none"]
MATCHES = ("all", "any", "none")
#: Deeper or longer than anybody reads.
MOST_LEVELS, MOST_CONDITIONS = 4, 60
EVERYONE: dict[str, Any] = {"match": "all", "of": []}


@dataclass(frozen=True)
class Condition:
    """A criterion, compared."""

    criterion: Criterion
    operator: Operator
    value: Any
    where: Mapping[str, Any]


@dataclass(frozen=True)
class Group:
    """Conditions of which all, any or none must hold. Only the outermost may be empty: everyone."""

    match: Match
    of: tuple[Node, ...]

    def conditions(self) -> Iterator[Condition]:
        """Return the conditions in here, however deep."""
        for node in self.of:
            if isinstance(node, Group):
                yield from node.conditions()
            else:
                yield node


Node = Condition | Group


def parse(criteria: Any, *, known: Mapping[str, Criterion] | None = None) -> Group:
    """Return the conditions, typed. Raises CriteriaError with every fault at its place.

    `known` are the criteria that may be used: all of them, or those one user may ask by.
    """
    faults: dict[str, str] = {}
    node = _node(criteria, "", all_criteria() if known is None else known, faults)
    if isinstance(node, Group) and not faults and sum(1 for _condition in node.conditions()) > MOST_CONDITIONS:
        faults[""] = _("More than %(most)s conditions are more than anybody can check.") % {"most": MOST_CONDITIONS}
    if not isinstance(node, Group):
        faults.setdefault("", _("These are no conditions."))
    if faults:
        raise CriteriaError(faults)
    return cast("Group", node)


def _node(raw: Any, path: str, known: Mapping[str, Criterion], faults: dict[str, str]) -> Node | None:
    if not isinstance(raw, Mapping):
        faults[path] = _("This is no condition.")
        return None
    return _condition(raw, path, known, faults) if "criterion" in raw else _group(raw, path, known, faults)


def _group(raw: Mapping[str, Any], path: str, known: Mapping[str, Criterion], faults: dict[str, str]) -> Group | None:
    match, of = raw.get("match"), raw.get("of")
    if match not in MATCHES or not isinstance(of, list):
        faults[path] = _("Say whether all, any or none of these must hold.")
        return None
    if not of and path:
        faults[path] = _("Add a condition to this group, or remove the group.")
        return None
    if path.count("-") >= MOST_LEVELS - 1:
        faults[path] = _("Groups within groups within groups are more than anybody can read.")
        return None
    nodes = [_node(part, f"{path}-{number}" if path else str(number), known, faults) for number, part in enumerate(of)]
    return Group(cast("Match", match), tuple(node for node in nodes if node is not None))


def _condition(
    raw: Mapping[str, Any], path: str, known: Mapping[str, Criterion], faults: dict[str, str]
) -> Condition | None:
    key = raw["criterion"]
    criterion = known.get(key) if isinstance(key, str) else None
    if key == "":
        faults[path] = _("Choose what to look at, or remove this condition.")
        return None
    if criterion is None:
        faults[path] = _("“%(name)s” is nothing people can be found by here, or not by you.") % {"name": key}
        return None
    operator = criterion.operators.get(str(raw.get("operator")))
    if operator is None:
        faults[path] = _("“%(criterion)s” cannot be compared by “%(operator)s”.") % {
            "criterion": criterion.label,
            "operator": raw.get("operator"),
        }
        return None
    try:
        value = operator.shape.parse(raw.get("value"))
        where = _where(criterion, raw.get("where") or {})
    except BadValueError as fault:
        faults[path] = str(fault)
        return None
    return Condition(criterion, operator, value, where)


def _where(criterion: Criterion, raw: Any) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        raise BadValueError(_("This is no condition."))
    known = {narrowing.key: narrowing for narrowing in criterion.narrowings}
    if strange := set(raw) - set(known):
        raise BadValueError(_("It cannot be narrowed by “%(name)s”.") % {"name": sorted(strange)[0]})
    return {key: narrowing.shape.parse(raw[key]) for key, narrowing in known.items() if key in raw}
