"""The journal: what was handed to the bookkeeping, the next export seen before it is made, and its accounts."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput
from wagtail.admin.widgets.button import HeaderButton

from core import clock
from core.exports import FORMATS, download_response
from core.money import Money, currency_places, quantize
from core.organisation import current_organisation
from core.staff.asked import acting
from core.staff.columns import AmountColumn, DateColumn, NumberColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Action, Chip, Figure, Panel
from core.staff.records import RecordView
from core.staff.verbs import ReasonForm, VerbView
from core.staff.views import StaffIndexView
from core.staff.viewsets import StaffViewSet
from core.theme.figures import day_in_words
from donations.accounting.exporting import Preview, export_journal, preview_journal, take_back_export
from donations.accounting.journal import uses
from donations.accounting.setting_up import set_up_journal
from donations.models import Account, AccountUse, Fund, JournalExport, JournalGrouping, JournalLine, LedgerEntry, Method
from donations.models.account import MONEY_USES
from donations.models.journal import journal_settings
from donations.staff.gifts import NeverDeleted
from donations.staff.links import page_of
from donations.staff.periods import end_of_last_month

#: How many lines a page shows; the file has all.
SHOWN = 200

LINE_COLUMNS = [
    _("Export"),
    _("Date"),
    _("Text"),
    _("Account"),
    _("Account name"),
    _("Fund"),
    _("Method"),
    _("Debit"),
    _("Credit"),
    _("Currency"),
    _("Original currency"),
    _("Original amount"),
]
MOVEMENT_COLUMNS = [
    _("Export"),
    _("Dated"),
    _("Recorded on"),
    _("What"),
    _("Gift"),
    _("Donor"),
    _("Fund"),
    _("Method"),
    _("Amount"),
    _("Currency"),
    _("In base currency"),
    _("Reason"),
]


def line_rows(export: JournalExport) -> Iterator[list[Any]]:
    """Return the lines of an export as they go into a file."""
    for line in export.lines.iterator():
        places = currency_places(export.currency)
        yield [
            str(export),
            line.date,
            line.text,
            line.account,
            line.account_name,
            line.fund,
            _method(line.method),
            round(line.debit, places) if line.debit else None,
            round(line.credit, places) if line.credit else None,
            export.currency,
            line.own_currency,
            quantize(line.own_amount, line.own_currency) if line.own_amount is not None else None,
        ]


def movement_rows(export: JournalExport) -> Iterator[list[Any]]:
    """Return every gift's movement in an export: what its lines were summed up from."""
    entries = (
        LedgerEntry.objects.filter(pk__in=export.entries.filter(source="ledger").values("row"))
        .select_related("gift__donor", "fund")
        .order_by("effective_on", "pk")
    )
    for entry in entries.iterator(chunk_size=2_000):
        yield [
            str(export),
            entry.effective_on,
            clock.local_date(entry.recorded_at),
            str(entry.get_kind_display()),
            str(entry.gift.uuid),
            str(entry.gift.donor),
            entry.fund.code,
            str(entry.gift.get_method_display()),
            quantize(entry.amount, entry.currency),
            entry.currency,
            quantize(entry.base_amount, export.currency),
            entry.reason,
        ]


_FILES = {
    "lines": (_("Journal"), LINE_COLUMNS, line_rows),
    "movements": (_("Movements"), MOVEMENT_COLUMNS, movement_rows),
}


@permission_required("donations.export_journal")
def download(request: HttpRequest, uuid: uuid.UUID, what: str, fmt: str) -> HttpResponseBase:
    """Answer with the lines of an export, or with the movements they were summed up from, as CSV or XLSX."""
    export = get_object_or_404(JournalExport, uuid=uuid)
    if what not in _FILES or fmt not in FORMATS:
        raise Http404
    label, columns, rows = _FILES[what]
    return download_response(
        request,
        name=f"{label} {export}",
        columns=columns,
        rows=rows(export),
        fmt=fmt,
        permission="donations.export_journal",
        filter_description=str(export),
    )


class ExportForm(forms.Form):
    """Up to which day, and how much a line sums up."""

    through = forms.DateField(
        label=_("Everything dated up to"),
        widget=AdminDateInput,
        help_text=_("What an earlier export had is left out; what came late since is in."),
    )
    grouping = forms.ChoiceField(label=_("Lines"), choices=JournalGrouping, widget=forms.RadioSelect)

    def clean_through(self) -> dt.date:
        """Refuse the future."""
        date: dt.date = self.cleaned_data["through"]
        if date > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return date


