"""The page of a shift: who comes, who waits, who was there; and its roster to print."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import permission_required
from wagtail.admin.widgets.button import Button, HeaderButton

from core import clock
from core.staff.parts import Action, Chip, Figure, Panel
from core.staff.records import RecordView
from volunteers.documents import draw_roster
from volunteers.models import Shift, SignUp, SignUpStatus
from volunteers.models.signup import PLACE_HOLDING
from volunteers.staff.shift_verbs import CancelShiftView
from volunteers.staff.sign_ups import CancelSignUpView
from volunteers.wording import SIGN_UP_TONES, coverage, hours_in_words


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


@permission_required("volunteers.view_signup")
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the sheet to pin on the wall."""
    shift = get_object_or_404(Shift.objects.select_related("opportunity"), pk=pk)
    response = HttpResponse(draw_roster(shift, language=get_language() or "en"), content_type="application/pdf")
    name = f"{shift.opportunity.slug}-{shift.local_start:%Y-%m-%d-%H%M}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
