"""The portal's tables."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.money import format_amount
from core.tables import AmountColumn, DateColumn, NumberColumn, StatusColumn, StewardTable
from donations.models import Gift, GiftKind, GiftStatus, Receipt
from volunteers.models import HoursStatus

GIFT_TONES: dict[str, str] = {
    GiftStatus.PENDING: "waiting",
    GiftStatus.POSTED: "good",
    GiftStatus.CHARGED_BACK: "wrong",
}
HOURS_TONES: dict[str, str] = {
    HoursStatus.APPROVED: "good",
    HoursStatus.SUBMITTED: "waiting",
    HoursStatus.REFUSED: "wrong",
}


def receipt_link(receipt: Receipt) -> SafeString:
    """Return a link that downloads the receipt."""
    return format_html(
        '<a href="{}" download>{}<span class="visually-hidden"> {}</span></a>',
        reverse("portal_receipt", args=[receipt.uuid]),
        receipt.serial,
        _t("download the receipt as a PDF"),
    )


class GiftsTable(StewardTable):
    """Somebody's gifts of a year, those expected among them."""

    received_on = DateColumn(verbose_name=_("Date"), orderable=False)
    purpose = tables.Column(verbose_name=_("For"), empty_values=(), orderable=False)
    method = tables.Column(verbose_name=_("How"), orderable=False)
    status = StatusColumn(verbose_name=_("State"), tones=GIFT_TONES, orderable=False)
    receipt = tables.Column(verbose_name=_("Receipt"), empty_values=(), orderable=False)
    money = AmountColumn(verbose_name=_("Amount"), currency="currency", orderable=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Expected gifts stand among the others, so the year's sum stands above the table and not below it.
        super().__init__(*args, show_footer=False, **kwargs)

    class Meta(StewardTable.Meta):
        empty_text = _("No gifts in this year.")

    def render_purpose(self, record: Gift) -> str:
        """Name the funds, or say that it was dues."""
        if record.kind == GiftKind.DUES:
            return _t("Membership dues")
        return ", ".join(allocation.fund.name for allocation in record.allocations.all())

    def render_money(self, record: Gift) -> str:
        """Write what was given, less what went back."""
        return str(record.left if record.is_counted else record.money)

    def render_receipt(self, record: Gift) -> SafeString | str:
        """Link the receipt the gift stands on."""
        receipts = [line.receipt for line in record.receipt_lines.all() if line.is_live]
        return format_html_join(", ", "{}", ((receipt_link(receipt),) for receipt in receipts)) or "\N{EN DASH}"


class ReceiptsTable(StewardTable):
    """Official receipts to download."""

    serial = tables.Column(verbose_name=_("Receipt"), orderable=False)
    issued_on = DateColumn(verbose_name=_("Issued"), orderable=False)
    covers = tables.Column(verbose_name=_("For"), empty_values=(), orderable=False)
    eligible = NumberColumn(verbose_name=_("Eligible amount"), orderable=False)

    def render_serial(self, record: Receipt) -> SafeString:
        """Link the file."""
        return receipt_link(record)

    def render_covers(self, record: Receipt) -> str:
        """Say what the receipt is over."""
        return _t("The year %(year)s") % {"year": record.covers_year} if record.covers_year else _t("Single gifts")

    def render_eligible(self, record: Receipt) -> str:
        """Write what may be declared."""
        return format_amount(record.eligible, record.currency)


class HoursTable(StewardTable):
    """Hours somebody gave."""

    worked_on = DateColumn(verbose_name=_("Day"), orderable=False)
    opportunity = tables.Column(verbose_name=_("What"), orderable=False)
    status = StatusColumn(verbose_name=_("State"), tones=HOURS_TONES, orderable=False)
    hours = NumberColumn(verbose_name=_("Hours"), orderable=False)
