"""The report pages of the workspace: the board's page and the prospect list, on screen and as PDF."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core import audit, clock
from core.money import Money
from core.organisation import current_organisation
from core.staff.asked import acting
from core.theme.charts import BarChart, LineChart, Series
from office.documents.board import board_page
from office.documents.prospects import prospects_document
from office.reports.board import board_figures
from office.reports.prospects import prospect_list


class ReportView(WagtailAdminTemplateMixin, PermissionRequiredMixin, TemplateView):
    """A report: a page, and with `?format=pdf` the same as PDF."""

    raise_exception = True
    header_icon = "doc-full"
    file_name = "report"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, and this report."""
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def pdf(self) -> bytes:
        """Return the report as PDF."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the page or the PDF; who took the PDF is written down."""
        if request.GET.get("format") != "pdf":
            return super().get(request, *args, **kwargs)
        audit.record("report.downloaded", current_organisation(), by=acting(request), new={"report": self.file_name})
        response = HttpResponse(self.pdf(), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{self.file_name}-{clock.today()}.pdf"'
        response["Cache-Control"] = "private, no-store"
        return response


class BoardView(ReportView):
    """The board's page."""

    permission_required = "donations.view_giving"
    template_name = "wagtailadmin/office/board.html"
    page_title = _("For the board")
    header_icon = "view"
    file_name = "board"

    @property
    def year(self) -> int:
        """The year asked for, this one when none is."""
        asked = self.request.GET.get("year", "")
        return int(asked) if asked.isascii() and asked.isdigit() and 1900 < int(asked) < 2200 else self.this_year

    @property
    def this_year(self) -> int:
        """The fiscal year that runs."""
        return clock.fiscal_year(clock.today())

    def pdf(self) -> bytes:
        """Return the page as PDF."""
        return board_page(board_figures(self.year))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the figures and their pictures."""
        figures = board_figures(self.year)
        months = [month for month, _amount in figures.months]
        return super().get_context_data(**kwargs) | {
            "figures": figures,
            "years": range(self.this_year, self.this_year - 6, -1),
            "average": Money(figures.giving.average, figures.currency),
            "raised_before": Money(figures.before.raised, figures.currency),
            "by_month": LineChart(
                str(_("Giving by month")),
                [f"{month:%b}" for month in months],
                [
                    Series(str(figures.year), [a if m <= figures.as_of else None for m, a in figures.months]),
                    Series(str(figures.year - 1), [amount for _month, amount in figures.months_before]),
                ],
                figures.currency,
            ),
            "by_fund": BarChart(
                str(_("What it was given for")),
                [(str(row["name"]), row["raised"]) for row in figures.funds],
                figures.currency,
            ),
        }


class ProspectsView(ReportView):
    """The donor-prospect list."""

    permission_required = "donations.view_giving"
    template_name = "wagtailadmin/office/prospects.html"
    page_title = _("Whom to ask next")
    header_icon = "pick"
    file_name = "prospects"

    def pdf(self) -> bytes:
        """Return the list as PDF, with its reader's name on every page."""
        return prospects_document(prospect_list(as_of=clock.today()), reader=str(self.request.user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the list."""
        return super().get_context_data(**kwargs) | {"found": prospect_list(as_of=clock.today())}
