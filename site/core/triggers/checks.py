"""A database check: are all triggers in place?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

from core.triggers.database import missing


@register(Tags.database)
def check_triggers(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Warn of each missing trigger (`manage.py check --database default`); a database still without tables is fine."""
    return [
        Warning(
            f"The trigger that protects {line} is missing.",
            hint="Run manage.py migrate: it puts every trigger back.",
            id="core.W001",
        )
        for alias in databases or []
        if "django_migrations" in connections[alias].introspection.table_names()
        for line in missing(using=alias)
    ]
