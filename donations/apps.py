"""The donations app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DonationsConfig(AppConfig):
    """Registers the donations app: what the database protects, and what giving adds to the rooms below."""

    name = "donations"
    verbose_name = _("Giving")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the registries of lower rooms and listen, subject by subject.

        In this order they hear of gifts and stand on people's pages: first what hangs on a gift, then the gift.
        """
        from donations import (
            criteria,
            permissions,  # noqa: F401  says what roles may do
        )
        from donations.accounting.registration import register_accounting
        from donations.bank.registration import register_bank
        from donations.batches.registration import register_batches
        from donations.campaigns.registration import register_campaigns
        from donations.gift_aid.registration import register_gift_aid
        from donations.levels.registration import register_levels
        from donations.promises.registration import register_promises
        from donations.receipts.registration import register_receipts
        from donations.registration import register_gifts
        from donations.resources.registration import offer_to_imports
        from donations.stripe.registration import register_online_giving
        from donations.thanks.registration import register_thanks

        criteria.register()
        register_promises()
        register_gift_aid()
        register_levels()
        register_thanks()
        register_online_giving()
        offer_to_imports()
        register_gifts()
        register_batches()
        register_campaigns()
        register_receipts()
        register_accounting()
        register_bank()
