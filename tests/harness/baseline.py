"""The rows that migrations leave behind (Wagtail's root page, roles, permissions), for each test to start from.

A test that commits must be followed by emptying the tables. Django's own `flush` leaves them empty, so that the next
test finds no root page and no roles; ours puts back what was there before the first test.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import GeneratedField
from django_tasks_db.models import DBTaskResult

from core.triggers import install, rules
from tests.harness.triggers import asleep


class Rows(NamedTuple):
    """What one table held."""

    columns: list[str]
    values: list[tuple[Any, ...]]


_baseline: dict[str, Rows] = {}


def capture() -> None:
    """Remember every row there is now."""
    # The pages that migrations make leave index tasks waiting: no test asked for them.
    DBTaskResult.objects.all().delete()
    _baseline.clear()
    with connection.cursor() as cursor:
        computed = _computed()
        for table in _filled(_tables()):
            cursor.execute(f"SELECT * FROM {_quote(table)}")
            columns = [column[0] for column in cursor.description]
            kept = [name for name in columns if name not in computed.get(table, ())]
            _baseline[table] = Rows(kept, _values(cursor, table, kept))


def restore() -> None:
    """Empty every table that holds other rows than the remembered ones, and put those back; triggers too."""
    install()
    changed = _changed()
    protected = {rule.model._meta.db_table for rule in rules()}
    lifted = asleep() if protected.intersection(changed) else nullcontext()
    with lifted, transaction.atomic(), connection.constraint_checks_disabled(), connection.cursor() as cursor:
        # Few rows in few tables: on PostgreSQL too this is far quicker than to truncate all.
        for table in changed:
            cursor.execute(f"DELETE FROM {_quote(table)}")
        for table in changed:
            if rows := _baseline.get(table):
                names = ", ".join(map(_quote, rows.columns))
                marks = ", ".join(["%s"] * len(rows.columns))
                cursor.executemany(f"INSERT INTO {_quote(table)} ({names}) VALUES ({marks})", rows.values)


def _changed() -> list[str]:
    """Return the tables that do not hold what they held: most of what migrations leave, no test touches."""
    filled = _filled(_tables())
    with connection.cursor() as cursor:
        same = {
            table
            for table in filled
            if (rows := _baseline.get(table)) and _values(cursor, table, rows.columns) == rows.values
        }
    return [table for table in {**dict.fromkeys(filled), **_baseline} if table not in same]


def _values(cursor: Any, table: str, columns: list[str]) -> list[tuple[Any, ...]]:
    cursor.execute(f"SELECT {', '.join(map(_quote, columns))} FROM {_quote(table)}")
    return list(cursor.fetchall())


def _tables() -> list[str]:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    caches = [cache["LOCATION"] for cache in settings.CACHES.values() if cache["BACKEND"].endswith("DatabaseCache")]
    return sorted({*tables, *caches} - {"django_migrations"})


def _filled(tables: list[str]) -> list[str]:
    # One query in compounds that stay below SQLite's limit of 500 terms.
    filled = []
    with connection.cursor() as cursor:
        for start in range(0, len(tables), 200):
            parts = [
                f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {_quote(table)})"
                for table in tables[start : start + 200]
            ]
            cursor.execute(" UNION ALL ".join(parts))
            filled += [row[0] for row in cursor.fetchall()]
    return filled


def _computed() -> dict[str, set[str]]:
    return {
        model._meta.db_table: {field.column for field in model._meta.local_fields if isinstance(field, GeneratedField)}
        for model in apps.get_models()
    }


def _quote(name: str) -> str:
    return connection.ops.quote_name(name)
