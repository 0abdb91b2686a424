"""The constituents app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConstituentsConfig(AppConfig):
    """Registers the constituents app."""

    name = "constituents"
    verbose_name = _("People")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let imports bring people, organisations and households."""
        from constituents.resources.registration import offer_to_imports

        offer_to_imports()
