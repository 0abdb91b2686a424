"""What is done with a shift: sign somebody up, call it off, add many from a weekly pattern."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from constituents.models import Constituent
from core import clock
from core.staff.asked import record_asked_for
from core.staff.refusals import REFUSALS, add_to_form
from core.staff.verbs import VerbView
from volunteers.forms import CancelShiftForm, SignUpForm, WeeklyForm
from volunteers.models import Shift, SignUp, SignUpStatus
from volunteers.services import shifts, signing_up
from volunteers.services.telling import tell
from volunteers.wording import when


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
            (_("Signed up"), gettext("%(taken)s of %(capacity)s") % taken),
        ]

    @classmethod
    def refusal(cls, obj: Shift) -> Any:
        """Only what is still to come can be changed."""
        if obj.cancelled_at or obj.ends_at <= clock.now():
            return _("This shift is over or was cancelled.")
        return ""


class SignSomeoneUpView(ShiftVerb):
    """Somebody asked at the desk, or on the telephone."""

    permission = "volunteers.add_signup"
    title = _("Sign someone up")
    question = _("Who comes?")
    submit_label = _("Sign up")
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
            said = gettext("%(name)s is on the waiting list.") % {"name": outcome.volunteer}
        else:
            said = gettext("%(name)s is signed up.") % {"name": outcome.volunteer}
        if not outcome.volunteer.primary_email:
            said = f"{said} {gettext('There is no e-mail address on record, so please tell them.')}"
        return said


class CancelShiftView(ShiftVerb):
    """The shift will not take place."""

    verb = staticmethod(shifts.cancel_shift)
    title = _("Cancel the shift")
    question = _("Call off %(object)s?")
    explanation = _("Everybody signed up or waiting is taken off it. It stays on record as cancelled.")
    icon = "cross"
    danger = True
    priority = 60
    form_class = CancelShiftForm
    success_message = _("%(object)s is called off.")


class AddWeeklyView(VerbView):
    """Many shifts from a weekly pattern: look at them first, then add them."""

    permission = "volunteers.add_shift"
    needs_object = False
    title = _("Add weekly shifts")
    question = _("Which shifts, from when to when?")
    explanation = _("You see every shift before it is added. Those on record already are left out.")
    submit_label = _("Show the shifts")
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
            form.add_error(None, gettext("This makes no shift that is not there already."))
            return self.form_invalid(form)
        context = self.get_context_data(form=form, planned=[(shift, when(shift)) for shift in planned])
        return self.render_to_response(context)

    def run(self, form: WeeklyForm) -> list[Shift]:  # type: ignore[override]
        """Add them."""
        return shifts.add_shifts(form.cleaned_data["opportunity"], form.pattern(), by=self.acting)

    def get_success_message(self, outcome: list[Shift]) -> str:
        """Say how many."""
        return ngettext("%(count)s shift added.", "%(count)s shifts added.", len(outcome)) % {"count": len(outcome)}
