"""The office app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    """Registers the office app and its parts of the demo."""

    name = "office"
    verbose_name = _("Office")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the parts of the demo and the formats of files that reach across domains."""
        from office.registration import register_office

        register_office()
