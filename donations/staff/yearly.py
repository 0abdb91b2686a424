"""A year's receipts: what a run would issue, issuing it, and handing it out by e-mail and by post."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.forms import BaseForm
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import permission_required
from wagtail.admin.ui.tables import TitleColumn

from core import audit, clock
from core.files import private_file_response
from core.jobs import Job, enqueue
from core.money import Money
from core.staff.asked import acting
from core.staff.columns import MomentColumn, NumberColumn
from core.staff.verbs import VerbView
from core.staff.viewsets import StaffViewSet
from donations.errors import DonationsError
from donations.forms import YearForm
from donations.jobs import email_year_job, issue_year_job, print_year_job
from donations.models import PrintedReceipts
from donations.receipts.handing_out import discard_print, mark_posted, progress_of
from donations.services.yearly import open_gifts, plan_year

#: How many of the receipts that a run would issue are shown.
SHOWN = 10


class YearVerb(VerbView):
    """What runs over the receipts of a year, as a job."""

    permission = "donations.issue_receipt"
    needs_object = False
    form_class = YearForm
    job: Any
    key: str
    label: Any

    @property
    def year(self) -> int | None:
        """The year that is asked about."""
        year = self.request.GET.get("year", "")
        return int(year) if year.isdigit() and 1900 < int(year) < 2200 else None

    def get_initial(self) -> dict[str, Any]:
        """The year that was asked about."""
        return super().get_initial() | ({"year": self.year} if self.year else {})

    def run(self, form: BaseForm) -> Job:
        """Queue the run; asked for twice in a minute it is the same job."""
        year = form.cleaned_data["year"]
        self.queued = enqueue(
            type(self).job,
            key=f"{self.key}-{year}-{clock.now():%Y%m%d%H%M}",
            label=str(self.label % {"year": year}),
            by=self.acting,
            year=year,
        )
        return self.queued

    def get_success_url(self) -> str:
        """Watch it run."""
        if hasattr(self, "queued"):
            return self.queued.get_absolute_url()
        return yearly_page(self.year)


class YearlyRunView(YearVerb):
    """The year's page: issue its receipts, and see how far they have been handed out."""

    title = _("Yearly receipts")
    question = _("Issue the yearly receipts")
    explanation = _(
        "Everyone whose gifts of that year no receipt has yet gets one over all of them. It runs in the background; "
        "it can be stopped, and started again at any time."
    )
    submit_label = _("Issue them")
    success_message = _("The receipts are being issued.")
    icon = "calendar-check"
    template_name = "wagtailadmin/giving/yearly_run.html"
    job = issue_year_job
    key = "receipts"
    label = _("Receipts for %(year)s")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show first what would be issued for the year that is asked about, and what was."""
        context = super().get_context_data(**kwargs)
        if self.year is None:
            return context
        try:
            planned = list(islice(plan_year(self.year), SHOWN))
        except DonationsError as error:
            return context | {"refusal": str(error)}
        return context | {
            "previewed": self.year,
            "planned": planned,
            "shown": SHOWN,
            "open": open_of(self.year) if planned else [],
            "handed": progress_of(self.year),
            "files": PrintedReceipts.objects.filter(year=self.year),
        }

    def get_success_url(self) -> str:
        """Watch it run, or go back to the list."""
        return super().get_success_url() if hasattr(self, "queued") else reverse(self.viewset.get_url_name("index"))


def open_of(year: int) -> list[dict[str, Any]]:
    """Return for each currency how many donors gave how much in gifts that no receipt has, receiptable or not."""
    rows = open_gifts(year).order_by().values("currency")
    rows = rows.annotate(donors=Count("donor", distinct=True), gifts=Count("pk"), sum=Sum("amount"))
    return [row | {"money": Money(row["sum"], row["currency"])} for row in rows.order_by("currency")]


def yearly_page(year: int | None) -> str:
    """Return the address of a year's receipts."""
    return reverse("receipts:yearly") + (f"?year={year}" if year else "")


