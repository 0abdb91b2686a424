"""Reminders that go by post: the list of letters to write, and what was written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from core import clock
from core.staff.bulk import StaffBulkAction
from core.staff.bulk_all import ActsOnAll
from core.staff.columns import AmountColumn, DateColumn, LinkColumn
from core.staff.menu import Area
from core.staff.views import StaffIndexView
from core.staff.viewsets import StaffViewSet
from donations.models import PledgeReminder, ReminderHow, Together
from donations.promises.letters import write_reminders
from donations.promises.reminding import mark_written
from donations.staff.links import page_of


class LetterFilterSet(WagtailFilterSet):
    """What one asks of the letters."""

    done_at = django_filters.BooleanFilter(label=_("Written"), lookup_expr="isnull", exclude=True)

    class Meta:
        model = PledgeReminder
        fields = ["done_at"]


class LetterIndexView(StaffIndexView):
    """The list of letters."""

    page_title = _("Reminder letters")


def _pledge_of(reminder: PledgeReminder) -> str:
    return reverse("pledges:inspect", args=[reminder.instalment.pledge_id])


def _address(reminder: PledgeReminder) -> str:
    address = next(iter(reminder.instalment.pledge.donor.addresses.all()), None)
    return ", ".join(address.lines) if address is not None else ""


class ReminderLetterViewSet(StaffViewSet):
    """Whom to remind by post, because there is no e-mail address."""

    model = PledgeReminder
    icon = "mail"
    form_fields: Sequence[str] = ()
    menu_label = _("Reminder letters")
    menu_area = Area.GIVING
    menu_order = 23
    index_view_class = LetterIndexView
    filterset_class = LetterFilterSet
    add_view_enabled = edit_view_enabled = delete_view_enabled = False
    list_display = [
        TitleColumn(
            "donor",
            label=_("Donor"),
            accessor="instalment.pledge.donor",
            get_url=lambda reminder: page_of(reminder.instalment.pledge.donor),
        ),
        LinkColumn("pledge", label=_("Pledge"), accessor="instalment.pledge.reference", get_url=_pledge_of),
        DateColumn("due_on", label=_("Due on"), accessor="instalment.due_on", classname="s-nowrap"),
        AmountColumn("left", label=_("Still to come"), accessor="instalment.left", currency=None),
        Column("address", label=_("Address"), accessor=_address),
        DateColumn("raised_on", label=_("On the list since"), sort_key="raised_on", classname="s-nowrap"),
        DateColumn("done_at", label=_("Written on"), classname="s-nowrap"),
        Column("done_by", label=_("By"), accessor=lambda reminder: reminder.done_by or ""),
    ]
    ordering = ["raised_on", "pk"]
    empty_message = _(
        "No letter waits. Donors who promised and have no e-mail address come onto this list when a part falls due."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[PledgeReminder]:
        """Those by post: what is to write first, and what was written."""
        return (
            PledgeReminder.objects.filter(how=ReminderHow.LETTER)
            .select_related("instalment__pledge__donor", "done_by")
            .prefetch_related("instalment__pledge__donor__addresses")
        )


reminder_letters = ReminderLetterViewSet("reminder_letters", url_prefix="reminder-letters")


class TogetherForm(forms.Form):
    """Who shares a letter."""

    together = forms.ChoiceField(
        label=_("Letters"),
        choices=[(Together.HOUSEHOLD, Together.HOUSEHOLD.label), (Together.DONOR, Together.DONOR.label)],
        initial=Together.HOUSEHOLD,
        widget=forms.RadioSelect,
    )


class PrintReminders(ActsOnAll):
    """The letters, as one file."""

    viewset = reminder_letters
    permission = "donations.change_pledge"
    action_type, display_name = "print", _("Print letters")
    action_priority = 10
    question = _("Make letters of these reminders?")
    explanation = _(
        "Each says what is due, when, and what to quote; several parts of one donor share a letter. Left out are those "
        "without an address, what has been written, and what came meanwhile. Once they are in the post, mark them as "
        "written."
    )
    form_class = TogetherForm
    makes_file = True
    at_once = 50
    most = 5_000

    @classmethod
    def rows(cls, keys: Any) -> QuerySet[PledgeReminder]:
        """Those not written yet, with what a letter says."""
        waiting = PledgeReminder.objects.letters_to_write().filter(pk__in=keys)
        return waiting.select_related("instalment__pledge__donor").order_by("pk")

    @classmethod
    def file_name(cls, **_cleaned: Any) -> str:
        """By the day."""
        return f"pledge-reminders-{clock.today().isoformat()}.pdf"

    @classmethod
    def write(  # type: ignore[override]
        cls, rows: QuerySet[PledgeReminder], out: BinaryIO, *, by: Any, together: str
    ) -> int:
        """One PDF by postal code."""
        return write_reminders(rows, out, together=together, on=clock.today())


class MarkLettersWritten(StaffBulkAction):
    """The letters are in the post."""

    viewset = reminder_letters
    verb = staticmethod(mark_written)
    permission = "donations.change_pledge"
    action_type = "mark_written"
    display_name = _("Mark as written")
    question = _("Have these letters been written?")
    explanation = _("They leave the list of letters to write.")


def letters_url() -> str:
    """Return where the letters to write stand."""
    return f"{reverse('reminder_letters:index')}?done_at=false"