class ExportJournalView(VerbView):
    """Hand over what no export had yet, after a look at it."""

    verb = staticmethod(export_journal)
    permission = "donations.export_journal"
    needs_object = False
    title = _("Export the journal")
    question = _("What does the bookkeeping get next?")
    explanation = _(
        "Each movement of money is handed over once. What is entered later for these days comes with the next export, "
        "under its own date."
    )
    submit_label = _("Export")
    icon = "download"
    form_class = ExportForm
    template_name = "wagtailadmin/giving/journal_export.html"

    def get_initial(self) -> dict[str, Any]:
        """The month that is over, in lines as they are always."""
        return super().get_initial() | {"through": end_of_last_month(), "grouping": journal_settings().grouping}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show what the export would hold: for the day asked about, or for the month that is over."""
        form = kwargs.get("form") or self.get_form()
        asked = form.cleaned_data if form.is_bound and form.is_valid() else form.initial
        preview = preview_journal(through=asked["through"], grouping=asked["grouping"])
        return super().get_context_data(**{**kwargs, "form": form}) | {
            "preview": preview,
            "shown": _with_names(preview.lines[:SHOWN]),
            "totals": _totals(preview),
            "currency": current_organisation().base_currency,
            "accounts_url": reverse("journal_accounts"),
        }

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Show it again when only that was asked for."""
        if "preview" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        return super().form_valid(form)

    def run(self, form: BaseForm) -> JournalExport:
        """Export, and remember where to go."""
        self.export: JournalExport = super().run(form)
        return self.export

    def get_success_message(self, outcome: JournalExport) -> str:
        """Name the export."""
        return str(_("%(export)s is ready: download it here.") % {"export": outcome})

    def get_success_url(self) -> str:
        """Go to the export and its files."""
        export = getattr(self, "export", None)
        return self.viewset.url_of(export) if export else super().get_success_url()


def _totals(preview: Preview) -> tuple[Money, Money]:
    currency = current_organisation().base_currency
    return Money(preview.debit, currency), Money(preview.credit, currency)


class TakeBackView(VerbView):
    """It never reached the bookkeeping."""

    verb = staticmethod(take_back_export)
    permission = "donations.export_journal"
    title = _("Take back")
    question = _("Take export %(object)s back?")
    explanation = _(
        "Only when it was not booked, or its lines were taken out of the books again: what it had comes with the next "
        "export."
    )
    icon = "rotate"
    danger = True
    form_class = ReasonForm
    success_message = _("%(object)s is taken back. What it had comes with the next export.")

    @classmethod
    def refusal(cls, export: JournalExport) -> Any:
        """Once is enough."""
        return "" if export.is_live else _("This export was taken back already.")