class EmailYearView(YearVerb):
    """Send the year's receipts to everyone who has an address."""

    title = _("E-mail a year’s receipts")
    question = _("E-mail the year’s receipts?")
    explanation = _(
        "Each goes out once, with a few words of thanks, to everyone with a working address. Those who asked not to be "
        "contacted, and those who died, are left for the post."
    )
    submit_label = _("E-mail them")
    success_message = _("The receipts are being sent.")
    icon = "mail"
    offered = False
    job = email_year_job
    key = "receipts-email"
    label = _("E-mailing the receipts for %(year)s")

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """How many there are."""
        return [(_("To be e-mailed"), progress_of(self.year)["to_email"])] if self.year else []


class PrintYearView(YearVerb):
    """Make the rest into files for the printer."""

    permission = "donations.export_receipt"
    title = _("Print a year’s receipts")
    question = _("Make the files for the printer?")
    explanation = _(
        "Everyone whom no e-mail reaches, in postal order, abroad last. A file holds up to a thousand receipts; once a "
        "file is posted, say so, and they count as handed out."
    )
    submit_label = _("Make the files")
    success_message = _("The files are being made.")
    icon = "doc-full"
    offered = False
    job = print_year_job
    key = "receipts-print"
    label = _("Files for the printer: receipts for %(year)s")

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """How many there are."""
        return [(_("To be printed"), progress_of(self.year)["to_print"])] if self.year else []


class PrintVerb(VerbView):
    """What the verbs about a file for the printer show before one decides."""

    permission = "donations.export_receipt"

    @classmethod
    def refusal(cls, printed: PrintedReceipts) -> Any:
        """What was posted is gone."""
        return _("These receipts have been posted already.") if printed.posted_at else ""

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """How much it is."""
        return [(_("Receipts"), self.object.count), (_("Pages"), self.object.pages)]

    def get_success_url(self) -> str:
        """Back to the year."""
        return yearly_page(self.object.year)


class PostedView(PrintVerb):
    """The envelopes are on their way."""

    verb = staticmethod(mark_posted)
    title = _("Posted")
    question = _("Have these receipts been posted?")
    explanation = _("They count as handed out from here on.")
    success_message = _("The receipts are noted as posted.")
    icon = "check"


class DiscardView(PrintVerb):
    """The file is not needed."""

    verb = staticmethod(discard_print)
    title = _("Throw away")
    question = _("Throw this file away?")
    explanation = _("Its receipts stay as they are and wait again to be e-mailed or printed.")
    success_message = _("The file is gone; its receipts wait again.")
    icon = "bin"
    danger = True


class PrintedReceiptsViewSet(StaffViewSet):
    """The files for the printer; each year's stand on its page too."""

    model = PrintedReceipts
    icon = "doc-full"
    list_display = [
        TitleColumn("__str__", label=_("File"), get_url=lambda printed: printed_url(printed)),
        NumberColumn("count", label=_("Receipts")),
        NumberColumn("pages", label=_("Pages")),
        MomentColumn("made_at", label=_("Made at")),
        MomentColumn("posted_at", label=_("Posted at")),
    ]
    add_view_enabled = False
    edit_view_enabled = False
    delete_view_enabled = False
    form_fields = []
    verb_views = {"posted": PostedView, "discard": DiscardView}
    empty_message = _("No file yet. The page of a year’s receipts makes them.")

    def base_queryset(self, request: HttpRequest) -> QuerySet[PrintedReceipts]:
        """Every file."""
        return PrintedReceipts.objects.all()


def printed_url(printed: PrintedReceipts) -> str | None:
    """Return where a file is downloaded, once there is one."""
    return reverse("printed_receipts_download", args=[printed.uuid]) if printed.is_ready else None


@permission_required("donations.export_receipt")
def download_printed(request: HttpRequest, uuid: uuid.UUID) -> HttpResponseBase:
    """Answer with a file for the printer."""
    printed = get_object_or_404(PrintedReceipts, uuid=uuid)
    if not printed.is_ready:
        raise Http404
    audit.record("receipt.bulk_print", printed, by=acting(request), new={"year": printed.year, "count": printed.count})
    return private_file_response(
        printed.file.storage,
        str(printed.file.name),
        content_type="application/pdf",
        filename=f"receipts-{printed.year}-{printed.pk}.pdf",
    )
