"""The volunteers app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    """Registers the volunteers app."""

    name = "volunteers"
    verbose_name = _("Volunteering")
    default_auto_field = "django.db.models.BigAutoField"
