"""Who is on the plan of a membership."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from memberships.forms import PersonForm, RemovePersonForm
from memberships.services import changing
from memberships.staff.verb import AboutMembership, MembershipVerb


class AddPersonView(MembershipVerb):
    """Somebody goes onto the plan."""

    title = _("Add a person")
    question = _("Who goes onto the plan of %(object)s?")
    icon = "user"
    form_class = PersonForm
    success_message = _("The plan of %(object)s has one more person.")
    priority = 40

    def run(self, form: PersonForm) -> Any:  # type: ignore[override]
        """Name them."""
        return changing.add_people(self.object, people=[form.cleaned_data["person"]], by=self.acting)


class RemovePersonView(AboutMembership):
    """Somebody leaves the plan."""

    title = _("Remove a person")
    question = _("Who leaves the plan of %(object)s?")
    explanation = _("Today is their last day on the plan. What was stays on record.")
    icon = "user"
    form_class = RemovePersonForm
    success_message = _("The plan of %(object)s has changed.")
    priority = 45

    def run(self, form: RemovePersonForm) -> None:  # type: ignore[override]
        """Take them off."""
        data = form.cleaned_data
        changing.remove_person(self.object, person=data["person"], reason=data["reason"], by=self.acting)
