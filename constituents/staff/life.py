"""What happens in a person's life: they live with somebody, they die."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from constituents.household_forms import DeathForm, LivesWithForm
from constituents.household_steps import loose_ends_of
from constituents.models import Household, HouseholdChange
from constituents.services.deaths import record_death
from constituents.services.households import live_together
from constituents.staff.addresses import VERBS as ADDRESS_VERBS
from constituents.staff.household_verbs import TakeBackView
from constituents.staff.previews import Letter, PreviewedVerbView, letter_to
from core.staff.verbs import VerbView


class LivesWithView(PreviewedVerbView):
    """Form a household, or join one."""

    title = _("Lives with …")
    question = _("With whom does %(object)s live?")
    explanation = _("People who live as one unit get one letter. Each keeps what they gave.")
    submit_label = _("They live together")
    icon = "home"
    priority = 55
    form_class = LivesWithForm
    success_message = _("They live together.")

    @classmethod
    def refusal(cls, obj: Any) -> Any:
        """Organisations live nowhere; who lives with others is added to from the household's page."""
        return "" if obj.is_person else _("Only people live in households.")

    def run(self, form: Any) -> Household:
        """Form a household, or let one of them join the other's."""
        data = form.cleaned_data
        return live_together(
            self.object,
            data["person"],
            by=self.acting,
            role=data["role"],
            since=data["since"],
            brings_address=data["brings_address"],
        )

    def letters(self, outcome: Household) -> Iterator[Letter]:
        """To all of them together."""
        yield letter_to(outcome)


class DiedView(PreviewedVerbView):
    """Somebody has died."""

    title = _("Has died")
    question = _("Has %(object)s died?")
    explanation = _(
        "Nothing is sent to them any more, they leave the member directory, and their household is named after those "
        "who live. What they gave and what they consented to stay on record. A mistake can be taken back."
    )
    submit_label = _("Record the death")
    icon = "user"
    priority = 90
    form_class = DeathForm
    template_name = "wagtailadmin/people/households/death.html"
    success_message = _("The death of %(object)s is on record.")

    @classmethod
    def refusal(cls, obj: Any) -> Any:
        """Once, and only of people."""
        if not obj.is_person:
            return _("Only people die.")
        return _("This is on record already.") if obj.is_deceased else ""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Ask about names only when some are kept by hand."""
        person: Any = self.object
        return super().get_form_kwargs() | {"household": person.household}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what is left to decide."""
        person: Any = self.object
        return super().get_context_data(**kwargs) | {"loose_ends": loose_ends_of(person, self.request.user)}

    def run(self, form: Any) -> HouseholdChange:
        """Record it."""
        return record_death(
            self.object,
            by=self.acting,
            on=form.on,
            keeps_names=form.cleaned_data.get("keeps_names", False),
            reason=form.cleaned_data["reason"],
        )

    def letters(self, outcome: HouseholdChange) -> Iterator[Letter]:
        """To those who live on together."""
        if outcome.household_id:
            household = Household.objects.get(pk=outcome.household_id)
            if any(not person.is_deceased for person in household.members):
                yield letter_to(household)


VERBS: dict[str, type[VerbView]] = {
    "lives-with": LivesWithView,
    "died": DiedView,
    "take-back": TakeBackView,
    **ADDRESS_VERBS,
}
