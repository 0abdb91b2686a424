"""Cancelled, suspended, honoured, cards revoked: what changes how a member stands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.staff.verbs import ReasonForm
from memberships.forms import CancelForm
from memberships.models import Fact, Membership, Status
from memberships.services import changing
from memberships.services.cards import revoke_cards
from memberships.staff.verb import GONE, RUNNING, AboutMembership, MembershipVerb


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
    def refusal(cls, obj: Membership) -> Any:
        """Once is enough."""
        return _("It is over already.") if obj.status in GONE else ""

    def run(self, form: CancelForm) -> Membership:  # type: ignore[override]
        """End it when asked."""
        data = form.cleaned_data
        return changing.cancel(
            self.object,
            by=self.acting,
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
    def refusal(cls, obj: Membership) -> Any:
        """Only members can be suspended."""
        if obj.status in (*RUNNING, Status.GRACE, Status.HONORARY):
            return ""
        return _("Only a membership that runs can be suspended.")

    def run(self, form: ReasonForm) -> Any:  # type: ignore[override]
        """Suspend it."""
        reason = form.cleaned_data["reason"]
        return changing.state_fact(self.object, fact=Fact.SUSPENDED, by=self.acting, reason=reason)


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
    def refusal(cls, obj: Membership) -> Any:
        """Only what is suspended."""
        return "" if obj.status == Status.SUSPENDED else _("It is not suspended.")

    def run(self, form: forms.Form) -> None:  # type: ignore[override]
        """Lift it."""
        changing.lift_fact(self.object, fact=Fact.SUSPENDED, by=self.acting)


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
    def refusal(cls, obj: Membership) -> Any:
        """Once is enough, and the living only."""
        return _("Not for this membership.") if obj.status in (*GONE, Status.HONORARY) else ""

    def run(self, form: ReasonForm) -> Any:  # type: ignore[override]
        """Put it on record."""
        reason = form.cleaned_data["reason"]
        return changing.state_fact(self.object, fact=Fact.HONORARY, by=self.acting, reason=reason)


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
