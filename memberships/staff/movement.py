"""The movement of members: month by month, always adding up."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from core import clock
from memberships.models import Term
from memberships.movement import movement_by_month, total


class MovementView(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    """Start, joined, came back, lapsed, cancelled, died, end: month by month, always adding up."""

    permission_required = "memberships.view_membership"
    raise_exception = True
    template_name = "wagtailadmin/memberships/movement.html"
    page_title = _("Movement of members")
    header_icon = "history"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, the members, this page."""
        members = {"url": reverse("memberships:index"), "label": _("Members")}
        return [*self.breadcrumbs_items, members, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the twelve months of the year asked for, and their sum."""
        this_year = clock.today().year
        first = Term.objects.real().order_by("starts_on").values_list("starts_on", flat=True).first()
        years = range(this_year, min(first.year if first else this_year, this_year) - 1, -1)
        asked = self.request.GET.get("year", "")
        year = int(asked) if asked.isdigit() and int(asked) in years else this_year
        months = movement_by_month(year)
        # Months to come would only show who will lapse if nobody renews.
        months = [month for month in months if month.first <= clock.today()]
        return super().get_context_data(**kwargs) | {
            "year": year,
            "years": years,
            "rows": [(date_format(month.first, "F"), month) for month in months],
            "total": total(months),
        }
