"""Checks that run with `manage.py check`: every permission a role ships with must exist."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.core.checks import CheckMessage, Error, register

from accounts.roles import shipped_permissions


def declared_permissions() -> set[str]:
    """Return every "app.codename" the installed models declare."""
    declared = set()
    for model in apps.get_models():
        options = model._meta
        codenames = [get_permission_codename(action, options) for action in options.default_permissions]
        codenames += [codename for codename, _name in options.permissions]
        declared |= {f"{options.app_label}.{codename}" for codename in codenames}
    return declared


@register()
def roles_name_real_permissions(**_kwargs: Any) -> list[CheckMessage]:
    """Report permissions in roles that no model declares: a typing error there would silently grant nothing."""
    return [
        Error(f"A role ships with “{name}”, which no model declares.", id="accounts.E001")
        for name in sorted(shipped_permissions() - declared_permissions())
    ]
