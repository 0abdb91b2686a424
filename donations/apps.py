"""The donations app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DonationsConfig(AppConfig):
    """Registers the donations app."""

    name = "donations"
    verbose_name = _("Giving")
    default_auto_field = "django.db.models.BigAutoField"
