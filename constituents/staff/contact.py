"""Log contact with somebody, correct what was logged, write them an e-mail."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from constituents.contact_forms import InteractionForm, LetterForm
from constituents.models import Constituent, Interaction, InteractionKind
from constituents.services import contacting
from constituents.staff.one_part import OnePartView
from core.staff.verbs import ReasonForm, VerbView

_NEAR = 8


def near(constituent: Constituent) -> QuerySet[Constituent]:
    """Return those likely to have been there too: the household, and whom they are related to."""
    sides = Q(relationships_as_first__second=constituent, relationships_as_first__until__isnull=True)
    sides |= Q(relationships_as_second__first=constituent, relationships_as_second__until__isnull=True)
    sides |= Q(
        household_memberships__until__isnull=True,
        household_memberships__household__memberships__person=constituent,
        household_memberships__household__memberships__until__isnull=True,
    )
    return Constituent.objects.current().living().filter(sides).exclude(pk=constituent.pk).distinct()[:_NEAR]


class LogInteractionView(VerbView):
    """Log a call, meeting, letter or note in one line; more when there is more to say."""

    verb = staticmethod(contacting.log_interaction)
    permission = "constituents.add_interaction"
    title = _("Log contact")
    question = _("What happened with %(object)s?")
    icon = "comment"
    priority = 5
    form_class = InteractionForm
    success_message = _("Logged for %(object)s.")

    def get_initial(self) -> dict[str, Any]:
        """Begin with the kind the link asks for: `?kind=meeting`."""
        kind = self.request.GET.get("kind", "")
        return {"kind": kind} if kind in InteractionKind.values else {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer those who are likely to have been there."""
        return super().get_form_kwargs() | {"near": near(self.object)}

    def run(self, form: Any) -> Any:
        """Call the service with everyone who took part."""
        others = form.people()
        return contacting.log_interaction(self.object, others=others, by=self.acting, **form.cleaned_data)


class InteractionView(OnePartView):
    """A verb about one contact this constituent took part in."""

    def parts(self) -> QuerySet[Any]:
        """Return this constituent's contacts."""
        everyone = Prefetch("participants", queryset=Constituent.objects.order_by("sort_name", "pk"))
        return Interaction.objects.filter(participants=self.constituent).prefetch_related(everyone)

    @cached_property
    def part(self) -> Interaction:
        """The contact."""
        return super().part


class ChangeInteractionView(InteractionView):
    """Correct a contact that was logged."""

    permission = "constituents.change_interaction"
    title = _("Correct contact")
    question = _("Correct what was logged")
    icon = "edit"
    submit_label = _("Save")
    form_class = InteractionForm
    success_message = _("The contact is corrected.")

    def get_initial(self) -> dict[str, Any]:
        """Begin with what was logged."""
        return InteractionForm.of(self.part)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Show who took part, ticked, and who else is near."""
        there = list(self.part.participants.all())
        people = [*there, *near(self.constituent)]
        return super().get_form_kwargs() | {"near": people, "chosen": [person.pk for person in there]}

    def run(self, form: Any) -> Any:
        """Call the service with everyone who is ticked."""
        people = form.people()
        values = dict(form.cleaned_data)
        if not values["at"]:
            del values["at"]
        return contacting.change_interaction(self.part, participants=people, by=self.acting, **values)


class RemoveInteractionView(InteractionView):
    """Take back a contact logged by mistake."""

    verb = staticmethod(contacting.remove_interaction)
    permission = "constituents.change_interaction"
    title = _("Remove contact")
    question = _("Take “%(part)s” off the record?")
    explanation = _("It goes from the page of everyone who took part. The history keeps what it said, and why.")
    danger = True
    form_class = ReasonForm
    success_message = _("The contact is off the record.")


class WriteView(VerbView):
    """Write an e-mail in our letterhead; it is logged as contact."""

    verb = staticmethod(contacting.write_to)
    permission = "constituents.add_interaction"
    title = _("Write")
    question = _("Write to %(object)s")
    icon = "mail"
    priority = 15
    submit_label = _("Send")
    form_class = LetterForm
    success_message = _("The e-mail to %(object)s is on its way.")

    @classmethod
    def refusal(cls, obj: Any) -> str:
        """Say why no e-mail may go to them; what the page has loaded already is enough to know."""
        return contacting.why_not_write(obj)

    def facts(self) -> list[tuple[Any, Any]]:
        """The address it goes to."""
        return [(_("To"), self.object.primary_email)]


VERBS = {
    "log": LogInteractionView,
    "write": WriteView,
    "change-contact": ChangeInteractionView,
    "remove-contact": RemoveInteractionView,
}
