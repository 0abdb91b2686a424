"""Staff screens: opportunities, shifts with their roster, sign-ups, hours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.widgets.button import Button, HeaderButton

from constituents.models import Constituent
from core import clock
from core.staff.columns import DateColumn, LinkColumn, MomentColumn, NumberColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Action, Chip, Figure, Panel
from core.staff.records import RecordView
from core.staff.views import StaffIndexView
from core.staff.viewsets import StaffViewSet
from volunteers.filters import HoursFilters, ShiftFilters, SignUpFilters
from volunteers.models import HoursEntry, Opportunity, Shift, SignUp, SignUpStatus
from volunteers.models.signup import PLACE_HOLDING
from volunteers.services.shifts import change_shift
from volunteers.verbs import (
    AddWeeklyView,
    ApproveView,
    CancelShiftView,
    CancelSignUpView,
    DidNotComeView,
    LogHoursView,
    RefuseView,
    SignSomeoneUpView,
    WasThereView,
)
from volunteers.wording import HOURS_TONES, SIGN_UP_TONES, coverage, hours_in_words, when


class OpportunityViewSet(StaffViewSet):
    """Roles people can sign up for."""

    model = Opportunity
    icon = "clipboard-list"
    menu_area = Area.VOLUNTEERING
    menu_order = 30
    url_namespace = "opportunities"
    list_display = [
        "name",
        Column("place", label=_("Place")),
        Column("get_visibility_display", label=_("Who sees it")),
        BooleanColumn("is_open", label=_("Taking volunteers")),
        NumberColumn("coming", label=_("Coming shifts")),
    ]
    list_filter = ["is_open", "visibility"]
    search_fields = ["name", "summary", "place"]
    panels = [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldPanel("slug"),
                FieldPanel("summary"),
                FieldPanel("description"),
                FieldRowPanel([FieldPanel("visibility"), FieldPanel("is_open")]),
            ],
            heading=_("What it is"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("place"),
                FieldRowPanel([FieldPanel("contact_name"), FieldPanel("contact_email")]),
            ],
            heading=_("Where, and whom to ask"),
        ),
        MultiFieldPanel([FieldRowPanel([FieldPanel("skills"), FieldPanel("minimum_age")])], heading=_("Who fits")),
    ]
    empty_message = _("An opportunity is something to help with, such as “Evening kitchen”. Add your first one.")

    def base_queryset(self, request: HttpRequest) -> QuerySet[Opportunity]:
        """With the number of shifts to come."""
        coming = Q(shifts__ends_at__gt=clock.now(), shifts__cancelled_at__isnull=True)
        return Opportunity.objects.annotate(coming=Count("shifts", filter=coming))


class CoverageColumn(Column):
    """How well a shift is covered, as a chip."""

    cell_template_name = "wagtailadmin/steward/cells/chip.html"

    def get_value(self, instance: Shift) -> str:
        """Return it in a word or two."""
        return coverage(instance)[0]

    def get_cell_context_data(self, instance: Shift, parent_context: Any) -> dict[str, Any]:
        """Add the tone."""
        return super().get_cell_context_data(instance, parent_context) | {"tone": coverage(instance)[1]}


class ShiftRecordView(RecordView):
    """A shift: who comes, who waits, who was there. Made to be used standing at the door, telephone in one hand."""

    object: Shift

    def subtitle(self) -> Any:
        """The place, when it is known."""
        return self.object.opportunity.place or super().subtitle()

    def chips(self) -> Iterable[Chip]:
        """Short, full or cancelled."""
        label, tone = coverage(self.object)
        if label:
            yield Chip(label, tone)

    def figures(self) -> Iterable[Figure]:
        """How many come, how many are needed, how long it is."""
        shift = self.object
        taken = {"taken": shift.places_taken, "capacity": shift.capacity}
        yield Figure(_("Signed up"), _("%(taken)s of %(capacity)s") % taken)
        yield Figure(_("Needs at least"), str(shift.minimum))
        if shift.waiting_count:  # type: ignore[attr-defined]
            yield Figure(_("Waiting"), str(shift.waiting_count))  # type: ignore[attr-defined]
        yield Figure(_("Length"), hours_in_words(shift.length))

    def actions(self) -> Iterable[Action]:
        """The sheet for the wall."""
        if self.request.user.has_perm("volunteers.view_signup"):
            yield Action(
                _("Roster to print"), reverse("volunteers_roster", args=[self.object.pk]), icon="download", primary=True
            )

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """What is needed less often."""
        return [*self._calling_off(Button), *super().header_more_buttons]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Sign someone up."""
        return [button for button in super().header_buttons if button.label != CancelShiftView.title]

    def _calling_off(self, button_class: type[Button]) -> list[Button]:
        buttons = self.viewset.verb_buttons(self.request, self.object, button_class)
        return [button for button in buttons if button.label == CancelShiftView.title]

    def panels(self) -> Iterable[Panel]:
        """Who comes; who waits, in order; who is off."""
        template = "wagtailadmin/volunteers/roster.html"
        sees = "volunteers.view_signup"
        yield Panel("roster", _("Who comes"), template, self._coming, permission=sees)
        if self.object.waiting_count:  # type: ignore[attr-defined]
            yield Panel("waiting", _("Waiting list, first come first"), template, self._waiting, permission=sees)
        yield Panel("off", _("Cancelled"), "wagtailadmin/volunteers/off.html", self._off, permission=sees)

    def side_panels(self) -> Iterable[Panel]:
        """What one should know at the door."""
        yield Panel("about", _("About the shift"), "wagtailadmin/volunteers/about_shift.html", lambda shift: {})

    @cached_property
    def _places(self) -> list[SignUp]:
        places = self.object.sign_ups.select_related("volunteer", "hours").order_by("created_at", "pk")
        return list(places.prefetch_related("volunteer__emails", "volunteer__phones"))

    def _coming(self, shift: Shift) -> dict[str, Any]:
        places = [place for place in self._places if place.status in PLACE_HOLDING]
        places.sort(key=lambda place: place.volunteer.sort_name)
        return {"lines": self._lines(places), "checks_in": self._checks_in, "shift": shift, "empty": _("Nobody yet.")}

    def _waiting(self, shift: Shift) -> dict[str, Any]:
        places = [place for place in self._places if place.status == SignUpStatus.WAITING]
        return {"lines": self._lines(places), "checks_in": False, "shift": shift, "numbered": True}

    def _off(self, shift: Shift) -> dict[str, Any]:
        return {"places": [place for place in self._places if place.status == SignUpStatus.CANCELLED]}

    @property
    def _checks_in(self) -> bool:
        begun = clock.local_date(self.object.starts_at) <= clock.today()
        may = self.request.user.has_perm("volunteers.change_signup")
        return begun and may and not self.object.cancelled_at

    def _lines(self, places: Iterable[SignUp]) -> list[dict[str, Any]]:
        may = self.request.user.has_perm("volunteers.change_signup") and not self.object.cancelled_at
        return [
            {
                "place": place,
                "person_url": reverse("constituents:inspect", args=[place.volunteer_id]),
                "tone": SIGN_UP_TONES.get(place.status, ""),
                "hours": hours_in_words(place.hours.hours) if _worked(place) else "",
                "may_cancel": may and not CancelSignUpView.refusal(place),
            }
            for place in places
        ]


