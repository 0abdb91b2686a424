"""What is asked of Stripe for a recurring gift it charges: another amount, rhythm, day or fund; a pause, the end."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from core.money import Money
from core.staff.refusals import REFUSALS, add_to_form
from core.staff.verbs import ReasonForm
from core.theme.figures import day_in_words
from donations.models import AskedChange, AskedState, RecurringGift, RecurringStatus
from donations.models.recurring import EXPECTING, LIVE
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

_NOT_ONLINE = _("This one is not charged online.")


class OnlineVerb(RecurringVerb):
    """What asks Stripe: written down first, asked outside any transaction, read back, and said honestly."""

    question = _("%(object)s: what is to change?")
    explanation = _("Stripe is asked at once, and the donor gets a mail that confirms it.")

    #: In which states its time has come, and what is said in the others.
    states: Collection[str] = LIVE
    not_now: Any = ""

    @classmethod
    def refusal(cls, recurring: RecurringGift) -> Any:
        """It must be charged online, live, and as the verb needs it."""
        if not recurring.is_online:
            return _NOT_ONLINE
        if not recurring.is_live:
            return asking.OVER_WORDS
        return "" if recurring.status in cls.states else cls.not_now

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
    states = (RecurringStatus.ACTIVE,)
    not_now = _("It has to be charged again first.")
    form_class = OnlineRhythmForm

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
    states = (RecurringStatus.ACTIVE,)
    not_now = _("It has to be charged again first.")
    form_class = OnlineDayForm
    success_message = _("The day is changed.")

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
    states = EXPECTING
    not_now = _("It is paused already.")
    form_class = OnlinePauseForm
    success_message = _("It is paused: nothing is charged.")


class OnlineGoOnView(OnlineVerb):
    """A pause ends."""

    verb = staticmethod(asking.resume)
    title = _("Let it go on")
    question = _("Does %(object)s go on?")
    icon = "rotate"
    priority = 20
    states = (RecurringStatus.PAUSED,)
    not_now = _("It is going on already.")
    form_class = ReasonForm
    success_message = _("It is charged again from its next day on.")


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
    states = (RecurringStatus.FAILING,)
    not_now = _("Nothing is open.")

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
