"""What receipts add to the rooms below and to giving itself; called once from the app's `ready()`."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from constituents import panels, timeline
from core.audit import name_verbs
from core.jobs import schedule
from donations.receipts.protection import protect_receipts
from donations.services.books import register_check
from donations.services.receipt_books import CHECKS
from donations.services.receipt_files import finish_left_over
from donations.staff import person


def register_receipts() -> None:
    """Keep and prove them, finish what was cut off, and show them on people's pages."""
    protect_receipts()
    for check in CHECKS:
        register_check(check)
    schedule.register("donations.receipts", finish_left_over, every=dt.timedelta(minutes=5))
    panels.register_actions("receipts", person.receipt_actions, permission="donations.issue_receipt")
    source = timeline.TimelineSource("receipt", _("Receipts"), person.receipt_events, "donations.view_giving")
    timeline.register_timeline_source(source)
    name_verbs(
        {
            "receipt.numbered": _("Receipt number taken"),
            "receipt.issued": _("Receipt issued"),
            "receipt.voided": _("Receipt voided"),
            "receipt.sent": _("Receipt e-mailed"),
            "receipt.downloaded": _("Receipt downloaded"),
            "receipt.bulk_print": _("Receipts printed"),
            "receipt_settings.changed": _("Receipt settings changed"),
            "receipts.printed": _("Receipts made into a file for the printer"),
            "receipts.posted": _("Printed receipts posted"),
            "receipts.print_discarded": _("File of receipts thrown away"),
            "gift.bulk_consolidate_receipts": _("Receipts issued over chosen gifts"),
            "gift.bulk_issue_receipts": _("Receipts issued for many gifts"),
            "gift.detailed_for_receipt": _("Details for the receipt given"),
        }
    )
