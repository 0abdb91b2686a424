"""The databases' own indexes over the search rows: made by a migration, put back after each, swept on demand.

PostgreSQL: a GIN index over the tokens as a tsvector, trigram indexes over addresses and words (pg_trgm, a trusted
extension: the database's owner may create it). SQLite: two FTS5 tables that read their text from the rows, kept true by
triggers; Django rebuilds a table to alter it and drops its triggers silently, so `install` also runs after `migrate`.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

ENTRIES, WORDS = "constituents_searchentry", "constituents_searchword"
ENTRY_INDEX, WORD_INDEX = "constituents_search_tokens", "constituents_search_spelling"

# A token is whatever stands between two spaces.
VECTOR = "array_to_tsvector(string_to_array(tokens, ' '))"

_POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    # Without the pending list: it would be read through in every search until the next vacuum.
    f"CREATE INDEX IF NOT EXISTS {ENTRY_INDEX} ON {ENTRIES} USING gin ({VECTOR}) WITH (fastupdate = off)",
    f"CREATE INDEX IF NOT EXISTS constituents_search_emails ON {ENTRIES}"
    " USING gin (emails gin_trgm_ops) WITH (fastupdate = off)",
    f"CREATE INDEX IF NOT EXISTS {WORD_INDEX} ON {WORDS} USING gin (word gin_trgm_ops)",
)


def _fts5(index: str, table: str, key: str, column: str, options: str) -> list[str]:
    """The virtual table over one column, and the triggers that tell it what changed."""
    gone = f"INSERT INTO {index}({index}, rowid, {column}) VALUES ('delete', old.{key}, old.{column});"  # noqa: S608
    come = f"INSERT INTO {index}(rowid, {column}) VALUES (new.{key}, new.{column});"  # noqa: S608
    changed = f"WHEN old.{column} IS NOT new.{column} OR old.{key} <> new.{key}"
    return [
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {index} USING fts5"
        f"({column}, content='{table}', content_rowid='{key}', {options})",
        f"CREATE TRIGGER IF NOT EXISTS {index}_come AFTER INSERT ON {table} BEGIN {come} END",
        f"CREATE TRIGGER IF NOT EXISTS {index}_gone AFTER DELETE ON {table} BEGIN {gone} END",
        f"CREATE TRIGGER IF NOT EXISTS {index}_changed AFTER UPDATE ON {table} {changed} BEGIN {gone} {come} END",
    ]


_SQLITE = (
    *_fts5(
        ENTRY_INDEX,
        ENTRIES,
        "constituent_id",
        "tokens",
        "tokenize=\"ascii tokenchars ':@.+'\", prefix='3 4 5', detail=none, columnsize=0",
    ),
    *_fts5(WORD_INDEX, WORDS, "id", "word", 'tokenize="trigram"'),
)


def install(*, using: str = DEFAULT_DB_ALIAS, **_kwargs: Any) -> None:
    """Create each index, and on SQLite each trigger, that is missing."""
    connection = connections[using]
    if not {ENTRIES, WORDS} <= set(connection.introspection.table_names()):
        return
    if connection.vendor == "postgresql":
        _run(connection, _POSTGRESQL)
        return
    before = _sqlite_parts(connection)
    _run(connection, _SQLITE)
    if before != _sqlite_parts(connection):
        # What was written while a trigger was missing is not in its index.
        rebuild(using=using)


def drop(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Take the indexes away again; the extension stays, others may use it."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        _run(connection, [f"DROP INDEX IF EXISTS {name}" for name in (ENTRY_INDEX, "constituents_search_emails")])
        _run(connection, [f"DROP INDEX IF EXISTS {WORD_INDEX}"])
        return
    for index in (ENTRY_INDEX, WORD_INDEX):
        _run(connection, [f"DROP TRIGGER IF EXISTS {index}_{event}" for event in ("come", "gone", "changed")])
        _run(connection, [f"DROP TABLE IF EXISTS {index}"])


def rebuild(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the indexes anew from the rows: nothing stays in their files of what the rows no longer hold."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        _run(connection, [f"REINDEX INDEX {name}" for name in (ENTRY_INDEX, "constituents_search_emails", WORD_INDEX)])
    else:
        _run(connection, [f"INSERT INTO {index}({index}) VALUES ('rebuild')" for index in (ENTRY_INDEX, WORD_INDEX)])  # noqa: S608


def learn(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Let the database look at the rows again, after many were written: its plans are guesses until then."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        _run(connection, [f"ANALYZE {ENTRIES}", f"ANALYZE {WORDS}"])
    else:
        _run(connection, ["PRAGMA optimize"])


def _sqlite_parts(connection: BaseDatabaseWrapper) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE name LIKE %s OR name LIKE %s", [f"{ENTRY_INDEX}%", f"{WORD_INDEX}%"]
        )
        return {name for (name,) in cursor.fetchall()}


def _run(connection: BaseDatabaseWrapper, statements: Any) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