class JournalIndexView(NeverDeleted, StaffIndexView):
    """The list of exports."""

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Offer the way to the accounts beside the verbs."""
        buttons = super().header_buttons
        if self.request.user.has_perm("donations.change_account"):
            url = reverse("journal_accounts")
            buttons = [*buttons, HeaderButton(_("Accounts"), url=url, icon_name="cog", priority=60)]
        return buttons


class JournalRecordView(NeverDeleted, RecordView):
    """One export: its lines, its files."""

    def subtitle(self) -> str:
        """What it covers."""
        return str(_("Through %(day)s") % {"day": day_in_words(self.object.through, "medium")})

    def chips(self) -> Iterable[Chip]:
        """Whether it counts."""
        yield Chip(self.object.get_state_display(), "good" if self.object.is_live else "wrong")
        if self.object.late_count:
            yield Chip(_("%(count)s late") % {"count": self.object.late_count}, "waiting")

    def figures(self) -> Iterable[Figure]:
        """The two sides, which are equal."""
        total = str(Money(self.object.total, self.object.currency))
        yield Figure(_("Debit"), total)
        yield Figure(_("Credit"), total)
        yield Figure(_("Movements"), f"{self.object.entry_count:,}")

    def actions(self) -> Iterable[Action]:
        """The files."""
        if not self.request.user.has_perm("donations.export_journal"):
            return
        for fmt in ("xlsx", "csv"):
            url = reverse("journal_download", args=[self.object.uuid, "lines", fmt])
            yield Action(
                _("Download %(format)s") % {"format": fmt.upper()}, url, icon="download", primary=fmt == "xlsx"
            )
        url = reverse("journal_download", args=[self.object.uuid, "movements", "xlsx"])
        yield Action(_("Every movement"), url, icon="list-ul")

    def panels(self) -> Iterable[Panel]:
        """The lines at full width, then who and when."""
        return [Panel("lines", _("Lines"), "wagtailadmin/giving/panels/journal_lines.html", _lines_of), self._facts()]

    def _facts(self) -> Panel:
        export = self.object
        facts = [
            (_("Exported on"), clock.local_date(export.exported_at), None),
            (_("Exported by"), export.exported_by, None),
            (_("Lines"), export.get_grouping_display(), None),
            (_("Taken back on"), clock.local_date(export.taken_back_at) if export.taken_back_at else None, None),
            (_("Taken back by"), export.taken_back_by, None),
            (_("Why"), export.take_back_reason, None),
        ]
        shown = [fact for fact in facts if fact[1]]
        return Panel("facts", _("Facts"), "wagtailadmin/giving/panels/facts.html", lambda obj: {"facts": shown})


def _with_names(lines: Iterable[JournalLine]) -> list[tuple[JournalLine, str]]:
    """Return each line with the name of its fund, or of the way the money came."""
    funds = dict(Fund.objects.values_list("code", "name"))
    return [(line, funds.get(line.fund, line.fund) or _method(line.method)) for line in lines]


def _method(value: str) -> str:
    return str(Method(value).label) if value else ""


def _lines_of(export: JournalExport) -> dict[str, Any]:
    lines: list[JournalLine] = list(export.lines.all()[: SHOWN + 1])
    total = Money(export.total or Decimal(0), export.currency)
    return {
        "lines": _with_names(lines[:SHOWN]),
        "more": len(lines) > SHOWN,
        "totals": (total, total),
        "currency": export.currency,
    }


class JournalViewSet(StaffViewSet):
    """Every hand-over to the bookkeeping, the latest first."""

    model = JournalExport
    icon = "table"
    menu_label = _("Journal")
    menu_area = Area.GIVING
    menu_order = 210
    add_view_enabled = False
    edit_view_enabled = False
    delete_view_enabled = False
    index_view_class = JournalIndexView
    inspect_view_enabled = True
    inspect_view_class = JournalRecordView
    select_related = ["exported_by"]
    list_display = [
        TitleColumn("__str__", label=_("Number"), sort_key="pk", get_url=page_of),
        DateColumn("through", label=_("Through"), sort_key="through"),
        DateColumn("exported_at", label=_("Exported on"), sort_key="exported_at"),
        Column("exported_by", label=_("By")),
        NumberColumn("entry_count", label=_("Movements")),
        NumberColumn("late_count", label=_("Late")),
        AmountColumn("total", label=_("Debit and credit")),
        StatusChipColumn("state", label=_("State"), tones={"live": "good", "taken_back": "wrong"}),
    ]
    ordering = ["-pk"]
    form_fields = []
    verb_views = {"export": ExportJournalView, "take_back": TakeBackView}
    empty_message = _(
        "Nothing was handed to the bookkeeping yet. Enter your account numbers under Accounts, say from which day on "
        "the journal is to run, and export your first month."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[JournalExport]:
        """Every export, also those that were taken back."""
        return super().base_queryset(request)


class AccountsForm(forms.Form):
    """A number and a name for each use, from which day on, and how much a line sums up."""

    begins_on = forms.DateField(
        label=_("The journal begins on"),
        required=False,
        widget=AdminDateInput,
        help_text=_("What is dated earlier stands in your books already and is not exported. Empty: everything is."),
    )
    grouping = forms.ChoiceField(label=_("Lines"), choices=JournalGrouping, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {account.use: account for account in Account.objects.all()}
        for use in uses():
            account = known.get(use.value)
            self.fields[f"code_{use.value}"] = forms.CharField(
                label=_("Number for: %(use)s") % {"use": use.label},
                required=False,
                max_length=40,
                initial=account.code if account else "",
            )
            self.fields[f"name_{use.value}"] = forms.CharField(
                label=_("Name for: %(use)s") % {"use": use.label},
                required=False,
                max_length=120,
                initial=account.name if account else "",
            )

    def groups(self) -> list[tuple[Any, list[tuple[Any, forms.BoundField, forms.BoundField]]]]:
        """Return the uses in two groups, each with its two fields: where money comes in, and the other side."""
        money = [use for use in uses() if use in MONEY_USES]
        others = [use for use in uses() if use not in MONEY_USES]
        titles = ((_("Where the money comes in"), money), (_("What it was"), others))
        return [(title, [self._row(use) for use in uses]) for title, uses in titles]

    def _row(self, use: AccountUse) -> tuple[Any, forms.BoundField, forms.BoundField]:
        return use.label, self[f"code_{use.value}"], self[f"name_{use.value}"]

    @property
    def accounts(self) -> dict[str, tuple[str, str]]:
        """What was entered, by use."""
        cleaned = self.cleaned_data
        return {use.value: (cleaned[f"code_{use.value}"], cleaned[f"name_{use.value}"]) for use in uses()}


class AccountsView(WagtailAdminTemplateMixin, PermissionRequiredMixin, FormView):
    """The accounts of the journal, on one page."""

    permission_required = "donations.change_account"
    raise_exception = True
    form_class = AccountsForm
    template_name = "wagtailadmin/giving/accounts.html"
    page_title = _("Accounts of the journal")
    header_icon = "cog"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, the journal, this page."""
        journal = {"url": reverse("journal:index"), "label": _("Journal")}
        return [*super().get_breadcrumbs_items(), journal, {"url": "", "label": self.page_title}]

    def get_initial(self) -> dict[str, Any]:
        """How it stands."""
        settings = journal_settings()
        return {"begins_on": settings.begins_on, "grouping": settings.grouping}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the funds' accounts too: they stand on the funds."""
        context = super().get_context_data(**kwargs)
        funds = [(fund, page_of(fund)) for fund in Fund.objects.order_by("name")]
        return context | {"funds": funds, "media": context["form"].media}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Save, and stay."""
        set_up_journal(
            accounts=form.accounts,  # type: ignore[attr-defined]
            begins_on=form.cleaned_data["begins_on"],
            grouping=form.cleaned_data["grouping"],
            by=acting(self.request),
        )
        messages.success(self.request, _("The accounts are saved. The next export uses them."))
        return super().form_valid(form)

    def get_success_url(self) -> str:
        """Stay here."""
        return reverse("journal_accounts")