def _worked(place: SignUp) -> bool:
    return place.status == SignUpStatus.ATTENDED and hasattr(place, "hours")


class ShiftViewSet(StaffViewSet):
    """Shifts: the coming ones first of all."""

    model = Shift
    icon = "calendar"
    menu_label = _("Coming shifts")
    menu_area = Area.VOLUNTEERING
    menu_order = 10
    url_namespace = "shifts"
    inspect_view_enabled = True
    inspect_view_class = ShiftRecordView
    filterset_class = ShiftFilters
    list_display = [
        TitleColumn(
            "starts_at",
            label=_("When"),
            accessor=when,
            sort_key="starts_at",
            get_url=lambda shift: reverse("shifts:inspect", args=[shift.pk]),
        ),
        Column("opportunity", label=_("Opportunity"), sort_key="opportunity__name"),
        CoverageColumn("coverage", label=_("Coverage")),
        NumberColumn("places_taken", label=_("Signed up")),
        NumberColumn("capacity", label=_("Room for")),
        NumberColumn("minimum", label=_("Needs")),
        NumberColumn("waiting", label=_("Waiting"), accessor=lambda shift: shift.waiting_count or None),
    ]
    ordering = ["starts_at", "pk"]
    search_fields = ["opportunity__name", "opportunity__place", "notes"]
    verbs = {"edit": change_shift}
    verb_views = {
        "sign-up": SignSomeoneUpView,
        "add-weekly": AddWeeklyView,
        "cancel": CancelShiftView,
    }
    panels = [
        FieldPanel("opportunity"),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        FieldRowPanel([FieldPanel("capacity"), FieldPanel("minimum")]),
        FieldPanel("notes"),
    ]
    empty_message = _("No shifts to come. Add the first ones from a weekly pattern.")

    def base_queryset(self, request: HttpRequest) -> QuerySet[Shift]:
        """With the opportunity and the number of people who wait."""
        waiting = Count("sign_ups", filter=Q(sign_ups__status=SignUpStatus.WAITING))
        return Shift.objects.select_related("opportunity").annotate(waiting_count=waiting)


