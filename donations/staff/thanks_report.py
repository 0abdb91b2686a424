"""The report of how long donors wait for thanks."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from core import clock
from core.tables import DateColumn, NumberColumn, StaffTableView, StewardTable
from core.theme.figures import part_in_words
from donations.thanks.reporting import Month, months


class MonthColumn(DateColumn):
    """A month: `October 2026`."""

    def render(self, value: Any) -> str:
        """Without the day."""
        return part_in_words(value, "yMMMM")


class ShareColumn(NumberColumn):
    """A part of a whole, in percent."""

    def render(self, value: float) -> str:
        """Without decimals: it is a guide, not an account."""
        return f"{value:.0%}"


class DaysColumn(NumberColumn):
    """Days, with one decimal."""

    def render(self, value: float) -> str:
        """In the reader's own way of writing numbers."""
        return number_format(value, decimal_pos=1)


class TimeToThankTable(StewardTable):
    """By month."""

    first = MonthColumn(verbose_name=_("Gifts of"))
    gifts = NumberColumn(verbose_name=_("Gifts"), total=True)
    in_time = NumberColumn(verbose_name=_("Thanked in time"), total=True)
    share_in_time = ShareColumn(verbose_name=_("In time"), orderable=False)
    late = NumberColumn(verbose_name=_("Thanked late"), total=True)
    waiting = NumberColumn(verbose_name=_("Still waiting"), total=True)
    average_days = DaysColumn(verbose_name=_("Average days"), orderable=False)
    letters = NumberColumn(verbose_name=_("By letter"), total=True)
    emails = NumberColumn(verbose_name=_("By e-mail"), total=True)
    spoken = NumberColumn(verbose_name=_("Otherwise"), total=True)

    class Meta(StewardTable.Meta):
        sequence = (
            "first", "gifts", "in_time", "share_in_time", "late", "waiting", "average_days", "letters", "emails",
            "spoken",
        )  # fmt: skip
        empty_text = _("No gift of the last year wanted thanks.")


class TimeToThankView(StaffTableView):
    """How long donors wait."""

    table_class = TimeToThankTable
    permission = "donations.view_acknowledgement"
    export_permission = "donations.export_acknowledgement"
    page_title = _("Time to thank")
    header_icon = "time"
    help_text = _(
        "The gifts of the last thirteen months for which thanks are wanted, by the month they were posted in. “In "
        "time” is within the hours set under Settings, Thanks."
    )

    def get_queryset(self) -> list[Month]:  # type: ignore[override]
        """Newest first."""
        return list(months(clock.today()))
