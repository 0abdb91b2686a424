"""Recurring gifts that Stripe charges: what Stripe says of one, and the verbs that ask it for a change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from core import clock
from core.money import Money
from core.staff.refusals import REFUSALS, add_to_form
from core.staff.verbs import ReasonForm
from core.theme.figures import day_in_words
from donations.models import AskedChange, AskedState, FailedCharge, RecurringGift, RecurringStatus
from donations.promises.errors import PromiseError
from donations.promises.schedule import Frequency, Unit
from donations.staff.recurring_verbs import RecurringVerb
from donations.stripe.billing import asking, charging, reasons
from donations.stripe.billing.forms import (
    OnlineAmountForm,
    OnlineDayForm,
    OnlineFundForm,
    OnlinePauseForm,
    OnlineRhythmForm,
)
from donations.stripe.billing.pending import pending_words

_NOT_ONLINE = _("This one is not charged online.")
_SHOWN = 8


class OnlineVerb(RecurringVerb):
    """What asks Stripe: written down first, asked outside any transaction, read back, and said honestly."""

    question = _("%(object)s: what is to change?")
    explanation = _("Stripe is asked at once, and the donor gets a mail that confirms it.")

    @classmethod
    def refusal(cls, recurring: RecurringGift) -> Any:
        """It must be charged online, and live."""
        if not recurring.is_online:
            return _NOT_ONLINE
        return "" if recurring.is_live else asking.OVER_WORDS

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Write it down, then ask."""
        try:
            with self.sending.held():
                with transaction.atomic():
                    outcome = self.run(form)
                if isinstance(outcome, AskedChange):
                    outcome = asking.carry_out(outcome)
                self.sending.done(self.get_success_url())
        except REFUSALS as error:
            add_to_form(form, error)
            return self.form_invalid(form)
        if isinstance(outcome, AskedChange) and outcome.state == AskedState.ASKED:
            messages.warning(
                self.request, _t("Stripe has not answered. We go on asking; the page says when it is done.")
            )
        else:
            messages.success(self.request, self.get_success_message(outcome))
        return HttpResponseRedirect(self.get_success_url())


def _not_now(recurring: RecurringGift) -> Any:
    if recurring.is_online and recurring.is_live and recurring.status != RecurringStatus.ACTIVE:
        return _("It has to be charged again first.")
    return ""