def _person(row: SignUp | HoursEntry) -> str:
    return reverse("constituents:inspect", args=[row.volunteer_id])


class SignUpViewSet(StaffViewSet):
    """Everyone's places, in every shift: for looking up and for the sheet."""

    model = SignUp
    icon = "list-ul"
    menu_label = _("Sign-ups")
    menu_area = Area.VOLUNTEERING
    menu_order = 40
    url_namespace = "sign_ups"
    form_fields: Sequence[str] = ()
    filterset_class = SignUpFilters
    select_related = ["volunteer", "shift__opportunity"]
    list_display = [
        TitleColumn(
            "volunteer", label=_("Volunteer"), sort_key="volunteer__sort_name", get_url=lambda place: _person(place)
        ),
        LinkColumn(
            "shift",
            label=_("Shift"),
            sort_key="shift__starts_at",
            get_url=lambda place: reverse("shifts:inspect", args=[place.shift_id]),
        ),
        StatusChipColumn("status", tones=SIGN_UP_TONES),
        MomentColumn("created_at"),
    ]
    list_export = ["volunteer", "shift.opportunity", "shift.starts_at", "shift.ends_at", "status", "created_at"]
    ordering = ["-shift__starts_at", "-pk"]
    verb_views = {
        "was-there": WasThereView,
        "did-not-come": DidNotComeView,
        "cancel": CancelSignUpView,
    }
    empty_message = _("Nobody has signed up for a shift yet.")

    def search(self, queryset: QuerySet[SignUp], query: str) -> QuerySet[SignUp]:
        """Find by anything the volunteer is known by, or the opportunity."""
        found = Constituent.objects.search(query).values("pk")
        return queryset.filter(Q(volunteer__in=found) | Q(shift__opportunity__name__icontains=query.strip()))

    def url_of(self, instance: Any) -> str:
        """A place is looked at on its shift's roster."""
        return f"{reverse('shifts:inspect', args=[instance.shift_id])}#place-{instance.pk}"


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
        TitleColumn(
            "volunteer", label=_("Volunteer"), sort_key="volunteer__sort_name", get_url=lambda entry: _person(entry)
        ),
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
