"""The volunteers app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    """Tells the people's pages and the prospect list about volunteering, and volunteers about their places."""

    name = "volunteers"
    verbose_name = _("Volunteering")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect to the rooms below."""
        from volunteers.registration import register_volunteering

        register_volunteering()
