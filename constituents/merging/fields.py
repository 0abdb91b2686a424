"""Which value of each field stays: what a person can pick, what is picked until they do, and what that writes."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import BooleanField, Field
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from constituents.merging.plan import KEPT, MERGED, MergePlan
from constituents.models import Constituent

# Kept by the record itself, or by a verb of its own.
_NOT_PICKED = frozenset(
    name
    for line in ("uuid kind user merged_into parent", "display_name sort_name search_text created_at updated_at")
    for name in line.split()
)
# These belong together: half of one date and half of another is no date.
_TOGETHER = {"birth_": ("birth", _("Date of birth")), "deceased_": ("death", _("Death"))}
_JOINS = {"is_deceased": "death"}
# What is true of one record and not of the other is true of the person.
_TRUE_OF_EITHER = {"do_not_contact", "death"}


@dataclass
class Group:
    """One or more fields that are picked together, under one name."""

    name: str
    label: str | Promise
    fields: list[Field[Any, Any]] = field(default_factory=list)

    def values(self, constituent: Constituent) -> dict[str, Any]:
        """Return the columns of the group as they are on a record."""
        return {one.attname: getattr(constituent, one.attname) for one in self.fields}

    def is_empty(self, constituent: Constituent) -> bool:
        """Whether a record says nothing here."""
        meaningful = [
            one for one in self.fields if not one.choices or one.default in (None, "") or len(self.fields) == 1
        ]
        return not any(getattr(constituent, one.attname) for one in meaningful)

    def default(self, kept: Constituent, merged: Constituent) -> str:
        """Return whose value stays when nobody picks: the kept record's, unless only the other says something."""
        if self.name in _TRUE_OF_EITHER:
            flag = next(one for one in self.fields if isinstance(one, BooleanField)).attname
            return MERGED if getattr(merged, flag) and not getattr(kept, flag) else self._fuller(kept, merged)
        return self._fuller(kept, merged)

    def _fuller(self, kept: Constituent, merged: Constituent) -> str:
        return MERGED if self.is_empty(kept) and not self.is_empty(merged) else KEPT

    def suggestion(self, kept: Constituent, merged: Constituent) -> str:
        """Return what the screen picks beforehand: the fuller of two values, else that of the record changed last."""
        default = self.default(kept, merged)
        if default == MERGED or self.name in _TRUE_OF_EITHER or self.is_empty(merged):
            return default
        mine, theirs = (_words(self.values(record)) for record in (kept, merged))
        if theirs.startswith(mine) or mine.startswith(theirs):
            return MERGED if len(theirs) > len(mine) else KEPT
        return MERGED if merged.updated_at > kept.updated_at else KEPT


def _words(values: dict[str, Any]) -> str:
    return " ".join(str(value) for value in values.values() if value is not None).rstrip(". ").casefold()


@cache
def groups() -> tuple[Group, ...]:
    """Return everything on the record itself that is picked, in the order of the model's fields."""
    found: dict[str, Group] = {}
    for one in Constituent._meta.concrete_fields:
        if one.primary_key or one.name in _NOT_PICKED:
            continue
        name, label = _group_of(one)
        found.setdefault(name, Group(name, label)).fields.append(one)
    return tuple(found.values())


def _group_of(one: Field[Any, Any]) -> tuple[str, str | Promise]:
    for prefix, (name, label) in _TOGETHER.items():
        if one.name.startswith(prefix) or _JOINS.get(one.name) == name:
            return name, label
    return one.name, one.verbose_name


def plan_fields(plan: MergePlan) -> None:
    """Add what becomes of the fields of the record kept."""
    after = copy(plan.kept)
    for group in groups():
        if plan.picked(group.name, group.default(plan.kept, plan.merged)) == MERGED:
            for name, value in group.values(plan.merged).items():
                setattr(after, name, value)
    after.write_names()
    names = [name for group in groups() for name in group.values(after)]
    plan.change(plan.kept, **{name: getattr(after, name) for name in [*names, "display_name", "sort_name"]})


def plan_sign_in(plan: MergePlan) -> None:
    """Let the portal account sign in to the record kept; of two the one not picked is unlinked."""
    mine, theirs = plan.kept.user_id, plan.merged.user_id
    if theirs is None:
        return
    plan.change(plan.merged, user_id=None)
    if mine is None or plan.picked("user") == MERGED:
        plan.change(plan.kept, user_id=theirs)
    if mine is not None:
        plan.warnings.append(
            _("Both have a sign-in to the portal. One stays; the other account keeps working, without a record.")
        )


def differing(kept: Constituent, merged: Constituent) -> Iterator[Group]:
    """Yield the groups in which both say something, and not the same."""
    for group in groups():
        if not group.is_empty(kept) and not group.is_empty(merged) and group.values(kept) != group.values(merged):
            yield group
