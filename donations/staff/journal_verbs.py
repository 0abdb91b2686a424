"""What is done with the journal: the next export, seen before it is made; one that never arrived, taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.forms import BaseForm
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from core import clock
from core.money import Money
from core.organisation import current_organisation
from core.staff.verbs import ReasonForm, VerbView
from donations.accounting.exporting import Preview, export_journal, preview_journal, take_back_export
from donations.models import JournalExport, JournalGrouping
from donations.models.journal import journal_settings
from donations.staff.journal_lines import SHOWN, with_names
from donations.staff.periods import end_of_last_month


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
            "shown": with_names(preview.lines[:SHOWN]),
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
