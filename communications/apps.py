"""The communications app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunicationsConfig(AppConfig):
    """Registers the communications app."""

    name = "communications"
    verbose_name = _("Communication")
    default_auto_field = "django.db.models.BigAutoField"
