"""Wagtail's own screens log into our audit: every record of ours, and the roles."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import Model
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import AbstractPage

from core.audit.models import AuditEntry, AuditHead, AuditPayload
from core.audit.verbs import verb_name


def audited_models() -> list[type[Model]]:
    """Return the models whose changes our audit keeps; pages keep Wagtail's revisions and page log."""
    ours = (model for model in apps.get_models() if model._meta.app_label in settings.DOMAIN_APPS)
    own = {AuditEntry, AuditHead, AuditPayload}
    return [Group, *(model for model in ours if model not in own and not issubclass(model, AbstractPage))]


def register_log_model(registry: LogActionRegistry) -> None:
    """Name our entry as the log of our records; called by the `register_log_actions` hook."""
    for model in audited_models():
        registry.register_model(model, AuditEntry)
    registry.formatters = _Formatters(registry.formatters)


class _Formatters(dict[str, LogFormatter]):
    """Wagtail's names of actions, and ours for the verbs it was not told of."""

    def __missing__(self, action: str) -> LogFormatter:
        formatter = LogFormatter()
        formatter.label = formatter.message = verb_name(action)
        return formatter
