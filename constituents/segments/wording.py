"""Conditions as a sentence: "People who are tagged Press and gave 100.00 or more in fiscal year 2026"."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from constituents.segments.shapes import either
from constituents.segments.tree import Condition, Group, Node, parse


def sentence(criteria: Any, *, one_per_household: bool = False) -> str:
    """Return the conditions in words. Raises CriteriaError."""
    words = sentence_of(parse(criteria))
    return _("%(sentence)s; one per household") % {"sentence": words} if one_per_household else words


def sentence_of(group: Group) -> str:
    """Return parsed conditions in words."""
    subject, rest = _("People and organisations"), group
    if group.match == "all":
        for node in group.of:
            # "Kind is person" reads best as what the sentence is about.
            if isinstance(node, Condition) and node.criterion.key == "kind" and node.operator.key == "any_of":
                subject = node.operator.shape.words(node.value)
                rest = Group("all", tuple(other for other in group.of if other is not node))
                break
    if not rest.of:
        return subject
    return _("%(people)s who %(conditions)s") % {"people": subject, "conditions": _words(rest, outermost=True)}


def _words(node: Node, *, outermost: bool = False) -> str:
    if isinstance(node, Condition):
        return says(node)
    parts = [_words(part) for part in node.of]
    if node.match == "none":
        return _("are not among those who %(conditions)s") % {"conditions": either(parts)}
    words = either(parts) if node.match == "any" else _and(parts)
    if outermost or len(parts) == 1:
        return words
    return (_("either %(conditions)s") if node.match == "any" else _("both %(conditions)s")) % {"conditions": words}


def says(condition: Condition) -> str:
    """Return one condition in words, to go on after "people who"."""
    narrowed = "".join(
        str(narrowing.says) % {"value": narrowing.shape.words(condition.where[narrowing.key])}
        for narrowing in condition.criterion.narrowings
        if narrowing.key in condition.where
    )
    return str(condition.operator.says) % {
        "value": condition.operator.shape.words(condition.value),
        "where": narrowed,
        "label": condition.criterion.label,
    }


def _and(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return _("%(conditions)s and %(last)s") % {"conditions": ", ".join(parts[:-1]), "last": parts[-1]}
