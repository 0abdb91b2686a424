"""Everyone’s places in shifts: was there, did not come, cannot come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import TitleColumn

from constituents.models import Constituent
from core.staff.columns import LinkColumn, MomentColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.verbs import VerbView
from core.staff.viewsets import StaffViewSet
from volunteers.filters import SignUpFilters
from volunteers.forms import CancelSignUpForm
from volunteers.models import SignUp, SignUpStatus
from volunteers.services import hours as hours_services
from volunteers.services import signing_up
from volunteers.staff.links import person_of
from volunteers.wording import SIGN_UP_TONES, when


class PlaceVerb(VerbView):
    """A verb about one person's place; it leads back to the shift."""

    permission = "volunteers.change_signup"
    form_class = forms.Form
    object: SignUp

    def words(self) -> dict[str, Any]:
        """Name the person."""
        return super().words() | {"name": self.object.volunteer}

    def facts(self) -> list[tuple[Any, Any]]:
        """Say who and which shift."""
        return [
            (_("Volunteer"), self.object.volunteer),
            (_("Shift"), f"{self.object.shift.opportunity}, {when(self.object.shift)}"),
            (_("Status"), self.object.get_status_display()),
        ]

    def get_success_url(self) -> str:
        """Go back to the roster, to the person's line."""
        if "next" in self.request.GET or "next" in self.request.POST:
            return super().get_success_url()
        return f"{reverse('shifts:inspect', args=[self.object.shift_id])}#place-{self.object.pk}"


class CheckInVerb(PlaceVerb):
    """Whether the volunteer came."""

    @classmethod
    def refusal(cls, obj: SignUp) -> Any:
        """From the day of the shift on."""
        return hours_services.why_not_checked_in(obj)


class WasThereView(CheckInVerb):
    """The volunteer came."""

    verb = staticmethod(hours_services.mark_attended)
    title = _("Was there")
    question = _("Was %(name)s there?")
    explanation = _("The hours of the shift are recorded.")
    icon = "check"
    priority = 10
    success_message = _("%(name)s was there.")


class DidNotComeView(CheckInVerb):
    """The volunteer stayed away."""

    verb = staticmethod(hours_services.mark_no_show)
    title = _("Did not come")
    question = _("Did %(name)s not come?")
    explanation = _("Hours recorded for the shift no longer count.")
    icon = "cross"
    priority = 20
    success_message = _("%(name)s did not come.")


class CancelSignUpView(PlaceVerb):
    """The volunteer cannot come."""

    verb = staticmethod(signing_up.cancel_sign_up)
    title = _("Cancel sign-up")
    question = _("Take %(name)s off the shift?")
    explanation = _("The place goes to the first on the waiting list, who is told by e-mail.")
    icon = "bin"
    danger = True
    priority = 30
    form_class = CancelSignUpForm
    success_message = _("%(name)s is off the shift.")

    @classmethod
    def refusal(cls, obj: SignUp) -> Any:
        """Only before anybody said whether they came."""
        if obj.status in (SignUpStatus.CONFIRMED, SignUpStatus.WAITING):
            return ""
        return _("There is no place to give back.")


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
        TitleColumn("volunteer", label=_("Volunteer"), sort_key="volunteer__sort_name", get_url=person_of),
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
