"""The pages behind the buttons of memberships, applications and flags; each runs one service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from constituents.models import Constituent, Household
from core import clock
from core.staff.asked import record_asked_for
from core.staff.verbs import ReasonForm, VerbView
from donations.services.gifts import post_gift
from memberships.errors import MembershipError
from memberships.forms import (
    CancelForm,
    ChangeLevelForm,
    FreeTermForm,
    JoinForm,
    PersonForm,
    ReceivedForm,
    RemovePersonForm,
    RenewForm,
    SettleForm,
)
from memberships.models import Application, Fact, Flag, Membership, Status, Term
from memberships.models.application import ApplicationState
from memberships.services import changing, flags, joining, renewing
from memberships.services.cards import revoke_cards
from memberships.services.quotes import quote_renewal
from memberships.wording import day, standing_in_words, term_in_words

_RUNNING = (Status.NEW, Status.CURRENT, Status.DUE)
_GONE = (Status.CANCELLED, Status.DECEASED)


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
        holder, people, payer = data["constituent"], [], None
        if data["whole_household"]:
            household: Household = holder.household
            holder, payer, people = household, holder, household.members
        if data["free_because"]:
            return joining.comp(
                holder=holder,
                level=data["level"],
                by=self.request.user,
                reason=data["free_because"],
                people=people,
                payer=payer,
                starts_on=data["received_on"],
            )
        return joining.join(
            holder=holder,
            level=data["level"],
            by=self.request.user,
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


class MembershipVerb(VerbView):
    """A verb about one membership: knows it whole."""

    permission = "memberships.join_membership"
    object: Membership

    def get_queryset(self) -> Any:
        """With terms and facts, which every quote needs."""
        return super().get_queryset().prefetch_related("terms__level", "standings")

    def facts(self) -> list[tuple[Any, Any]]:
        """Say where it stands."""
        rows: list[tuple[Any, Any]] = [
            (_("Standing"), standing_in_words(self.object, clock.today())),
            (_("Level"), self.object.level),
        ]
        if (last := self.object.latest_term) is not None:
            rows.append((_("Last term"), term_in_words(last)))
        return rows


class AboutMembership(MembershipVerb):
    """A verb whose form has to know the membership."""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form."""
        return super().get_form_kwargs() | {"membership": self.object}


