"""Segments: who is found by conditions that staff put together without code.

    {"match": "all", "of": [
        {"criterion": "tag", "operator": "any_of", "value": [3]},
        {"criterion": "giving.total", "operator": "at_least", "value": "100.00",
         "where": {"period": {"operator": "in_fiscal_year", "value": 2026}}},
        {"match": "none", "of": [{"criterion": "membership.is_member", "operator": "yes"}]},
    ]}

    matching(criteria)            a QuerySet of Constituent, to be filtered, ordered and counted further
    holds(criteria, constituent)  whether one constituent is found; asks only about that one
    sentence(criteria)            the same in words
    members_of(segment)           a saved segment, "one per household" included
    register_criterion(...)       from AppConfig.ready(): what every app knows people by

criteria     what a criterion is: operators, the shape of the value, what it may be narrowed by
families     criteria of the usual kinds: words, choices, dates, numbers, yes or no
shapes       values: how each is asked for, read, checked and written in a sentence
dates        relative dates and years, by the organisation's own calendar
sets         the algebra of what is found, rendered as one statement
tree         JSON to conditions, with every fault named at its place
people       this app's own criteria, with reach, contact, ties, lists, custom; the apps above have a `criteria.py` each
saved        saved segments: who is in one, segments within segments
forms        CriteriaField, for any form that asks for conditions

Each condition is a set of keys, each group an operation of sets, and the whole one statement: every aggregate is made
once, and no misjudged plan turns into a search row by row. Conditions that name something unknown are an error, never
a smaller number.
"""

from constituents.segments.criteria import Criterion, Narrowing, Operator
from constituents.segments.matching import holds, matching
from constituents.segments.registry import register_criteria, register_criterion
from constituents.segments.saved import members_of
from constituents.segments.wording import sentence

__all__ = [
    "Criterion",
    "Narrowing",
    "Operator",
    "holds",
    "matching",
    "members_of",
    "register_criteria",
    "register_criterion",
    "sentence",
]
