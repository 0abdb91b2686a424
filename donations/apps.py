"""The donations app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DonationsConfig(AppConfig):
    """Registers the donations app: what the database protects, and what giving adds to the rooms below."""

    name = "donations"
    verbose_name = _("Giving")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the registries of lower rooms and listen."""
        from core.organisation.models import money_posted_checks
        from donations import receivers
        from donations.models import LedgerEntry
        from donations.protection import protect_money
        from donations.resources.registration import offer_to_imports
        from donations.services import receipt_books
        from donations.services.books import register_check
        from donations.signals import gift_reversed

        protect_money()
        offer_to_imports()
        for check in receipt_books.CHECKS:
            register_check(check)
        money_posted_checks.append(LedgerEntry.objects.exists)
        gift_reversed.connect(receivers.replace_receipts_of, dispatch_uid="donations.replace_receipts_of")
