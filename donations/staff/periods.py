"""Closed periods: through which day the books are done, who closed them, who opened them again and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets import AdminDateInput

from core import clock
from core.money import Money
from core.organisation import current_organisation
from core.staff.columns import DateColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Chip, Figure, Panel
from core.staff.records import RecordView
from core.staff.verbs import ReasonForm, VerbView
from core.staff.views import StaffIndexView
from core.staff.viewsets import StaffViewSet
from core.theme.figures import day_in_words
from donations.accounting.as_of import books_as_of
from donations.accounting.journal import sources
from donations.accounting.periods import close_period, closed_through, reopen_period
from donations.models import ClosedPeriod, Gift, LedgerEntry
from donations.models.journal import journal_settings
from donations.staff.links import page_of
from donations.staff.only_verbs import NeverDeleted


def end_of_last_month() -> dt.date:
    """Return the last day of the month before this one."""
    return clock.today().replace(day=1) - dt.timedelta(days=1)


class CloseForm(forms.Form):
    """Through which day."""

    through = forms.DateField(
        label=_("Close the books through"),
        widget=AdminDateInput,
        help_text=_("The last day nothing more is dated into: the end of a month, a quarter or a year."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=300,
        help_text=_("Such as: handed to the auditor on 3 February."),
    )


class ClosePeriodView(VerbView):
    """The month is done."""

    verb = staticmethod(close_period)
    permission = "donations.close_period"
    needs_object = False
    title = _("Close the books")
    question = _("Through which day are the books done?")
    explanation = _(
        "Nothing more is dated into closed books. Refunds, voids and corrections of gifts in them are still entered: "
        "they land on an open day."
    )
    icon = "lock"
    form_class = CloseForm
    success_message = _("The books are closed.")

    def get_initial(self) -> dict[str, Any]:
        """The month before this one, unless that is closed."""
        day = end_of_last_month()
        closed = closed_through()
        return super().get_initial() | ({"through": day} if closed is None or closed < day else {})

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """How things stand, and what one looks at before closing."""
        day = end_of_last_month()
        words = {"day": day_in_words(day, "medium")}
        closed = closed_through()
        settings = journal_settings()
        waiting = sum(source.pending(settings, day).count() for source in sources())
        expected = Gift.objects.expected().filter(received_on__lte=day).count()
        through = _("through %(day)s") % {"day": day_in_words(closed, "medium")} if closed else _("nothing")
        return [
            (_("Closed now"), through),
            (_("Not in a journal export yet, through %(day)s") % words, waiting),
            (_("Gifts still expected, promised by %(day)s") % words, expected),
        ]


class ReopenPeriodView(VerbView):
    """Something was missed."""

    verb = staticmethod(reopen_period)
    permission = "donations.reopen_period"
    title = _("Open again")
    question = _("Open the books again: %(object)s?")
    explanation = _(
        "Gifts may be dated into these days until they are closed anew. Often there is no need: a correction is "
        "entered today and lands on an open day."
    )
    icon = "lock-open"
    danger = True
    form_class = ReasonForm
    success_message = _("The books are open again: %(object)s.")

    @classmethod
    def refusal(cls, period: ClosedPeriod) -> Any:
        """What is open cannot be opened."""
        return "" if period.is_closed else _("This period has been opened again already.")


class ClosedPeriodIndexView(NeverDeleted, StaffIndexView):
    """The list of closings."""


class ClosedPeriodRecordView(NeverDeleted, RecordView):
    """One closing: what the books held in it, and what has been corrected since."""

    def subtitle(self) -> str:
        """The note it was closed with."""
        return self.object.note

    def chips(self) -> Iterable[Chip]:
        """How it stands."""
        yield Chip(self.object.get_state_display(), "good" if self.object.is_closed else "waiting")

    def figures(self) -> Iterable[Figure]:
        """What is dated into it."""
        period = self.object
        entries = LedgerEntry.objects.filter(effective_on__lte=period.ends_on)
        if period.starts_on:
            entries = entries.filter(effective_on__gte=period.starts_on)
        yield Figure(_("Entries dated in it"), f"{entries.count():,}")
        lines = _lines(period)
        currency = current_organisation().base_currency
        yield Figure(_("Net, as closed"), str(sum((Money(line.net, currency) for line in lines), Money.zero(currency))))

    def panels(self) -> Iterable[Panel]:
        """The books by fund, as they were when it was closed."""
        return [
            Panel(
                "books",
                _("What it held by fund"),
                "wagtailadmin/giving/panels/books_of_period.html",
                lambda period: {"lines": _lines(period), "url": books_url(period)},
                permission="donations.view_giving",
            )
        ]

    def side_panels(self) -> Iterable[Panel]:
        """Who, when, why."""
        period = self.object
        facts = [
            (_("Closed on"), clock.local_date(period.closed_at), None),
            (_("Closed by"), period.closed_by, None),
            (_("Note"), period.note, None),
            (_("Opened again on"), clock.local_date(period.reopened_at) if period.reopened_at else None, None),
            (_("Opened again by"), period.reopened_by, None),
            (_("Why"), period.reopen_reason, None),
        ]
        shown = [fact for fact in facts if fact[1]]
        return [Panel("facts", _("Facts"), "wagtailadmin/giving/panels/facts.html", lambda obj: {"facts": shown})]


def _lines(period: ClosedPeriod) -> list[Any]:
    return books_as_of(clock.local_date(period.closed_at), first=period.starts_on, last=period.ends_on)


def books_url(period: ClosedPeriod) -> str:
    """Return the page that shows the books of the period as they were when it was closed."""
    asked = {"as_of": str(clock.local_date(period.closed_at)), "until": str(period.ends_on)}
    if period.starts_on:
        asked["since"] = str(period.starts_on)
    return f"{reverse('giving_books')}?{urlencode(asked)}"


class ClosedPeriodViewSet(StaffViewSet):
    """Every closing of the books, the latest first."""

    model = ClosedPeriod
    icon = "lock"
    menu_label = _("Closed periods")
    menu_area = Area.GIVING
    menu_order = 220
    add_view_enabled = False
    edit_view_enabled = False
    delete_view_enabled = False
    index_view_class = ClosedPeriodIndexView
    inspect_view_enabled = True
    inspect_view_class = ClosedPeriodRecordView
    select_related = ["closed_by", "reopened_by"]
    list_display = [
        TitleColumn("__str__", label=_("Period"), sort_key="ends_on", get_url=page_of),
        DateColumn("closed_at", label=_("Closed on"), sort_key="closed_at"),
        Column("closed_by", label=_("By")),
        Column("note", label=_("Note")),
        StatusChipColumn("state", label=_("State"), tones={"closed": "good", "open": "waiting"}),
        Column("reopen_reason", label=_("Opened again because")),
    ]
    form_fields = []
    verb_views = {"close": ClosePeriodView, "reopen": ReopenPeriodView}
    empty_message = _(
        "All days are open. When a month is done and handed to the bookkeeping, close the books through its last day: "
        "then nothing can slip into it unseen."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[ClosedPeriod]:
        """Every closing, also those that were opened again."""
        return super().base_queryset(request)
