"""Verbs that show beforehand how letters will open: the verb itself is run, looked at, and rolled back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from constituents.models import Constituent, Household
from constituents.naming import names_of
from constituents.services.addresses import address_on, household_address_on
from constituents.services.household_naming import as_named, naming_style
from core import clock
from core.staff.refusals import REFUSALS, add_to_form
from core.staff.verbs import VerbView


@dataclass(frozen=True, slots=True)
class Letter:
    """How a letter to somebody will look."""

    heading: str
    formal: str
    informal: str
    envelope: list[str] = field(default_factory=list)
    note: str = ""


def letter_to(owner: Constituent | Household) -> Letter:
    """Return how a letter to a household, or to a person for themselves, would look today."""
    today = clock.today()
    if isinstance(owner, Household):
        owner.refresh_from_db()
        names: Any = owner
        address = household_address_on(owner, today)
    else:
        owner = Constituent.objects.get(pk=owner.pk)
        names = names_of([as_named(owner)], naming_style().formats(owner.language))
        address = address_on(owner, today)
    return Letter(
        heading=names.name,
        formal=names.formal_salutation,
        informal=names.informal_salutation,
        envelope=[names.addressee, *(address.envelope_lines if address else [])],
        note="" if address else _("No address may be used."),
    )


class PreviewedVerbView(VerbView):
    """Shows what comes of the form before it is sent: with script while one types, else by a button."""

    template_name = "wagtailadmin/people/households/previewed_verb.html"

    def letters(self, outcome: Any) -> Iterable[Letter]:
        """Return the letters to show, from what the verb returned, while its changes can be seen."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        """Run the verb; for a preview look at the outcome, and leave no trace of it."""
        if "preview" not in self.request.POST:
            return super().form_valid(form)
        letters: list[Letter] = []
        try:
            with transaction.atomic():
                letters = list(self.letters(self.run(form)))
                transaction.set_rollback(True)
        except REFUSALS as error:
            add_to_form(form, error)
        return self.render_to_response(self.get_context_data(form=form, letters=letters))

    def form_invalid(self, form: Any) -> HttpResponse:
        """While one types, what is missing yet is no mistake."""
        if self.request.htmx:  # type: ignore[attr-defined]
            return self.render_to_response(self.get_context_data(form=form, is_incomplete=True))
        return super().form_invalid(form)
