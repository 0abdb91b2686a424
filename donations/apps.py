"""The donations app."""

import datetime as dt

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DonationsConfig(AppConfig):
    """Registers the donations app: what the database protects, and what giving adds to the rooms below."""

    name = "donations"
    verbose_name = _("Giving")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the registries of lower rooms and listen."""
        from constituents.signals import constituents_merged, merge_undone
        from core.audit import name_verbs
        from core.jobs import schedule
        from core.organisation.models import money_posted_checks
        from donations import (
            criteria,
            events,
            permissions,  # noqa: F401  says what roles may do
            pointing,
            receivers,
            waiting,
        )
        from donations.accounting import checks as accounting_checks
        from donations.accounting.journal import register_source
        from donations.accounting.movements import LEDGER
        from donations.gift_aid.registration import register_gift_aid
        from donations.levels.registration import register_levels
        from donations.merging import declare_relations, totals_follow_the_gifts
        from donations.models import LedgerEntry
        from donations.promises.registration import register_promises
        from donations.protection import protect_money
        from donations.resources.registration import offer_to_imports
        from donations.services import receipt_books
        from donations.services.books import register_check
        from donations.services.receipts import finish_left_over
        from donations.stripe.registration import register_online_giving
        from donations.thanks.registration import register_thanks

        declare_relations()
        criteria.register()
        protect_money()
        register_promises()
        register_gift_aid()
        register_levels()
        register_thanks()
        register_online_giving()
        offer_to_imports()
        register_source(LEDGER)
        for check in (*receipt_books.CHECKS, *accounting_checks.CHECKS):
            register_check(check)
        money_posted_checks.append(LedgerEntry.objects.exists)
        for signal in (constituents_merged, merge_undone):
            signal.connect(totals_follow_the_gifts, dispatch_uid="donations.totals_follow_the_gifts")
        receivers.listen()
        events.register_events()
        events.listen()
        waiting.register()
        pointing.register()
        schedule.register("donations.receipts", finish_left_over, every=dt.timedelta(minutes=5))
        name_verbs(
            {
                "batch.changed": _("Batch changed"),
                "batch.discarded": _("Batch discarded"),
                "batch.opened": _("Batch opened"),
                "batch.posted": _("Batch posted"),
                "batch.slip_printed": _("Deposit slip printed"),
                "batch_template.created": _("Batch template kept"),
                "journal.exported": _("Journal exported"),
                "journal.taken_back": _("Journal export taken back"),
                "period.closed": _("Books closed"),
                "period.reopened": _("Books opened again"),
                "gift.recorded": _("Gift recorded"),
                "gift.posted": _("Gift received"),
                "gift.cancelled": _("Expected gift cancelled"),
                "gift.revived": _("Cancelled gift expected again"),
                "gift.refund_returned": _("Refund came back"),
                "gift.voided": _("Gift voided"),
                "gift.refunded": _("Gift refunded"),
                "gift.charged_back": _("Gift charged back"),
                "gift.reinstated": _("Charge-back reversed"),
                "gift.adjusted": _("Gift adjusted"),
                "gift.valued": _("Gift valued"),
                "gift.dedicated": _("Gift dedicated"),
                "gift.dedication_removed": _("Dedication removed"),
                "match.expected": _("Match expected"),
                "match.changed": _("Expected match changed"),
                "match.claimed": _("Match claimed"),
                "match.received": _("Match received"),
                "match.closed": _("Match given up"),
                "match.reopened": _("Match expected again"),
                "tribute_notice.wanted": _("Tribute notice wanted"),
                "tribute_notice.dropped": _("Tribute notice dropped"),
                "tribute_notice.told": _("Told of a tribute"),
                "soft_credit.given": _("Soft credit given"),
                "soft_credit.withdrawn": _("Soft credit withdrawn"),
                "receipt.numbered": _("Receipt number taken"),
                "receipt.issued": _("Receipt issued"),
                "receipt.voided": _("Receipt voided"),
                "receipt.sent": _("Receipt e-mailed"),
                "receipt_settings.changed": _("Receipt settings changed"),
                "gift.bulk_consolidate_receipts": _("Receipts issued over chosen gifts"),
                "gift.detailed_for_receipt": _("Details for the receipt given"),
                "receipt.downloaded": _("Receipt downloaded"),
                "receipt.bulk_print": _("Receipts printed"),
                "bank.statement_read": _("Bank statement read"),
                "bank.credit_decided": _("Bank credit decided"),
                "receipts.printed": _("Receipts made into a file for the printer"),
                "receipts.posted": _("Printed receipts posted"),
                "receipts.print_discarded": _("File of receipts thrown away"),
                "gift.bulk_issue_receipts": _("Receipts issued for many gifts"),
                "gift.bulk_mark_received": _("Many gifts marked as received"),
            }
        )
        self._stand_on_the_constituent_page()
        self._stand_on_the_household_page()

    def _stand_on_the_constituent_page(self) -> None:
        from constituents import panels, timeline
        from constituents.merging.totals import register_total
        from core.staff.parts import Panel
        from donations import finding
        from donations.staff import person

        see = "donations.view_giving"
        panels.register_chips("giving", person.chips, permission=see)
        panels.register_figures("giving", person.figures, permission=see, order=10)
        panels.register_panel(
            Panel(
                "giving",
                _("Giving"),
                "wagtailadmin/giving/panels/recent_gifts.html",
                person.recent_gifts,
                order=10,
                permission=see,
                place="tab",
            )
        )
        register_total("giving", _("Lifetime giving"), person.given_together, permission=see)
        register_total("gifts", _("Gifts"), person.gifts_together, permission=see)
        panels.register_actions("giving", person.actions, permission="donations.add_gift")
        panels.register_actions("receipts", person.receipt_actions, permission="donations.issue_receipt")
        timeline.register_timeline_source(timeline.TimelineSource("gift", _("Gifts"), person.gift_events, see))
        timeline.register_timeline_source(timeline.TimelineSource("receipt", _("Receipts"), person.receipt_events, see))
        finding.register()

    def _stand_on_the_household_page(self) -> None:
        from constituents.household_panels import register_household_figures, register_household_panel
        from constituents.household_steps import register_loose_ends
        from core.staff.parts import Panel
        from donations.staff import household

        see = "donations.view_giving"
        register_loose_ends("gifts", household.loose_ends, permission=see)
        register_household_figures("giving", household.figures, permission=see)
        register_household_panel(
            Panel(
                "giving",
                _("Giving"),
                "wagtailadmin/giving/panels/household_gifts.html",
                household.recent_gifts,
                order=30,
                permission=see,
            )
        )
