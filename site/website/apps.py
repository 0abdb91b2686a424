"""The website app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class WebsiteConfig(AppConfig):
    """Registers the website app and sees to its first pages."""

    name = "website"
    verbose_name = _("Website")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the first pages once the tables are there; have the clock forget what was counted long ago."""
        from core.demo import register_demo_part
        from core.jobs import schedule
        from donations.campaigns.links import register_giving_address
        from website.demo import dress_pages
        from website.limits import forget
        from website.services.addresses import giving_address
        from website.services.first_pages import ensure_first_pages

        schedule.register("website.limits", forget, every=schedule.Daily(hour=4))
        register_demo_part("pages", 95, dress_pages)
        register_giving_address(giving_address)
        post_migrate.connect(ensure_first_pages, sender=self, dispatch_uid="website.first_pages")
