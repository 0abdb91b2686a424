"""Joining, renewing, another level, a free term: what gives somebody a term."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from constituents.models import Constituent, Household
from core import clock
from core.staff.asked import record_asked_for
from core.staff.verbs import VerbView
from memberships.errors import MembershipError
from memberships.forms import ChangeLevelForm, FreeTermForm, JoinForm, RenewForm
from memberships.models import Membership, Term
from memberships.services import changing, joining, renewing
from memberships.services.quotes import quote_renewal
from memberships.staff.verb import GONE, RUNNING, AboutMembership
from memberships.wording import day, term_in_words


class JoinView(VerbView):
    """Somebody joins: one screen."""

    permission = "memberships.join_membership"
    needs_object = False
    title = _("Join")
    question = _("Who joins?")
    explanation = _(
        "The dues are recorded as received and the term begins that day. Who was a member keeps the number."
    )
    submit_label = _("Make a member")
    success_message = _("%(object)s is a member.")
    icon = "plus"
    form_class = JoinForm
    priority = 5

    def get_initial(self) -> dict[str, Any]:
        """Start with whose page one comes from."""
        known = record_asked_for(self.request, "constituent", Constituent.objects.all())
        return super().get_initial() | {"constituent": known}

    def run(self, form: JoinForm) -> Term:  # type: ignore[override]
        """Join as paid or as free of charge."""
        data = form.cleaned_data
        person: Constituent = data["constituent"]
        holder: Constituent | Household = person
        people, payer = [], None
        if data["whole_household"] and person.household is not None:
            holder, payer, people = person.household, person, person.household.members
        if data["free_because"]:
            return joining.comp(
                holder=holder,
                level=data["level"],
                by=self.acting,
                reason=data["free_because"],
                people=people,
                payer=payer,
                starts_on=data["received_on"],
            )
        return joining.join(
            holder=holder,
            level=data["level"],
            by=self.acting,
            payment=form.payment(),
            people=people,
            payer=payer,
            given_by=data["given_by"],
            price=form.price(data["level"]),
        )

    def get_success_message(self, outcome: Term) -> str:
        """Say who, and go to their membership."""
        self.object = outcome.membership
        return super().get_success_message(outcome)


class RenewView(AboutMembership):
    """Another term, paid."""

    title = _("Renew")
    question = _("Renew the membership of %(object)s?")
    submit_label = _("Record the dues and renew")
    icon = "rotate"
    form_class = RenewForm
    priority = 10

    @classmethod
    def refusal(cls, obj: Membership) -> Any:
        """Only what has begun, runs out and is not over can be renewed."""
        if obj.status in GONE:
            return _("This membership is over. Let the member join again instead.")
        if obj.ends_on is None:
            return _("There is nothing to renew: it has not begun, or is for life.")
        return ""

    def facts(self) -> list[tuple[Any, Any]]:
        """Say what a payment today buys."""
        rows = super().facts()
        try:
            quote = quote_renewal(self.object, on=clock.today())
        except MembershipError:
            return rows
        until = day(quote.ends_on) if quote.ends_on else _("for life")
        words = _("%(start)s to %(end)s, %(price)s") % {
            "start": day(quote.starts_on),
            "end": until,
            "price": quote.total,
        }
        return [*rows, (_("Paid today, the next term is"), words)]

    def run(self, form: RenewForm) -> renewing.Renewal:  # type: ignore[override]
        """Renew as paid."""
        level = form.cleaned_data["level"]
        return renewing.renew(
            self.object,
            by=self.acting,
            payment=form.payment(),
            level=level,
            price=form.price(level),
            early=form.cleaned_data.get("early", False),
        )

    def get_success_message(self, outcome: renewing.Renewal) -> str:
        """Say until when, or that the money has to go back."""
        if outcome.term is None:
            return str(_("The payment is recorded and flagged: nothing was due, so it has to be refunded."))
        words = {"member": self.object.holder, "term": term_in_words(outcome.term)}
        return str(_("%(member)s: renewed, %(term)s.")) % words


class ChangeLevelView(AboutMembership):
    """To another level, with credit for unused days."""

    title = _("Change level")
    question = _("Which level for %(object)s?")
    explanation = _(
        "A dearer level begins today and unused days are credited. A cheaper one waits for the next renewal. "
        "The payment below counts only when there is something to pay now."
    )
    icon = "arrow-up"
    form_class = ChangeLevelForm
    priority = 20

    @classmethod
    def refusal(cls, obj: Membership) -> Any:
        """Only what runs can change, and not what is for life."""
        if obj.status not in RUNNING or obj.ends_on is None:
            return _("Only a membership that runs can change its level.")
        return ""

    def run(self, form: ChangeLevelForm) -> Term | None:  # type: ignore[override]
        """Change as paid."""
        return changing.change_level(
            self.object,
            level=form.cleaned_data["level"],
            by=self.acting,
            payment=form.payment(),
            on=clock.today(),
        )

    def get_success_message(self, outcome: Term | None) -> str:
        """Say from when."""
        if outcome is None:
            return str(_("The level changes at the next renewal."))
        return str(_("%(level)s from today.")) % {"level": outcome.level}


class FreeTermView(AboutMembership):
    """Another term, free of charge."""

    title = _("Give a free term")
    question = _("Give %(object)s a term free of charge?")
    icon = "plus"
    form_class = FreeTermForm
    success_message = _("%(object)s has another term, free of charge.")
    priority = 60

    @classmethod
    def refusal(cls, obj: Membership) -> Any:
        """Who is gone joins again."""
        return RenewView.refusal(obj)

    def run(self, form: FreeTermForm) -> Term:  # type: ignore[override]
        """Give it, with the reason."""
        data = form.cleaned_data
        return joining.comp(holder=self.object.holder, level=data["level"], by=self.acting, reason=data["reason"])
