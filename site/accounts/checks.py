"""Checks that run with `manage.py check`: every permission a role ships with must exist."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.management import _get_all_permissions
from django.core.checks import CheckMessage, Error, register

from accounts.roles import shipped_permissions


def declared_permissions() -> set[str]:
    """Return every "app.codename" the installed models declare."""
    return {
        f"{model._meta.app_label}.{codename}"
        for model in apps.get_models()
        for codename, _name in _get_all_permissions(model._meta)
    }


@register()
def roles_name_real_permissions(**_kwargs: Any) -> list[CheckMessage]:
    """Report permissions in roles that no model declares: a typing error there would silently grant nothing."""
    return [
        Error(f"A role ships with “{name}”, which no model declares.", id="accounts.E001")
        for name in sorted(shipped_permissions() - declared_permissions())
    ]
