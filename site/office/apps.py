"""The office app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    """Registers the office app and its parts of the demo."""

    name = "office"
    verbose_name = _("Office")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the parts of the demo and the formats of files that reach across domains."""
        from core.audit import name_verbs
        from core.demo import register_demo_part
        from core.imports.formats import register_format
        from office.demo import (
            accounting,
            bank,
            batches,
            contact,
            custom,
            gifts,
            giving,
            households,
            levels,
            membership,
            merging,
            online,
            papers,
            people,
            promises,
            receipts,
            recurring_online,
            segments,
            setting,
            stripe,
            thanks,
            ties,
            volunteering,
            work,
        )
        from office.imports.npsp import NPSP

        register_demo_part("organisation", 10, setting.set_up_organisation)
        register_demo_part("staff", 20, setting.add_staff)
        register_demo_part("people", 30, people.add_people)
        register_demo_part("funds", 40, setting.add_funds_and_campaigns)
        register_demo_part("giving", 50, giving.add_giving)
        register_demo_part("promises", 55, promises.add_promises)
        register_demo_part("recurring gifts online", 56, recurring_online.add_recurring_online)
        register_demo_part("membership", 60, membership.add_memberships_of_every_kind)
        register_demo_part("volunteering", 70, volunteering.add_volunteering)
        register_demo_part("contact", 80, contact.add_contact)
        register_demo_part("households", 85, households.add_households_of_every_kind)
        register_demo_part("custom", 86, custom.add_custom_values)
        register_demo_part("papers", 89, papers.add_papers)
        register_demo_part("receipts", 90, receipts.add_receipts)
        register_demo_part("batches", 91, batches.add_batches)
        register_demo_part("ties", 92, ties.add_ties)
        register_demo_part("levels", 92, levels.add_levels)
        register_demo_part("merges", 93, merging.add_merges)
        register_demo_part("segments", 94, segments.add_segments)
        register_demo_part("work", 95, work.add_work)
        register_demo_part("thanks", 97, thanks.add_thanks)
        register_demo_part("gift stories", 96, gifts.add_gift_stories)
        # After everything that is dated in the past: it closes a year and opens it again.
        register_demo_part("bank", 98, bank.add_bank)
        register_demo_part("online", 97, online.add_online)
        register_demo_part("what Stripe remembers", 98, stripe.add_what_stripe_remembers)
        register_demo_part("accounting", 99, accounting.add_accounting)
        register_format(NPSP)
        name_verbs({"demo.loaded": _("Demo data loaded"), "report.downloaded": _("Report downloaded")})
