"""What a rule is in the SQL of each database."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import translation

from core.triggers.registry import Rule

PREFIX = "protect_"
INSERT = "insert"


class Trigger(NamedTuple):
    """One trigger: its name ends in a digest of what it does, so that a changed rule is a missing trigger."""

    name: str
    table: str
    create: tuple[str, ...]


def triggers_of(rule: Rule, connection: BaseDatabaseWrapper) -> list[Trigger]:
    """Return the triggers that hold a rule on this database."""
    events = []
    if changed := _changed(rule, connection):
        events.append(("update", _both(rule.when, changed)))
    if rule.deletes:
        events.append(("delete", rule.when))
        if connection.vendor == "postgresql":
            events.append(("truncate", ""))
    if rule.inserts_when:
        events.append((INSERT, rule.inserts_when))
    return [_trigger(rule, event, condition, connection) for event, condition in events]


def message_of(rule: Rule) -> str:
    """Return the sentence the database raises: the untranslated one, by which the rule is found again."""
    with translation.override(None):
        return str(rule.message)


def _trigger(rule: Rule, event: str, condition: str, connection: BaseDatabaseWrapper) -> Trigger:
    build = _for_postgresql if connection.vendor == "postgresql" else _for_sqlite
    table = rule.model._meta.db_table
    message = "'" + message_of(rule).replace("'", "''") + "'"
    # Built once with a blank for its name, which is made of what the rest says.
    blank = "\n".join(build("", connection.ops.quote_name(table), event, condition, message))
    name = f"{PREFIX}{rule.name}_{event}_{hashlib.sha256(blank.encode()).hexdigest()[:8]}"
    quoted = connection.ops.quote_name
    return Trigger(name, table, build(quoted(name), quoted(table), event, condition, message))


def _for_sqlite(name: str, table: str, event: str, condition: str, message: str) -> tuple[str, ...]:
    when = f" WHEN {condition}" if condition else ""
    body = f"BEGIN SELECT RAISE(ABORT, {message}); END"
    return (f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} FOR EACH ROW{when} {body}",)


def _for_postgresql(name: str, table: str, event: str, condition: str, message: str) -> tuple[str, ...]:
    # The condition stands in the function: PostgreSQL lets no migration alter a column that a trigger's WHEN names.
    # Class 23 makes psycopg raise an IntegrityError, as SQLite's RAISE(ABORT) does.
    function = f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $steward$
BEGIN
    IF {condition or "TRUE"} THEN
        RAISE EXCEPTION USING MESSAGE = {message}, ERRCODE = 'restrict_violation';
    END IF;
    RETURN {"NEW" if event in ("update", INSERT) else "OLD"};
END
$steward$"""
    each = "STATEMENT" if event == "truncate" else "ROW"
    trigger = f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"
    return function, trigger


def _changed(rule: Rule, connection: BaseDatabaseWrapper) -> str:
    """Return the condition that a frozen column moves; both databases call NULL equal to NULL here."""
    differs = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    quote = connection.ops.quote_name
    frozen = [f"OLD.{quote(column)} {differs} NEW.{quote(column)}" for column in rule.frozen_columns]
    refilled = [
        f"(OLD.{quote(column)} IS NOT NULL AND OLD.{quote(column)} {differs} NEW.{quote(column)})"
        for column in rule.fill_columns
    ]
    return " OR ".join(frozen + refilled)


def _both(first: str, second: str) -> str:
    return f"({first}) AND ({second})" if first else second
