"""The portal app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """Registers the portal app and what it announces."""

    name = "portal"
    verbose_name = _("Portal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what happens here."""
        from core.audit import name_verbs
        from portal.events import register_events

        register_events()
        name_verbs({"privacy.data_taken": _("Took their data away")})
