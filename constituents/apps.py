"""The constituents app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConstituentsConfig(AppConfig):
    """Registers the constituents app."""

    name = "constituents"
    verbose_name = _("People")
    default_auto_field = "django.db.models.BigAutoField"