class OnlineAmountView(OnlineVerb):
    """Another amount."""

    title = _("Change the amount")
    icon = "edit"
    priority = 30
    form_class = OnlineAmountForm
    success_message = _("The new amount is charged from the next time on.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """In its currency."""
        return super().get_form_kwargs() | {"currency": self.object.currency}

    def get_initial(self) -> dict[str, Any]:
        """As it is now."""
        return super().get_initial() | {"amount": self.object.money.plain}

    def run(self, form: BaseForm) -> AskedChange:
        """Ask for it."""
        cleaned = form.cleaned_data
        money = Money(cleaned["amount"], self.object.currency)
        return asking.change_amount(self.object, money=money, by=self.acting, reason=cleaned["reason"])


class OnlineRhythmView(OnlineVerb):
    """Another rhythm."""

    title = _("Change how often")
    explanation = _(
        "The next charge stays on its day unless you choose another, and is the first of the new amount. Say the "
        "amount anew: a year’s gift is not a month’s. The donor gets a mail that confirms it."
    )
    icon = "history"
    priority = 31
    form_class = OnlineRhythmForm

    @classmethod
    def refusal(cls, recurring: RecurringGift) -> Any:
        """Of one that is paused or failing the next charge cannot be moved."""
        return _not_now(recurring) or super().refusal(recurring)

    def get_form_kwargs(self) -> dict[str, Any]:
        """In its currency."""
        return super().get_form_kwargs() | {"currency": self.object.currency}

    def get_initial(self) -> dict[str, Any]:
        """As it is now."""
        promise = self.object
        return super().get_initial() | {
            "every": promise.every,
            "unit": promise.unit,
            "amount": promise.money.plain,
            "on": promise.next_due_on,
        }

    def run(self, form: BaseForm) -> AskedChange:
        """Ask for it."""
        cleaned = form.cleaned_data
        return asking.change_rhythm(
            self.object,
            frequency=Frequency(cleaned["every"], Unit(cleaned["unit"])),
            money=Money(cleaned["amount"], self.object.currency),
            on=cleaned["on"],
            by=self.acting,
            reason=cleaned["reason"],
        )

    def get_success_message(self, outcome: AskedChange) -> str:
        """Say how it is now, and when the next charge is."""
        promise = RecurringGift.objects.get(pk=self.object.pk)
        day = day_in_words(promise.next_due_on, "medium") if promise.next_due_on else ""
        return _t("It is %(promise)s now, next on %(day)s.") % {"promise": promise, "day": day}


class OnlineDayView(OnlineVerb):
    """Another day."""

    verb = staticmethod(asking.move_day)
    title = _("Change the day")
    icon = "calendar-alt"
    priority = 32
    form_class = OnlineDayForm
    success_message = _("The day is changed.")

    @classmethod
    def refusal(cls, recurring: RecurringGift) -> Any:
        """Of one that is paused or failing there is no day to move."""
        return _not_now(recurring) or super().refusal(recurring)

    def get_initial(self) -> dict[str, Any]:
        """As it is now."""
        return super().get_initial() | {"on": self.object.next_due_on}


class OnlineFundView(OnlineVerb):
    """Another fund."""

    verb = staticmethod(asking.change_fund)
    title = _("Change the fund")
    explanation = _("From today all of it goes to this fund. Stripe need not know.")
    icon = "folder"
    priority = 34
    form_class = OnlineFundForm
    success_message = _("The next gift goes there.")


class OnlinePauseView(OnlineVerb):
    """Nothing is charged for a while."""

    verb = staticmethod(asking.pause)
    title = _("Pause")
    question = _("Pause %(object)s?")
    icon = "time"
    priority = 40
    form_class = OnlinePauseForm
    success_message = _("It is paused: nothing is charged.")

    @classmethod
    def refusal(cls, recurring: RecurringGift) -> Any:
        """Once is enough."""
        if recurring.is_online and recurring.status == RecurringStatus.PAUSED:
            return _("It is paused already.")
        return super().refusal(recurring)


class OnlineGoOnView(OnlineVerb):
    """A pause ends."""

    verb = staticmethod(asking.resume)
    title = _("Let it go on")
    question = _("Does %(object)s go on?")
    icon = "rotate"
    priority = 20
    form_class = ReasonForm
    success_message = _("It is charged again from its next day on.")

    @classmethod
    def refusal(cls, recurring: RecurringGift) -> Any:
        """It must be paused."""
        if recurring.is_online and recurring.is_live and recurring.status != RecurringStatus.PAUSED:
            return _("It is going on already.")
        return super().refusal(recurring)


class OnlineStopView(OnlineVerb):
    """Nothing is ever charged again."""

    verb = staticmethod(asking.stop)
    title = _("Stop")
    question = _("Stop %(object)s?")
    explanation = _(
        "Nothing is ever charged again, and Stripe cannot take that back. What came stays; what is still open is let "
        "go. The donor gets a mail that confirms it."
    )
    icon = "cross"
    danger = True
    priority = 70
    form_class = ReasonForm
    success_message = _("It is stopped.")

    @classmethod
    def refusal(cls, recurring: RecurringGift) -> Any:
        """Also of what Stripe has given up but not cancelled: paying its invoice would wake it."""
        subscription = getattr(recurring, "subscription", None) if recurring.is_online else None
        if recurring.status == RecurringStatus.LAPSED and subscription is not None and not subscription.is_over:
            return ""
        return super().refusal(recurring)


class ChargeNowView(OnlineVerb):
    """What could not be charged is charged now."""

    title = _("Charge now")
    question = _("Charge what is open of %(object)s now?")
    explanation = _(
        "The card on record is charged for the gift that failed, once, however often you press. Ask the donor first. "
        "Stripe’s own tries go on if it fails."
    )
    icon = "rotate"
    priority = 15

    @classmethod
    def refusal(cls, recurring: RecurringGift) -> Any:
        """Something must be open."""
        if recurring.is_online and recurring.is_live and recurring.status != RecurringStatus.FAILING:
            return _("Nothing is open.")
        return super().refusal(recurring)

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """What is open, why, and what it is charged to."""
        yield from super().facts()
        failure = charging.open_charge(self.object)
        if failure is not None:
            yield _("Open"), failure.money
            yield _("Failed because"), reasons.of(failure)
            yield _("Charged to"), failure.subscription.paid_with

    def run(self, form: BaseForm) -> AskedChange:
        """Ask for it."""
        return charging.charge_now(self.object, by=self.acting)

    def get_success_message(self, outcome: AskedChange) -> str:
        """Say whether the money is here, or on its way."""
        if charging.outcome_of(outcome) is charging.Outcome.PAID:
            return _t("It was charged: the gift is recorded.")
        return _t("The donor’s bank was asked for it; it takes some days.")


class AskAgainView(OnlineVerb):
    """The clock asks again by itself; whoever does not want to wait presses this."""

    offered = False
    title = _("Ask Stripe again")
    question = _("Ask Stripe again?")
    explanation = _("Stripe did not answer. It is asked for the very same, so nothing happens twice.")
    icon = "rotate"
    success_message = _("Done.")

    @classmethod
    def refusal(cls, recurring: RecurringGift) -> Any:
        """Whatever has become of it."""
        return "" if recurring.is_online else _NOT_ONLINE

    def run(self, form: BaseForm) -> AskedChange:
        """Find what is open."""
        open_one = AskedChange.objects.waiting().filter(subscription__recurring=self.object)
        asked = open_one.select_related("subscription__recurring").first()
        if asked is None:
            raise PromiseError(_t("Nothing is open any more: look again."))
        return asked


VERBS = {
    "online-amount": OnlineAmountView,
    "online-rhythm": OnlineRhythmView,
    "online-day": OnlineDayView,
    "online-fund": OnlineFundView,
    "online-pause": OnlinePauseView,
    "online-go-on": OnlineGoOnView,
    "online-stop": OnlineStopView,
    "online-charge": ChargeNowView,
    "ask-again": AskAgainView,
}


def stripe_says(promise: RecurringGift) -> dict[str, Any]:
    """Return what the side panel says: how it stands at Stripe, what is asked, what failed."""
    subscription = getattr(promise, "subscription", None)
    if subscription is None:
        return {"facts": [], "pending": "", "failures": []}
    card = subscription.paid_with
    if subscription.expires_year:
        card = f"{card} ({subscription.expires_month:02d}/{subscription.expires_year})"
    facts = [
        (_("Status at Stripe"), subscription.status.replace("_", " "), None),
        (_("Charged to"), card, None),
        (_("Next charge"), day_in_words(promise.next_due_on, "medium") if promise.next_due_on else "", None),
        (_("Subscription"), subscription.subscription_id, _at_stripe(subscription)),
        (_("Read at"), day_in_words(clock.local_date(subscription.synced_at), "medium"), None),
    ]
    asked = subscription.asked.select_related("by")[:1]
    refused = next((each for each in asked if each.state == AskedState.REFUSED), None)
    return {
        "facts": [fact for fact in facts if fact[1]],
        "pending": pending_words(promise),
        "refused": refused,
        "failures": [_row(failure) for failure in subscription.failures.all()[:_SHOWN]],
    }


def _at_stripe(subscription: Any) -> str:
    where = "" if subscription.livemode else "test/"
    return f"https://dashboard.stripe.com/{where}subscriptions/{subscription.subscription_id}"


def _row(failure: FailedCharge) -> dict[str, Any]:
    state, tone = (_("settled"), "good") if failure.settled_at is not None else (_("open"), "wrong")
    return {"failure": failure, "why": reasons.of(failure), "state": state, "tone": tone}
