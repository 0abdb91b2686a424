"""The website app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebsiteConfig(AppConfig):
    """Registers the website app."""

    name = "website"
    verbose_name = _("Website")
    default_auto_field = "django.db.models.BigAutoField"