class RenewView(AboutMembership):
    """Another term, paid."""

    title = _("Renew")
    question = _("Renew the membership of %(object)s?")
    submit_label = _("Record the dues and renew")
    icon = "rotate"
    form_class = RenewForm
    priority = 10

    @classmethod
    def refusal(cls, obj: Membership) -> Any:  # type: ignore[override]
        """Only what has begun, runs out and is not over can be renewed."""
        if obj.status in _GONE:
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
            by=self.request.user,
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
    def refusal(cls, obj: Membership) -> Any:  # type: ignore[override]
        """Only what runs can change, and not what is for life."""
        if obj.status not in _RUNNING or obj.ends_on is None:
            return _("Only a membership that runs can change its level.")
        return ""

    def run(self, form: ChangeLevelForm) -> Term | None:  # type: ignore[override]
        """Change as paid."""
        return changing.change_level(
            self.object,
            level=form.cleaned_data["level"],
            by=self.request.user,
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
    def refusal(cls, obj: Membership) -> Any:  # type: ignore[override]
        """Who is gone joins again."""
        return RenewView.refusal(obj)

    def run(self, form: FreeTermForm) -> Term:  # type: ignore[override]
        """Give it, with the reason."""
        data = form.cleaned_data
        return joining.comp(holder=self.object.holder, level=data["level"], by=self.request.user, reason=data["reason"])


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
        return changing.add_people(self.object, people=[form.cleaned_data["person"]], by=self.request.user)


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
        changing.remove_person(self.object, person=data["person"], reason=data["reason"], by=self.request.user)


class CancelView(AboutMembership):
    """A membership ends."""

    permission = "memberships.cancel_membership"
    title = _("Cancel")
    question = _("Cancel the membership of %(object)s?")
    explanation = _("Nothing is refunded by this: refund the dues on their own page if you mean to.")
    submit_label = _("Cancel the membership")
    icon = "cross"
    danger = True
    form_class = CancelForm
    success_message = _("The membership of %(object)s is cancelled.")
    priority = 90

    @classmethod
    def refusal(cls, obj: Membership) -> Any:  # type: ignore[override]
        """Once is enough."""
        return _("It is over already.") if obj.status in _GONE else ""

    def run(self, form: CancelForm) -> Membership:  # type: ignore[override]
        """End it when asked."""
        data = form.cleaned_data
        return changing.cancel(
            self.object,
            by=self.request.user,
            reason=data["reason"],
            at_end=data["when"] == "end",
            last_day=data["last_day"] if data["when"] == "day" else None,
        )


class SuspendView(MembershipVerb):
    """Benefits stop until it is lifted."""

    permission = "memberships.cancel_membership"
    title = _("Suspend")
    question = _("Suspend the membership of %(object)s?")
    explanation = _("From today on, until it is lifted. Paid days keep running.")
    icon = "lock"
    danger = True
    form_class = ReasonForm
    success_message = _("The membership of %(object)s is suspended.")
    priority = 80

    @classmethod
    def refusal(cls, obj: Membership) -> Any:  # type: ignore[override]
        """Only members can be suspended."""
        if obj.status in (*_RUNNING, Status.GRACE, Status.HONORARY):
            return ""
        return _("Only a membership that runs can be suspended.")

    def run(self, form: ReasonForm) -> Any:  # type: ignore[override]
        """Suspend it."""
        reason = form.cleaned_data["reason"]
        return changing.state_fact(self.object, fact=Fact.SUSPENDED, by=self.request.user, reason=reason)


class LiftView(MembershipVerb):
    """The suspension ends."""

    permission = "memberships.cancel_membership"
    title = _("Lift the suspension")
    question = _("Lift the suspension of %(object)s?")
    icon = "lock-open"
    form_class = forms.Form
    success_message = _("The suspension of %(object)s is lifted.")
    priority = 15

    @classmethod
    def refusal(cls, obj: Membership) -> Any:  # type: ignore[override]
        """Only what is suspended."""
        return "" if obj.status == Status.SUSPENDED else _("It is not suspended.")

    def run(self, form: forms.Form) -> None:  # type: ignore[override]
        """Lift it."""
        changing.lift_fact(self.object, fact=Fact.SUSPENDED, by=self.request.user)


class HonourView(MembershipVerb):
    """An honorary member, until further notice."""

    permission = "memberships.cancel_membership"
    title = _("Make honorary")
    question = _("Make %(object)s an honorary member?")
    explanation = _("From today on, with no dues and no end.")
    icon = "pick"
    form_class = ReasonForm
    success_message = _("%(object)s is an honorary member.")
    priority = 70

    @classmethod
    def refusal(cls, obj: Membership) -> Any:  # type: ignore[override]
        """Once is enough, and the living only."""
        return _("Not for this membership.") if obj.status in (*_GONE, Status.HONORARY) else ""

    def run(self, form: ReasonForm) -> Any:  # type: ignore[override]
        """Put it on record."""
        reason = form.cleaned_data["reason"]
        return changing.state_fact(self.object, fact=Fact.HONORARY, by=self.request.user, reason=reason)


class RevokeCardsView(MembershipVerb):
    """A card was lost or lent: all printed so far are worthless."""

    verb = staticmethod(revoke_cards)
    title = _("Revoke the cards")
    question = _("Revoke every card of %(object)s?")
    explanation = _("Cards printed so far show “not valid” when they are checked. Print and send new ones.")
    icon = "no-view"
    danger = True
    form_class = ReasonForm
    success_message = _("The old cards of %(object)s are not valid any more.")
    priority = 75


class ApproveView(VerbView):
    """Say yes to somebody who asked to join."""

    verb = staticmethod(joining.approve_application)
    permission = "memberships.answer_application"
    title = _("Approve")
    question = _("Approve %(object)s?")
    explanation = _("The dues are expected from here on; the term begins when they have come.")
    icon = "check"
    form_class = forms.Form
    success_message = _("%(object)s: approved, the dues are expected.")
    priority = 10

    @classmethod
    def refusal(cls, obj: Application) -> Any:  # type: ignore[override]
        """Only what waits for it."""
        return "" if obj.state == ApplicationState.APPROVAL else _("It does not wait for approval.")


class DeclineView(VerbView):
    """Say no, or give up waiting."""

    verb = staticmethod(joining.decline_application)
    permission = "memberships.answer_application"
    title = _("Decline")
    question = _("Decline %(object)s?")
    explanation = _("Dues that were expected no longer are.")
    icon = "cross"
    danger = True
    form_class = ReasonForm
    success_message = _("%(object)s: declined.")
    priority = 20

    @classmethod
    def refusal(cls, obj: Application) -> Any:  # type: ignore[override]
        """Only what is open."""
        return "" if obj.is_open else _("It was answered already.")


class ReceiveView(VerbView):
    """The expected dues have come."""

    permission = "memberships.join_membership"
    title = _("Dues received")
    question = _("Have the dues of %(object)s come?")
    explanation = _("They are entered as received, and the term begins that day or follows the one that runs.")
    icon = "pick"
    form_class = ReceivedForm
    success_message = _("%(object)s: dues received.")
    priority = 5

    @classmethod
    def refusal(cls, obj: Application) -> Any:  # type: ignore[override]
        """Only what waits for payment."""
        return "" if obj.state == ApplicationState.PAYMENT else _("It does not wait for payment.")

    def facts(self) -> list[tuple[Any, Any]]:
        """Say what was expected."""
        gift = self.object.gift
        return [(_("Expected"), gift.money), (_("By"), gift.get_method_display()), (_("Reference"), gift.reference)]

    def run(self, form: ReceivedForm) -> Any:  # type: ignore[override]
        """Post the gift; the membership hears of it by itself."""
        return post_gift(self.object.gift, by=self.request.user, received_on=form.cleaned_data["received_on"])


class SettleView(VerbView):
    """Note what was decided about a flag."""

    verb = staticmethod(flags.settle_flag)
    permission = "memberships.settle_flag"
    title = _("Settle")
    question = _("What was decided about %(object)s?")
    icon = "check"
    form_class = SettleForm
    success_message = _("Settled: %(object)s.")

    @classmethod
    def refusal(cls, obj: Flag) -> Any:  # type: ignore[override]
        """Once is enough."""
        return "" if obj.settled_at is None else _("It is settled already.")
