"""E-mail addresses and telephone numbers: add, correct, use first, give up on, remove, put back."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from constituents.contact_forms import EmailForm, PhoneForm
from constituents.models import EmailAddress, Phone
from constituents.services import contact_points
from constituents.staff.one_part import OnePartView
from core.audit.models import AuditEntry
from core.staff.asked import record_asked_for
from core.staff.verbs import VerbView


class AddEmailView(VerbView):
    """Put one more e-mail address on the record."""

    offered = False
    verb = staticmethod(contact_points.put_email)
    title = _("Add e-mail")
    question = _("Which e-mail address does %(object)s use?")
    icon = "mail"
    form_class = EmailForm
    success_message = _("The e-mail address is on the record of %(object)s.")


class AddPhoneView(VerbView):
    """Put one more telephone number on the record."""

    offered = False
    verb = staticmethod(contact_points.put_phone)
    title = _("Add telephone")
    question = _("Which number does %(object)s use?")
    icon = "mobile-alt"
    form_class = PhoneForm
    success_message = _("The number is on the record of %(object)s.")


class PointView(OnePartView):
    """A verb about one address or number: `?email=3` or `?phone=7`."""

    @property
    def parameter(self) -> str:  # type: ignore[override]
        """Which of the two the address asks for."""
        return "phone" if "phone" in self.request.GET else "email"

    def parts(self) -> QuerySet[Any]:
        """Return this constituent's addresses, or numbers."""
        model: Any = Phone if self.parameter == "phone" else EmailAddress
        return model.objects.filter(constituent=self.constituent).select_related("constituent")


class ChangePointView(PointView):
    """Correct an address or number."""

    verb = staticmethod(contact_points.change_point)
    title = _("Correct")
    question = _("Correct %(part)s")
    icon = "edit"
    submit_label = _("Save")
    success_message = _("%(part)s is corrected.")

    def get_form_class(self) -> Any:
        """The form of an address, or of a number."""
        return PhoneForm if self.parameter == "phone" else EmailForm

    def get_initial(self) -> dict[str, Any]:
        """Begin with what is on record."""
        names = self.get_form_class().base_fields
        return {name: getattr(self.part, name, None) for name in names} | {"use_first": self.part.is_primary}


class UseFirstView(PointView):
    """Use it first."""

    verb = staticmethod(contact_points.make_primary)
    title = _("Use first")
    question = _("Use %(part)s first?")
    success_message = _("%(part)s is used first from now on.")


class NotWorkingView(PointView):
    """Give up on it."""

    verb = staticmethod(contact_points.mark_not_working)
    title = _("Does not work")
    question = _("Does %(part)s not work any more?")
    explanation = _("It stays on record; nothing is sent to it, and another one is used where there is one.")
    success_message = _("%(part)s is marked as not working.")


class WorksAgainView(PointView):
    """Use it again."""

    verb = staticmethod(contact_points.mark_working)
    title = _("Works again")
    question = _("Does %(part)s work again?")
    success_message = _("%(part)s is used again.")


class RemovePointView(PointView):
    """Take it off the record, with a way back."""

    verb = staticmethod(contact_points.remove_point)
    title = _("Remove")
    question = _("Take %(part)s off the record of %(object)s?")
    explanation = _("For an address or number that was never theirs. If it only stopped working, mark it as such.")
    danger = True

    def get_success_message(self, outcome: Any) -> str:
        """Say so with a button that takes it back: Wagtail's message is made here, with its button."""
        url = PutBackView.url(self.viewset, "put-back", self.object)
        undo = messages.button(f"{url}?{urlencode({'entry': outcome.pk})}", str(_("Undo")))
        messages.success(self.request, str(_("%(part)s is off the record.") % {"part": self.part}), buttons=[undo])
        return ""


class PutBackView(VerbView):
    """Put back what was taken off the record."""

    offered = False
    title = _("Undo")
    question = _("Put it back on the record of %(object)s?")
    submit_label = _("Put it back")
    success_message = _("It is back on the record of %(object)s.")

    @cached_property
    def entry(self) -> AuditEntry:
        """The removal that is taken back; one of another record answers as one that does not exist."""
        entries = AuditEntry.objects.for_instance(self.object).filter(action=contact_points.REMOVED)
        found = record_asked_for(self.request, "entry", entries)
        if found is None:
            raise Http404
        return found

    def facts(self) -> list[tuple[Any, Any]]:
        """What was taken away."""
        return [(_("Removed"), self.entry.label)]

    def run(self, form: Any) -> Any:
        """Call the service with the entry."""
        return contact_points.put_back(self.object, entry=self.entry, by=self.acting)

    def form_valid(self, form: Any) -> HttpResponse:
        """Find the entry first, so that a stranger's answers 404."""
        assert self.entry  # noqa: S101 - found, or the answer is 404
        return super().form_valid(form)


VERBS = {
    "email": AddEmailView,
    "phone": AddPhoneView,
    "change-point": ChangePointView,
    "use-first": UseFirstView,
    "not-working": NotWorkingView,
    "works-again": WorksAgainView,
    "remove-point": RemovePointView,
    "put-back": PutBackView,
}
