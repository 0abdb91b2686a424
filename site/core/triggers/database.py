"""Putting the triggers in place, and finding those that are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from core.triggers.registry import rules
from core.triggers.sql import INSERT, PREFIX, Trigger, triggers_of


def install(*, using: str = DEFAULT_DB_ALIAS, **_kwargs: Any) -> None:
    """Create each trigger that is missing and drop each that no rule asks for; does nothing when all is in place."""
    connection = connections[using]
    wanted = {trigger.name: trigger for trigger in _wanted(connection)}
    there = _there(connection)
    tables = set(connection.introspection.table_names())
    absent = [trigger for name, trigger in wanted.items() if name not in there and trigger.table in tables]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for name in there.keys() - wanted.keys():
            _drop_one(cursor, connection, name, there[name])
        for statement in (statement for trigger in absent for statement in trigger.create):
            cursor.execute(statement)


def drop(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Take every trigger off: for a suite that empties its tables, never for a running site."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for name, table in _there(connection).items():
            _drop_one(cursor, connection, name, table)


def step_aside(*, plan: Sequence[Any] = (), using: str = DEFAULT_DB_ALIAS, **_kwargs: Any) -> None:
    """Take off what looks into other tables before migrations run on SQLite; `install` puts it back after them.

    SQLite refuses to rename a table, which is how it rebuilds one, while any trigger names a table that is just away.
    """
    connection = connections[using]
    if not plan or connection.vendor != "sqlite":
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for name, table in _there(connection).items():
            if name.rpartition("_")[0].endswith(f"_{INSERT}"):
                _drop_one(cursor, connection, name, table)


def missing(*, using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return a line for each trigger that should be there and is not, empty when all is well."""
    connection = connections[using]
    there = _there(connection)
    return [f"{trigger.table}: {trigger.name}" for trigger in _wanted(connection) if trigger.name not in there]


def _wanted(connection: BaseDatabaseWrapper) -> list[Trigger]:
    return [trigger for rule in rules() for trigger in triggers_of(rule, connection)]


def _there(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return the name of each of our triggers in the database, with its table."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A trigger that someone disabled by hand protects nothing: it counts as not there.
            cursor.execute(
                "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
                " WHERE NOT tgisinternal AND tgenabled <> 'D' AND pg_table_is_visible(tgrelid)"
            )
        else:
            cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
        return {name: table for name, table in cursor.fetchall() if name.startswith(PREFIX)}


def _drop_one(cursor: Any, connection: BaseDatabaseWrapper, name: str, table: str) -> None:
    quote = connection.ops.quote_name
    if connection.vendor == "postgresql":
        cursor.execute(f"DROP TRIGGER {quote(name)} ON {quote(table)}")
        cursor.execute(f"DROP FUNCTION IF EXISTS {quote(name)}()")
    else:
        cursor.execute(f"DROP TRIGGER {quote(name)}")
