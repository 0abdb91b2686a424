"""Hours: logged, approved one by one or many at once, turned down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn

from constituents.models import Constituent
from core.staff.asked import record_asked_for
from core.staff.bulk import StaffBulkAction
from core.staff.columns import DateColumn, LinkColumn, NumberColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.verbs import ReasonForm, VerbView
from core.staff.views import StaffIndexView
from core.staff.viewsets import StaffViewSet
from volunteers.filters import HoursFilters
from volunteers.forms import LogHoursForm
from volunteers.models import HoursEntry, HoursStatus
from volunteers.services import hours as hours_services
from volunteers.staff.links import person_of
from volunteers.wording import HOURS_TONES, hours_in_words


class LogHoursView(VerbView):
    """Hours outside a shift."""

    permission = "volunteers.add_hoursentry"
    needs_object = False
    title = _("Log hours")
    question = _("Who worked, and for how long?")
    submit_label = _("Log hours")
    icon = "plus"
    form_class = LogHoursForm

    def get_initial(self) -> dict[str, Any]:
        """Start with whose page one comes from."""
        known = record_asked_for(self.request, "volunteer", Constituent.objects.all())
        return super().get_initial() | {"volunteer": known}

    def run(self, form: LogHoursForm) -> HoursEntry:  # type: ignore[override]
        """Log them; they count at once when whoever logs may also approve."""
        by = self.acting
        return hours_services.log_hours(by=by, approved=by.has_perm("volunteers.approve_hours"), **form.cleaned_data)

    def get_success_message(self, outcome: HoursEntry) -> str:
        """Say whose and how many."""
        return gettext("%(hours)s logged for %(name)s.") % {
            "hours": hours_in_words(outcome.hours),
            "name": outcome.volunteer,
        }


class HoursVerb(VerbView):
    """A verb about hours that wait."""

    permission = "volunteers.approve_hours"
    form_class = forms.Form
    object: HoursEntry

    @classmethod
    def refusal(cls, obj: HoursEntry) -> Any:
        """Once is enough."""
        return "" if obj.status == HoursStatus.SUBMITTED else _("These hours were decided already.")

    def facts(self) -> list[tuple[Any, Any]]:
        """Say whose, when, what and how many."""
        return [
            (_("Volunteer"), self.object.volunteer),
            (_("Day"), self.object.worked_on),
            (_("Opportunity"), self.object.opportunity),
            (_("Hours"), hours_in_words(self.object.hours)),
            (_("Note"), self.object.note),
        ]

    def get_success_url(self) -> str:
        """Go back to the list."""
        return reverse("hours:index")


class ApproveView(HoursVerb):
    """They count."""

    verb = staticmethod(hours_services.approve_hours)
    title = _("Approve")
    question = _("Approve these hours?")
    icon = "check"
    priority = 10
    success_message = _("Approved: %(object)s.")


class RefuseView(HoursVerb):
    """They do not count."""

    verb = staticmethod(hours_services.refuse_hours)
    title = _("Do not approve")
    question = _("Turn these hours down?")
    icon = "cross"
    danger = True
    priority = 20
    form_class = ReasonForm
    success_message = _("Not approved: %(object)s.")


class ApproveMany(StaffBulkAction):
    """Approve all that are ticked."""

    verb = staticmethod(hours_services.approve_hours)
    permission = "volunteers.approve_hours"
    action_type = "approve"
    action_priority = 10
    display_name = _("Approve")
    question = _("Approve these hours?")


class RefuseMany(StaffBulkAction):
    """Turn down all that are ticked."""

    verb = staticmethod(hours_services.refuse_hours)
    permission = "volunteers.approve_hours"
    action_type = "refuse"
    action_priority = 20
    display_name = _("Do not approve")
    question = _("Turn these hours down?")
    danger = True
    form_class = ReasonForm


class HoursIndexView(StaffIndexView):
    """The list of hours, with a link to approve those that wait."""

    @cached_property
    def columns(self) -> list[Column]:
        """Offer the link to those who may."""
        columns = super().columns
        if not self.request.user.has_perm(ApproveView.permission):
            return columns
        return [*columns, LinkColumn("approve", label="", accessor=_approve_label, get_url=_approve_url)]


def _approve_label(entry: HoursEntry) -> Any:
    return "" if ApproveView.refusal(entry) else ApproveView.title


def _approve_url(entry: HoursEntry) -> str | None:
    return None if ApproveView.refusal(entry) else reverse("hours:approve", args=[entry.pk])


class HoursViewSet(StaffViewSet):
    """Hours, and which of them wait for approval."""

    model = HoursEntry
    icon = "time"
    index_view_class = HoursIndexView
    menu_label = _("Hours")
    menu_area = Area.VOLUNTEERING
    menu_order = 20
    url_namespace = "hours"
    form_fields: Sequence[str] = ()
    filterset_class = HoursFilters
    select_related = ["volunteer", "opportunity", "sign_up"]
    list_display = [
        TitleColumn("volunteer", label=_("Volunteer"), sort_key="volunteer__sort_name", get_url=person_of),
        DateColumn("worked_on"),
        Column("opportunity", label=_("Opportunity"), sort_key="opportunity__name"),
        NumberColumn("hours"),
        StatusChipColumn("status", tones=HOURS_TONES),
        Column("note", label=_("Note")),
    ]
    list_export = ["volunteer", "worked_on", "opportunity", "hours", "status", "note"]
    ordering = ["-worked_on", "-pk"]
    verb_views = {"log": LogHoursView, "approve": ApproveView, "refuse": RefuseView}
    empty_message = _("No hours yet. They come from shifts people were at, or are logged here.")

    def search(self, queryset: QuerySet[HoursEntry], query: str) -> QuerySet[HoursEntry]:
        """Find by anything the volunteer is known by, or the opportunity."""
        found = Constituent.objects.search(query).values("pk")
        return queryset.filter(Q(volunteer__in=found) | Q(opportunity__name__icontains=query.strip()))

    def totals(self, queryset: QuerySet[HoursEntry]) -> list[tuple[Any, Any]]:
        """The hours of the list that count."""
        return [(_("Approved"), hours_in_words(queryset.approved().total()))]  # type: ignore[attr-defined]

    def url_of(self, instance: Any) -> str:
        """Hours have no page of their own: they stand in the list."""
        return reverse("hours:index")
