"""The books as of a day: what was known then, whatever was entered or corrected since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from core import clock
from core.money import Money
from core.tables import AmountColumn, StaffTableView, StewardTable
from core.theme.figures import day_in_words
from donations.accounting.as_of import GROUPINGS, Line, books_as_of
from donations.models import GiftKind
from donations.staff.links import gifts_url

# The list of gifts knows the same questions by these names.
_FILTERS = {"fund": "allocations__fund", "campaign": "campaign"}
_DATES = {"since": "received_on_from", "until": "received_on_to"}


class MovementColumn(AmountColumn):
    """An amount that is nothing most of the time: then a dash, so that the others stand out."""

    def render(self, value: Decimal | Money, record: Any) -> str:
        """Write the amount, or a dash."""
        return super().render(value, record) if value else "\N{EN DASH}"

    def render_total(self, totals: Mapping[str, Any]) -> str:
        """Write the total, or a dash."""
        return super().render_total(totals) if any(totals.values()) else "\N{EN DASH}"


class BooksTable(StewardTable):
    """A line for each fund or campaign: what was posted, what went back, what was left, and what changed since."""

    name = tables.Column(verbose_name=_("Fund"), orderable=False, empty_values=(), footer=_("Together"))
    posted = AmountColumn(verbose_name=_("Posted"), total=True, orderable=False)
    adjusted = MovementColumn(verbose_name=_("Corrected"), total=True, orderable=False)
    voided = MovementColumn(verbose_name=_("Voided"), total=True, orderable=False)
    refunded = MovementColumn(verbose_name=_("Refunded"), total=True, orderable=False)
    charged_back = MovementColumn(verbose_name=_("Charged back"), total=True, orderable=False)
    net = AmountColumn(verbose_name=_("That day"), total=True, orderable=False)
    since = MovementColumn(verbose_name=_("Since then"), total=True, orderable=False)
    now = AmountColumn(verbose_name=_("Now"), total=True, orderable=False)

    class Meta(StewardTable.Meta):
        empty_text = _("Nothing was in the books that day.")
        per_page = 200

    #: What was asked, for the links; set by the view.
    asked: dict[str, Any] = {}

    def render_name(self, record: Line) -> SafeString | str:
        """Link to the gifts that are sorted so today."""
        if record.pk is None:
            return gettext("No campaign")
        filters = {_FILTERS[self.asked.get("by") or "fund"]: record.pk}
        filters |= {
            filter_name: self.asked[name] for name, filter_name in _DATES.items() if self.asked.get(name) is not None
        }
        return format_html('<a href="{}">{}</a>', gifts_url(**filters), record.name)

    def value_name(self, record: Line) -> str:
        """Return the name alone."""
        return record.name or gettext("No campaign")


class AsOfForm(forms.Form):
    """Which day's knowledge, of which days' gifts, sorted by what."""

    as_of = forms.DateField(
        label=_("Books as of"), required=False, widget=AdminDateInput, help_text=_("What had been entered by its end.")
    )
    since = forms.DateField(label=_("Dated from"), required=False, widget=AdminDateInput)
    until = forms.DateField(label=_("Dated to"), required=False, widget=AdminDateInput)
    by = forms.ChoiceField(
        label=_("By"), choices=[(key, label) for key, (label, *_rest) in GROUPINGS.items()], required=False
    )
    kind = forms.ChoiceField(label=_("What"), choices=[("", _("Gifts and dues")), *GiftKind.choices], required=False)

    def clean(self) -> dict[str, Any]:
        """A day that is still to come knows nothing more than today."""
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("This is before the first day."))
        return cleaned


@dataclass(frozen=True, slots=True)
class Asked:
    """The form in the place where the table view looks for its filters."""

    form: AsOfForm
    is_bound: bool


class BooksView(StaffTableView):
    """What the books held."""

    table_class = BooksTable
    permission = "donations.view_giving"
    export_permission = "donations.export_gift"
    page_title = _("Books as of a day")
    header_icon = "history"
    help_text = _(
        "What had been entered by the end of a day, with everything entered since beside it. A report made from this "
        "page is the same whenever it is made again: corrections come on top, they change nothing."
    )

    @cached_property
    def filterset(self) -> Asked:
        """What was asked."""
        initial = {"as_of": clock.today(), "by": "fund", "kind": ""}
        given = {**initial, **self.request.GET.dict()} if self.request.GET else None
        return Asked(AsOfForm(given, initial=initial), given is not None)

    @property
    def asked(self) -> dict[str, Any]:
        """The answers, or what is usual."""
        form = self.filterset.form
        if form.is_bound and form.is_valid():
            return form.cleaned_data
        return dict(form.initial)

    def get_queryset(self) -> QuerySet | list[Line]:  # type: ignore[override]
        """Return the lines."""
        asked = self.asked
        if self.filterset.is_bound and not self.filterset.form.is_valid():
            return []
        return books_as_of(
            asked.get("as_of") or clock.today(),
            first=asked.get("since"),
            last=asked.get("until"),
            by=asked.get("by") or "fund",
            kind=asked.get("kind") or "",
        )

    def get_rows(self) -> QuerySet | list[Line]:
        """The lines are the answer already."""
        return self.get_queryset()

    def get_table(self) -> StewardTable:
        """Tell the table what its lines are."""
        table = super().get_table()
        table.asked = self.asked
        table.columns["name"].column.verbose_name = GROUPINGS[self.asked.get("by") or "fund"][0]
        return table

    def describe_filters(self) -> str:
        """Return the question in words, for the audit of an export."""
        asked = self.asked
        day = asked.get("as_of") or clock.today()
        return gettext("as of %(day)s") % {"day": day_in_words(day, "medium")}
