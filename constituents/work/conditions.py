"""What a rule asks of an event: told in words, and tested."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from constituents.models import Constituent
from constituents.segments import holds as holds_criteria
from constituents.segments import matching, sentence
from constituents.work.kinds import Event, Fact, FactKind

# One condition, as a rule keeps it: {"fact": "amount", "test": "at_least", "value": "500"}.
Condition = Mapping[str, str]


class Test(TextChoices):
    """How a fact is compared with a value."""

    AT_LEAST = "at_least", gettext_lazy("at least")
    AT_MOST = "at_most", gettext_lazy("at most")
    IS = "is", gettext_lazy("is")
    IS_NOT = "is_not", gettext_lazy("is not")


TESTS = {
    FactKind.NUMBER: [Test.AT_LEAST, Test.AT_MOST, Test.IS],
    FactKind.CHOICE: [Test.IS, Test.IS_NOT],
    FactKind.YES_NO: [Test.IS],
}


def unmet(event: Event, conditions: Iterable[Condition], facts: Mapping[str, Any]) -> str:
    """Return the first condition the facts do not meet, in words; empty when all are met."""
    known = {fact.name: fact for fact in event.facts}
    for condition in conditions:
        fact = known.get(condition["fact"])
        if fact is None:
            return _("“%(fact)s” is no longer known of this event") % {"fact": condition["fact"]}
        if not holds(fact, condition, facts.get(fact.name)):
            return _("not so: %(condition)s") % {"condition": in_words(fact, condition)}
    return ""


def holds(fact: Fact, condition: Condition, known: Any) -> bool:
    """Return whether a fact meets its condition. What is not known meets none, but that it is not something."""
    test, value = Test(condition["test"]), condition["value"]
    match fact.kind:
        case FactKind.NUMBER:
            return _compare(test, known, value)
        case FactKind.YES_NO:
            return bool(known) == (value == "yes")
    values = {str(item) for item in known} if isinstance(known, (list, tuple)) else {str(known)}
    return (value in values) == (test == Test.IS)


def _compare(test: Test, known: Any, value: str) -> bool:
    try:
        left, right = Decimal(str(known)), Decimal(value)
    except InvalidOperation:
        return False
    match test:
        case Test.AT_LEAST:
            return left >= right
        case Test.AT_MOST:
            return left <= right
    return left == right


def in_words(fact: Fact, condition: Condition) -> str:
    """Return the condition as part of a sentence: `amount is at least 500`."""
    words = {"fact": str(fact.label), "value": value_in_words(fact, condition["value"])}
    match Test(condition["test"]):
        case _ if fact.kind is FactKind.YES_NO:
            return words["fact"] if condition["value"] == "yes" else _("not: %(fact)s") % words
        case Test.AT_LEAST:
            return _("%(fact)s is at least %(value)s") % words
        case Test.AT_MOST:
            return _("%(fact)s is at most %(value)s") % words
        case Test.IS_NOT:
            return _("%(fact)s is not %(value)s") % words
    return _("%(fact)s is %(value)s") % words


def value_in_words(fact: Fact, value: str) -> str:
    """Return what a choice is called, and any other value as it is."""
    if fact.kind is not FactKind.CHOICE:
        return value
    return next((f"“{label}”" for key, label in fact.choices() if str(key) == value), value)


def criteria_hold(criteria: Mapping[str, Any], constituent: Constituent) -> bool:
    """Return whether the constituent is among those a rule is for. Without criteria, everyone is."""
    return holds_criteria(criteria, constituent) if criteria.get("of") else True


def among(criteria: Mapping[str, Any], keys: Collection[int]) -> set[int]:
    """Return which of the constituents are among those a rule is for, in one query."""
    if not criteria.get("of"):
        return set(keys)
    return set(matching(criteria).filter(pk__in=keys).values_list("pk", flat=True))


def criteria_in_words(criteria: Mapping[str, Any]) -> str:
    """Return whom a rule is for; empty when it is for everyone."""
    return sentence(criteria) if criteria.get("of") else ""
