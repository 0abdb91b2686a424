"""The pages behind the buttons of shifts, places and hours; each runs one service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from constituents.models import Constituent
from core import clock
from core.staff.asked import record_asked_for
from core.staff.bulk import StaffBulkAction
from core.staff.refusals import REFUSALS, add_to_form
from core.staff.verbs import ReasonForm, VerbView
from volunteers.forms import CancelShiftForm, CancelSignUpForm, LogHoursForm, SignUpForm, WeeklyForm
from volunteers.models import HoursEntry, HoursStatus, Shift, SignUp, SignUpStatus
from volunteers.services import hours as hours_services
from volunteers.services import shifts, signing_up
from volunteers.services.telling import tell
from volunteers.wording import hours_in_words, when

# Shifts


class ShiftVerb(VerbView):
    """A verb about one shift."""

    permission = "volunteers.change_shift"
    object: Shift

    def facts(self) -> list[tuple[Any, Any]]:
        """Say which shift, and how many come."""
        taken = {"taken": self.object.places_taken, "capacity": self.object.capacity}
        return [
            (_("Opportunity"), self.object.opportunity),
            (_("When"), when(self.object)),
            (_("Signed up"), _("%(taken)s of %(capacity)s") % taken),
        ]

    @classmethod
    def refusal(cls, obj: Shift) -> Any:
        """Only what is still to come can be changed."""
        if obj.cancelled_at or obj.ends_at <= clock.now():
            return gettext_lazy("This shift is over or was cancelled.")
        return ""


class SignSomeoneUpView(ShiftVerb):
    """Somebody asked at the desk, or on the telephone."""

    permission = "volunteers.add_signup"
    title = gettext_lazy("Sign someone up")
    question = gettext_lazy("Who comes?")
    submit_label = gettext_lazy("Sign up")
    icon = "plus"
    priority = 10
    form_class = SignUpForm

    def get_initial(self) -> dict[str, Any]:
        """Start with whose page one comes from."""
        known = record_asked_for(self.request, "volunteer", Constituent.objects.all())
        return super().get_initial() | {"volunteer": known}

    def run(self, form: SignUpForm) -> SignUp:  # type: ignore[override]
        """Give them a place, or one on the waiting list, and confirm it."""
        data = form.cleaned_data
        place = signing_up.sign_up(
            self.object,
            volunteer=data["volunteer"],
            by=self.acting,
            source="staff",
            wait_if_full=data["wait_if_full"],
            override_reason=data["override_reason"],
        )
        self.told = data["tell_them"] and tell(place, template="shift_signed_up", by=self.acting)
        return place

    def get_success_message(self, outcome: SignUp) -> str:
        """Say whether it is a place or the waiting list, and whether they know."""
        if outcome.status == SignUpStatus.WAITING:
            said = _("%(name)s is on the waiting list.") % {"name": outcome.volunteer}
        else:
            said = _("%(name)s is signed up.") % {"name": outcome.volunteer}
        if not outcome.volunteer.primary_email:
            said = f"{said} {_('There is no e-mail address on record, so please tell them.')}"
        return said


class CancelShiftView(ShiftVerb):
    """The shift will not take place."""

    verb = staticmethod(shifts.cancel_shift)
    title = gettext_lazy("Cancel the shift")
    question = gettext_lazy("Call off %(object)s?")
    explanation = gettext_lazy("Everybody signed up or waiting is taken off it. It stays on record as cancelled.")
    icon = "cross"
    danger = True
    priority = 60
    form_class = CancelShiftForm
    success_message = gettext_lazy("%(object)s is called off.")


class AddWeeklyView(VerbView):
    """Many shifts from a weekly pattern: look at them first, then add them."""

    permission = "volunteers.add_shift"
    needs_object = False
    title = gettext_lazy("Add weekly shifts")
    question = gettext_lazy("Which shifts, from when to when?")
    explanation = gettext_lazy("You see every shift before it is added. Those on record already are left out.")
    submit_label = gettext_lazy("Show the shifts")
    icon = "calendar"
    priority = 20
    form_class = WeeklyForm
    template_name = "wagtailadmin/volunteers/weekly.html"

    def form_valid(self, form: WeeklyForm) -> HttpResponse:  # type: ignore[override]
        """Show what it makes until somebody has seen it."""
        if "back" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        if "seen" in self.request.POST:
            return super().form_valid(form)
        try:
            planned = shifts.plan_shifts(form.cleaned_data["opportunity"], form.pattern())
        except REFUSALS as error:
            add_to_form(form, error)
            return self.form_invalid(form)
        if not planned:
            form.add_error(None, _("This makes no shift that is not there already."))
            return self.form_invalid(form)
        context = self.get_context_data(form=form, planned=[(shift, when(shift)) for shift in planned])
        return self.render_to_response(context)

    def run(self, form: WeeklyForm) -> list[Shift]:  # type: ignore[override]
        """Add them."""
        return shifts.add_shifts(form.cleaned_data["opportunity"], form.pattern(), by=self.acting)

    def get_success_message(self, outcome: list[Shift]) -> str:
        """Say how many."""
        return ngettext("%(count)s shift added.", "%(count)s shifts added.", len(outcome)) % {"count": len(outcome)}


# Places


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


class WasThereView(PlaceVerb):
    """The volunteer came."""

    verb = staticmethod(hours_services.mark_attended)
    title = gettext_lazy("Was there")
    question = gettext_lazy("Was %(name)s there?")
    explanation = gettext_lazy("The hours of the shift are recorded.")
    icon = "check"
    priority = 10
    success_message = gettext_lazy("%(name)s was there.")

    @classmethod
    def refusal(cls, obj: SignUp) -> Any:
        """From the day of the shift on."""
        return hours_services.why_not_checked_in(obj)


class DidNotComeView(PlaceVerb):
    """The volunteer stayed away."""

    verb = staticmethod(hours_services.mark_no_show)
    title = gettext_lazy("Did not come")
    question = gettext_lazy("Did %(name)s not come?")
    explanation = gettext_lazy("Hours recorded for the shift no longer count.")
    icon = "cross"
    priority = 20
    success_message = gettext_lazy("%(name)s did not come.")

    @classmethod
    def refusal(cls, obj: SignUp) -> Any:
        """From the day of the shift on."""
        return hours_services.why_not_checked_in(obj)


class CancelSignUpView(PlaceVerb):
    """The volunteer cannot come."""

    verb = staticmethod(signing_up.cancel_sign_up)
    title = gettext_lazy("Cancel sign-up")
    question = gettext_lazy("Take %(name)s off the shift?")
    explanation = gettext_lazy("The place goes to the first on the waiting list, who is told by e-mail.")
    icon = "bin"
    danger = True
    priority = 30
    form_class = CancelSignUpForm
    success_message = gettext_lazy("%(name)s is off the shift.")

    @classmethod
    def refusal(cls, obj: SignUp) -> Any:
        """Only before anybody said whether they came."""
        if obj.status in (SignUpStatus.CONFIRMED, SignUpStatus.WAITING):
            return ""
        return gettext_lazy("There is no place to give back.")


# Hours


class LogHoursView(VerbView):
    """Hours outside a shift."""

    permission = "volunteers.add_hoursentry"
    needs_object = False
    title = gettext_lazy("Log hours")
    question = gettext_lazy("Who worked, and for how long?")
    submit_label = gettext_lazy("Log hours")
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
        return _("%(hours)s logged for %(name)s.") % {
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
        return "" if obj.status == HoursStatus.SUBMITTED else gettext_lazy("These hours were decided already.")

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
    title = gettext_lazy("Approve")
    question = gettext_lazy("Approve these hours?")
    icon = "check"
    priority = 10
    success_message = gettext_lazy("Approved: %(object)s.")


class RefuseView(HoursVerb):
    """They do not count."""

    verb = staticmethod(hours_services.refuse_hours)
    title = gettext_lazy("Do not approve")
    question = gettext_lazy("Turn these hours down?")
    icon = "cross"
    danger = True
    priority = 20
    form_class = ReasonForm
    success_message = gettext_lazy("Not approved: %(object)s.")


class ApproveMany(StaffBulkAction):
    """Approve all that are ticked."""

    verb = staticmethod(hours_services.approve_hours)
    permission = "volunteers.approve_hours"
    action_type = "approve"
    action_priority = 10
    display_name = gettext_lazy("Approve")
    question = gettext_lazy("Approve these hours?")


class RefuseMany(StaffBulkAction):
    """Turn down all that are ticked."""

    verb = staticmethod(hours_services.refuse_hours)
    permission = "volunteers.approve_hours"
    action_type = "refuse"
    action_priority = 20
    display_name = gettext_lazy("Do not approve")
    question = gettext_lazy("Turn these hours down?")
    danger = True
    form_class = ReasonForm
