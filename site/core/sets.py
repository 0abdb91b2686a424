"""Writing many rows by plain statements, where the ORM's own way would take most of the time.

Values go through the fields like any other, constraints and triggers hold as ever; signals are not sent, as with
`bulk_create` and `bulk_update`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from django.db import connection
from django.db.models import AutoField, BooleanField, CharField, Field, ForeignKey, IntegerField, Model, TextField
from django.utils import timezone


def update_rows(rows: Sequence[Model], fields: Sequence[str]) -> None:
    """Write the named fields of rows that are on file: one prepared statement, run for each."""
    if not rows:
        return
    meta = rows[0]._meta
    columns = _fields(type(rows[0]), fields)
    quote = connection.ops.quote_name
    changes = ", ".join(f"{quote(str(column.column))} = %s" for column in columns)
    statement = f"UPDATE {quote(meta.db_table)} SET {changes} WHERE {quote(str(meta.pk.column))} = %s"  # noqa: S608
    values = (
        [*(column.get_db_prep_save(getattr(row, column.attname), connection) for column in columns), row.pk]
        for row in rows
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(values))


def _fields(model: type[Model], names: Sequence[str]) -> list[Field[Any, Any]]:
    return [cast("Field[Any, Any]", model._meta.get_field(name)) for name in names]


def insert_rows(model: type[Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows given as plain values of the named columns; nobody learns their keys."""
    meta = model._meta
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in _fields(model, fields))
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES ({marks})", list(rows))  # noqa: S608


# What needs no look at: it stands in a statement as it stands in Python, on either database.
_AS_THEY_ARE = (CharField, TextField, BooleanField, IntegerField, ForeignKey)


def insert_values(model: type[Model], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows given as values by column; what a row leaves out is the field's default. Nobody learns their keys.

    A third of what `bulk_create` takes: no object is made, and the statement is prepared once.
    """
    if not rows:
        return
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]
    moment = timezone.now()
    defaults = {field.attname: _default(field, moment) for field in fields}
    prepared = {field.attname: field for field in fields if not isinstance(field, _AS_THEY_ARE)}

    def stored(row: Mapping[str, object]) -> Iterator[object]:
        for name, default in defaults.items():
            value = row.get(name, default)
            if value is not None and name in row and name in prepared:
                value = prepared[name].get_db_prep_save(value, connection)
            yield value

    insert_rows(model, [field.name for field in fields], [list(stored(row)) for row in rows])


def _default(field: Field, moment: dt.datetime) -> object:
    is_moment = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return field.get_db_prep_save(moment if is_moment else field.get_default(), connection)
