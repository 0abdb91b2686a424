"""The memberships app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembershipsConfig(AppConfig):
    """Listens to money, and tells the people's pages about membership."""

    name = "memberships"
    verbose_name = _("Membership")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect to the rooms below."""
        from constituents.services.search_text import register_search_texts
        from donations.signals import gift_posted, gift_reversed
        from memberships import receivers
        from memberships.directory import numbers_of

        gift_posted.connect(receivers.begin_term_when_dues_come, dispatch_uid="memberships.gift_posted")
        gift_reversed.connect(receivers.flag_when_dues_go_back, dispatch_uid="memberships.gift_reversed")
        register_search_texts(numbers_of)
