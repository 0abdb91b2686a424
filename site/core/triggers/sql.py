"""What a rule is in the SQL of each database."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import translation

from core.triggers.registry import Rule

PREFIX = "protect_"

# Class 23 makes psycopg raise an IntegrityError, as SQLite's RAISE(ABORT) does.
REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION steward_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'restrict_violation';
END
$$
"""


class Trigger(NamedTuple):
    """One trigger: its name ends in a digest of what it does, so that a changed rule is a missing trigger."""

    name: str
    table: str
    create: str


def triggers_of(rule: Rule, connection: BaseDatabaseWrapper) -> list[Trigger]:
    """Return the triggers that hold a rule on this database."""
    events = []
    if changed := _changed(rule, connection):
        events.append(("update", _both(rule.when, changed)))
    if rule.deletes:
        events.append(("delete", rule.when))
        if connection.vendor == "postgresql":
            events.append(("truncate", ""))
    return [_trigger(rule, event, condition, connection) for event, condition in events]


def message_of(rule: Rule) -> str:
    """Return the sentence the database raises: the untranslated one, by which the rule is found again."""
    with translation.override(None):
        return str(rule.message)


def _trigger(rule: Rule, event: str, condition: str, connection: BaseDatabaseWrapper) -> Trigger:
    quote = connection.ops.quote_name
    table = rule.model._meta.db_table
    message = "'" + message_of(rule).replace("'", "''") + "'"
    each = "STATEMENT" if event == "truncate" else "ROW"
    when = f" WHEN ({condition})" if condition else ""
    if connection.vendor == "postgresql":
        action = f"EXECUTE FUNCTION steward_refuse({message})"
    else:
        action = f"BEGIN SELECT RAISE(ABORT, {message}); END"
    body = f"BEFORE {event.upper()} ON {quote(table)} FOR EACH {each}{when} {action}"
    digest = hashlib.sha256(body.encode()).hexdigest()[:8]
    name = f"{PREFIX}{rule.name}_{event}_{digest}"
    return Trigger(name, table, f"CREATE TRIGGER {quote(name)} {body}")


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
