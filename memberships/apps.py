"""The memberships app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembershipsConfig(AppConfig):
    """Registers the memberships app."""

    name = "memberships"
    verbose_name = _("Membership")
    default_auto_field = "django.db.models.BigAutoField"
