"""What may be done with a household: who lives there, what it is called, and how it comes apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from constituents.household_forms import AddMemberForm, MemberForm, NamesForm, SplitForm
from constituents.models import Household, HouseholdChange, HouseholdMembership
from constituents.services.households import change_member, join_household, name_household, remove_member, rewrite_names
from constituents.services.splitting import split_household
from constituents.services.taking_back import take_back
from constituents.staff.addresses import VERBS as ADDRESS_VERBS
from constituents.staff.part_verbs import PartVerbView
from constituents.staff.previews import Letter, PreviewedVerbView, letter_to
from core.staff.verbs import VerbView


class AddMemberView(PreviewedVerbView):
    """Somebody comes to live there."""

    verb = staticmethod(join_household)
    title = _("Add somebody")
    question = _("Who comes to live with %(object)s?")
    icon = "user"
    priority = 10
    form_class = AddMemberForm
    success_message = _("%(object)s is one more.")

    def letters(self, outcome: HouseholdMembership) -> Iterator[Letter]:
        """To all of them together."""
        yield letter_to(outcome.household)


class MoveOutView(PreviewedVerbView):
    """A divorce, a child who leaves."""

    title = _("Split")
    question = _("Who leaves %(object)s?")
    explanation = _(
        "What each person gave stays theirs, and so do their own memberships and what they want to hear from you. "
        "A mistaken split can be taken back on this page."
    )
    submit_label = _("Split the household")
    icon = "cut"
    priority = 30
    form_class = SplitForm
    template_name = "wagtailadmin/people/households/split.html"
    success_message = _("The household is split.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form whose it is."""
        return super().get_form_kwargs() | {"household": self.object}

    def run(self, form: SplitForm) -> HouseholdChange:  # type: ignore[override]
        """Split it."""
        data = form.cleaned_data
        return split_household(
            self.object,
            leavers=list(data["leavers"]),
            by=self.acting,
            on=data["on"],
            where_to=data["where_to"],
            address=form.parts(),
            keeps_names=data.get("keeps_names", False),
            answers=form.answers(),
            reason=data["reason"],
        )

    def letters(self, outcome: HouseholdChange) -> Iterator[Letter]:
        """To those who stay, and to those who leave."""
        leavers = list(self.get_form().fields["leavers"].queryset.filter(pk__in=self.request.POST.getlist("leavers")))
        yield letter_to(Household.objects.get(changes=outcome))
        theirs = leavers[0].household if len(leavers) > 1 else None
        yield letter_to(theirs or leavers[0])


class NamesView(VerbView):
    """What the household is called."""

    title = _("Names")
    question = _("How is %(object)s named?")
    explanation = _(
        "A name that differs from what the members give is kept until you empty it here. The rules stand under "
        "Settings, Names of households."
    )
    submit_label = _("Save")
    icon = "edit"
    priority = 40
    form_class = NamesForm
    success_message = _("The names are saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form what the members give."""
        household: Any = self.object
        with transaction.atomic():
            written = rewrite_names(household, by=self.acting)
            transaction.set_rollback(True)
        return super().get_form_kwargs() | {"household": household, "written": written}

    def run(self, form: Any) -> Household:
        """Keep what differs."""
        return name_household(self.object, by=self.acting, names=form.cleaned_data)


class RewriteView(VerbView):
    """Let all four follow the members again."""

    verb = staticmethod(rewrite_names)
    offered = False
    title = _("Write them again")
    question = _("Write the names of %(object)s from its members again?")
    explanation = _("Those written by hand are replaced.")
    success_message = _("The names are written from the members.")


class MemberView(PartVerbView, PreviewedVerbView):
    """A member's part, and where they are named."""

    verb = staticmethod(change_member)
    title = _("Change")
    question = _("%(part)s")
    submit_label = _("Save")
    icon = "user"
    form_class = MemberForm
    success_message = _("Saved.")

    def parts(self) -> QuerySet[HouseholdMembership]:
        """Those who live there."""
        household: Any = self.object
        return HouseholdMembership.objects.now().filter(household=household).select_related("person", "household")

    def words(self) -> dict[str, Any]:
        """The person is meant."""
        return super().words() | {"part": self.part.person}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Begin with what is on record."""
        return super().get_form_kwargs() | {"instance": self.part}

    def letters(self, outcome: HouseholdMembership) -> Iterator[Letter]:
        """To all of them together."""
        yield letter_to(outcome.household)


class NeverLivedHereView(MemberView):
    """A mistake: no trace of it in names and totals."""

    verb = staticmethod(remove_member)  # type: ignore[assignment]
    title = _("Never lived here")
    question = _("Did %(part)s never live here?")
    explanation = _("For a mistake. Who lived here and has left: use “Split”, and the time here stays on record.")
    form_class = VerbView.form_class  # type: ignore[assignment]
    danger = True
    success_message = _("%(part)s is off the household.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Nothing to fill in."""
        return super(MemberView, self).get_form_kwargs()

    def letters(self, outcome: Any) -> Iterator[Letter]:
        """To those who are left."""
        household: Any = self.object
        yield letter_to(household)


class TakeBackView(PartVerbView):
    """It was a mistake."""

    verb = staticmethod(take_back)
    title = _("Take back")
    question = _("Take this back? %(part)s")
    explanation = _(
        "Everything it changed is put back as it was. That is refused when something was built on it since."
    )
    submit_label = _("Take it back")
    icon = "rotate"
    success_message = _("Taken back: everything is as it was before.")

    def parts(self) -> QuerySet[HouseholdChange]:
        """What happened to this record and was not taken back."""
        owner = {"household" if isinstance(self.object, Household) else "person": self.object}
        return HouseholdChange.objects.filter(undone_at__isnull=True, **owner).select_related("person", "household")


VERBS: dict[str, type[VerbView]] = {
    "add-member": AddMemberView,
    "split": MoveOutView,
    "names": NamesView,
    "rewrite": RewriteView,
    "member": MemberView,
    "never-here": NeverLivedHereView,
    "take-back": TakeBackView,
    **ADDRESS_VERBS,
}
