"""Periods of one owner never overlap: the same promise on both databases, as one constraint of the model.

PostgreSQL holds it with an exclusion constraint over ranges (which needs no extension: an owner's key is the range from
itself to itself). SQLite holds it with two triggers, made anew with the table whenever a migration rebuilds it.
An empty period, one that ends the day before it starts, overlaps nothing.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import F, Q


class NoOverlap(models.BaseConstraint):
    """Rows with the same `owner` cover each day at most once, from `starts` to `ends`, both included.

    An empty `ends` means for ever.
    """

    def __init__(self, *, owner: str, starts: str, ends: str, name: str, violation_error_message: Any = None) -> None:
        super().__init__(name=name, violation_error_message=violation_error_message)
        self.owner, self.starts, self.ends = owner, starts, ends

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        """Name the arguments for migrations."""
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"owner": self.owner, "starts": self.starts, "ends": self.ends}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoOverlap) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((self.name, self.owner, self.starts, self.ends))

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        """Return the part of CREATE TABLE; on SQLite, leave the triggers to be made after the table."""
        if schema_editor.connection.vendor == "postgresql":
            return f"CONSTRAINT {schema_editor.quote_name(self.name)} {self._exclusion(model, schema_editor)}"
        schema_editor.deferred_sql.extend(self._triggers(model, schema_editor))
        return None

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """Return what adds the constraint to a table; SQLite rebuilds the table instead."""
        return Statement(
            "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s %(exclusion)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=schema_editor.quote_name(self.name),
            exclusion=self._exclusion(model, schema_editor),
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        """Return what takes the constraint off a table; SQLite rebuilds the table instead."""
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=schema_editor.quote_name(self.name),
        )

    def _columns(self, model: Any, schema_editor: BaseDatabaseSchemaEditor) -> list[str]:
        names = (self.owner, self.starts, self.ends)
        return [schema_editor.quote_name(model._meta.get_field(name).column) for name in names]

    def _exclusion(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        owner, starts, ends = self._columns(model, schema_editor)
        return (
            f"EXCLUDE USING gist (int8range({owner}, {owner}, '[]') WITH &&,"
            f" daterange({starts}, {ends} + 1, '[)') WITH &&)"
        )

    def _triggers(self, model: Any, schema_editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        owner, starts, ends = self._columns(model, schema_editor)
        key = schema_editor.quote_name(model._meta.pk.column)
        return [
            Statement(
                f"CREATE TRIGGER %(name)s BEFORE {event} ON %(table)s FOR EACH ROW"  # noqa: S608  names of our own columns
                f" WHEN NEW.{ends} IS NULL OR NEW.{starts} <= NEW.{ends}"
                " BEGIN SELECT RAISE(ABORT, 'constraint failed: %(said)s') WHERE EXISTS ("
                f"SELECT 1 FROM %(table)s WHERE {owner} = NEW.{owner} AND {key} IS NOT {itself}"
                f" AND ({ends} IS NULL OR ({starts} <= {ends} AND {ends} >= NEW.{starts}))"
                f" AND (NEW.{ends} IS NULL OR {starts} <= NEW.{ends})"
                "); END",
                name=schema_editor.quote_name(f"{self.name}_{event.split()[0].lower()}"),
                table=Table(model._meta.db_table, schema_editor.quote_name),
                said=self.name,
            )
            for event, itself in (("INSERT", f"NEW.{key}"), ("UPDATE", f"OLD.{key}"))
        ]

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: set[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Raise ValidationError, in words for the user, when the instance overlaps another row."""
        if exclude and {self.owner, self.starts, self.ends} & set(exclude):
            return
        owner = instance.serializable_value(self.owner)
        starts, ends = getattr(instance, self.starts), getattr(instance, self.ends)
        if owner is None or starts is None or (ends is not None and ends < starts):
            return
        endless = Q(**{f"{self.ends}__isnull": True})
        real = Q(**{f"{self.ends}__gte": F(self.starts)})
        others = model._default_manager.using(using).filter(**{self.owner: owner}).exclude(pk=instance.pk)
        others = others.filter(endless | (real & Q(**{f"{self.ends}__gte": starts})))
        if ends is not None:
            others = others.filter(**{f"{self.starts}__lte": ends})
        if others.exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)
