"""What code sees when a trigger refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError
from django.db.backends.base.base import BaseDatabaseWrapper

from core.triggers.registry import Rule, rules
from core.triggers.sql import message_of


class ProtectedRowError(IntegrityError):
    """A statement would have changed or deleted what a rule of core.triggers protects; the message is for people."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(str(rule.message))
        self.rule = rule


def watch(*, connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    """Make a new database connection raise ProtectedRowError for a refusal (receiver of `connection_created`)."""
    if _translate not in connection.execute_wrappers:
        connection.execute_wrappers.append(_translate)


def _translate(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    try:
        return execute(sql, params, many, context)
    except IntegrityError as error:
        if rule := _rule_behind(error):
            raise ProtectedRowError(rule) from error
        raise


def _rule_behind(error: IntegrityError) -> Rule | None:
    # PostgreSQL adds lines about the context; the first one is the trigger's.
    said = str(error).partition("\n")[0]
    return next((rule for rule in rules() if message_of(rule) == said), None)
