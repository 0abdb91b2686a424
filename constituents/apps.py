"""The constituents app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConstituentsConfig(AppConfig):
    """Registers people: their part of the pages, what its verbs are called, and what may not be rewritten."""

    name = "constituents"
    verbose_name = _("People")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say to the rooms below what this one has."""
        from constituents.registration import register_people

        register_people(self)
