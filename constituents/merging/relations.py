"""What a merge does to each relation that leads to a constituent. Every app declares its own, in `AppConfig.ready()`.

    repoint("volunteers.HoursEntry.volunteer")
    repoint("constituents.EmailAddress.constituent", on_conflict=stay_if_same("address", first="is_primary"))
    lineage("donations.LedgerEntry.donor", reason="whose it was when it was entered")
    derived("donations.GivingTotals.constituent", reason="written anew from the gifts")

A label names a foreign key, a one-to-one, the two foreign keys of a many-to-many's own table, a generic foreign key, or
the foreign key to ContentType of a model that says in another way which record it means. A test walks all models and
fails for each of these that nobody declared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured
from django.db.models import ForeignKey, IntegerField, Model, QuerySet, Value

from constituents.models import Constituent

if TYPE_CHECKING:
    from constituents.merging.plan import MergePlan

# Adds to the plan what becomes of the merged record's rows where simply moving them would break a rule.
OnConflict = Callable[["MergePlan", "Relation"], None]


class Fate(Enum):
    """What becomes of the rows that lead to a record when it is merged into another."""

    REPOINTED = "repointed"  # they lead to the one kept; the journal says which did, and undoing brings them back
    LINEAGE = "lineage"  # they are never touched: whoever reads them asks for `constituent.lineage_ids`
    DERIVED = "derived"  # they are made from other rows: their app makes them anew when it hears of the merge


@dataclass(frozen=True)
class Relation:
    """One declared relation: `app.Model.field` and what a merge does to it."""

    label: str
    fate: Fate
    on_conflict: OnConflict | None = None
    reason: str = ""

    @cached_property
    def model(self) -> type[Model]:
        """The model whose rows lead to a constituent."""
        return apps.get_model(self.label.rpartition(".")[0])

    @property
    def field_name(self) -> str:
        """The name of the relation on its model."""
        return self.label.rpartition(".")[2]

    @cached_property
    def field(self) -> Any:
        """The relation itself: a foreign key or a generic one."""
        found = self.model._meta.get_field(self.field_name)
        if not isinstance(found, ForeignKey | GenericForeignKey):
            raise ImproperlyConfigured(f"{self.label} is no relation to a record.")
        return found

    @property
    def column(self) -> str:
        """The attribute that holds the key of the constituent."""
        return self.field.fk_field if isinstance(self.field, GenericForeignKey) else self.field.attname

    def rows_of(self, *pks: int) -> QuerySet[Any]:
        """Return the rows that lead to the constituents of these keys, in the order they were entered."""
        lookup: dict[str, Any] = {f"{self.column}__in": pks}
        if isinstance(self.field, GenericForeignKey):
            lookup[self.field.ct_field] = ContentType.objects.get_for_model(Constituent)
        return self.model._base_manager.filter(**lookup).order_by("pk")

    def rows_of_both(self, plan: MergePlan, *related: str) -> tuple[list[Any], list[Any]]:
        """Return the rows of the record kept and those of the other, by one question; `related` rows come along."""
        both: tuple[list[Any], list[Any]] = [], []
        rows = self.rows_of(plan.kept.pk, plan.merged.pk)
        for row in rows.select_related(*related) if related else rows:
            both[getattr(row, self.column) == plan.merged.pk].append(row)
        return both


def keys_of(asked: Sequence[Relation], pk: int) -> dict[str, list[int]]:
    """Return, for each of the relations, the keys of the rows that lead to a constituent: one question for all."""
    found: dict[str, list[int]] = {relation.label: [] for relation in asked}
    if not asked:
        return found
    first, *rest = (
        relation.rows_of(pk).order_by().values_list(Value(number, output_field=IntegerField()), "pk")
        for number, relation in enumerate(asked)
    )
    for number, key in sorted(first.union(*rest, all=True)):
        found[asked[number].label].append(key)
    return found


_relations: dict[str, Relation] = {}


def repoint(label: str, *, on_conflict: OnConflict | None = None) -> None:
    """Declare that the rows move to the record that is kept.

    Where a constraint of the model could refuse the move (one of each kind, one at a time) `on_conflict` decides.
    """
    _declare(Relation(label, Fate.REPOINTED, on_conflict=on_conflict))


def lineage(label: str, *, reason: str) -> None:
    """Declare that the rows stay for ever where they are, and why; readers follow the signposts of the one kept."""
    _declare(Relation(label, Fate.LINEAGE, reason=reason))


def derived(label: str, *, reason: str) -> None:
    """Declare that the rows are made from others, and how they are made anew after a merge and after its undo."""
    _declare(Relation(label, Fate.DERIVED, reason=reason))


def _declare(relation: Relation) -> None:
    known = _relations.get(relation.label)
    if known is not None and known.fate is not relation.fate:
        raise ImproperlyConfigured(f"{relation.label} is declared twice: {known.fate.value}, {relation.fate.value}.")
    _relations[relation.label] = relation


def relations(*fates: Fate) -> Iterator[Relation]:
    """Yield the declared relations, of the named fates or all, in the order they were declared."""
    return (relation for relation in _relations.values() if not fates or relation.fate in fates)


def relation(label: str) -> Relation:
    """Return one declared relation."""
    return _relations[label]


def leading_to_constituents() -> Iterator[str]:
    """Yield the label of every relation in the model graph that leads, or could lead, to a constituent."""
    for model in apps.get_models(include_auto_created=True):
        generic = {
            field.ct_field: field.name for field in model._meta.private_fields if isinstance(field, GenericForeignKey)
        }
        for field in model._meta.local_fields:
            if not isinstance(field, ForeignKey):
                continue
            if field.related_model is Constituent:
                yield f"{model._meta.label}.{field.name}"
            elif field.related_model is ContentType:
                yield f"{model._meta.label}.{generic.get(field.name, field.name)}"
