"""The buttons about recurring gifts: start, came, change, pause, go on, end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.forms import BaseForm, Form
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from constituents.models import Constituent
from core import clock
from core.money import Money
from core.staff.asked import record_asked_for
from core.staff.verbs import ReasonForm, VerbView
from donations.models import Fund, Gift, RecurringGift, RecurringKind, RecurringStatus
from donations.models.gift import COUNTED_STATUSES
from donations.models.recurring import EXPECTING
from donations.promises.forms import (
    CameForm,
    ChangeRecurringForm,
    EndForm,
    GoOnForm,
    HereForm,
    PauseForm,
    RecurringForm,
)
from donations.promises.recording import record_recurring
from donations.promises.schedule import Frequency, Unit
from donations.promises.standing import (
    change_recurring,
    end_recurring,
    match_recurring,
    pause_recurring,
    resume_recurring,
    start_recurring,
    unmatch_recurring,
)

_SHOWN = 12


class StartRecurringView(VerbView):
    """Somebody sets up a standing order."""

    permission = "donations.add_recurringgift"
    needs_object = False
    title = _("New standing order")
    submit_label = _("Expect it from now on")
    icon = "plus"
    form_class = RecurringForm
    template_name = "wagtailadmin/giving/recurring_form.html"

    def get_initial(self) -> dict[str, Any]:
        """Begin with whose page one comes from."""
        return super().get_initial() | {"donor": record_asked_for(self.request, "donor", Constituent.objects.current())}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Without a fund there is nothing to give to yet."""
        if not Fund.objects.exists():
            return super().get_context_data(**kwargs, form=Form()) | {"no_fund_yet": True}
        return super().get_context_data(**kwargs)

    def run(self, form: BaseForm) -> RecurringGift:
        """Expect it."""
        cleaned = form.cleaned_data
        self.object = start_recurring(
            donor=cleaned["donor"],
            money=Money(cleaned["amount"], cleaned["currency"]),
            frequency=Frequency(cleaned["every"], Unit(cleaned["unit"])),
            starts_on=cleaned["starts_on"],
            by=self.acting,
            allocations=cleaned["allocations"],
            **form.details,  # type: ignore[attr-defined]
        )
        return self.object

    def get_success_message(self, outcome: RecurringGift) -> str:
        """Say whose and how much."""
        return _t("%(promise)s is expected from %(donor)s.") % {"promise": outcome, "donor": outcome.donor}


class RecurringVerb(VerbView):
    """What the verbs about one recurring gift show before one decides."""

    permission = "donations.change_recurringgift"
    object: RecurringGift

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """Who, how much, how often."""
        yield _("Donor"), self.object.donor
        yield _("Each time"), self.object.money
        yield _("How often"), self.object.frequency
        yield _("Next expected"), self.object.next_due_on

    @classmethod
    def refusal(cls, recurring: RecurringGift) -> Any:
        """It must be live, and ours to change: what is charged online is changed where it is charged."""
        if recurring.kind != RecurringKind.STANDING_ORDER:
            return _("This one is charged online: it is changed there.")
        return "" if recurring.is_live else _("It has ended or lapsed: let it go on first.")


class CameView(RecurringVerb):
    """A gift of it has come."""

    permission = "donations.post_gift"
    title = _("Record a gift")
    question = _("What came of %(object)s?")
    explanation = _("It is recorded as a gift for the same funds and campaign, and meets the nearest open date.")
    icon = "pick"
    priority = 10
    form_class = CameForm

    @classmethod
    def refusal(cls, recurring: RecurringGift) -> Any:
        """Also of one that lapsed: it may come again."""
        if recurring.status == RecurringStatus.LAPSED:
            return ""
        return super().refusal(recurring)

    def get_form_kwargs(self) -> dict[str, Any]:
        """In its currency."""
        return super().get_form_kwargs() | {"currency": self.object.currency}

    def get_initial(self) -> dict[str, Any]:
        """What is expected is what probably came."""
        due = self.object.next_due_on
        day = due if due is not None and due <= clock.today() else clock.today()
        return super().get_initial() | {
            "amount": self.object.money.plain,
            "method": self.object.method,
            "reference": self.object.reference,
            "received_on": day,
        }

    def run(self, form: BaseForm) -> Gift:
        """Record it."""
        cleaned = form.cleaned_data
        return record_recurring(
            self.object,
            money=Money(cleaned["amount"], self.object.currency),
            received_on=cleaned["received_on"],
            by=self.acting,
            method=cleaned["method"],
            reference=cleaned["reference"],
        )

    def get_success_message(self, outcome: Gift) -> str:
        """Say how much."""
        return _t("%(money)s recorded.") % {"money": outcome.money}


class MatchView(RecurringVerb):
    """A gift that is here already is one of its."""

    permission = "donations.post_gift"
    title = _("Match a gift")
    question = _("Which gift is one of %(object)s?")
    explanation = _("The newest gifts of this donor that belong to no recurring gift.")
    icon = "link"
    priority = 25
    form_class = HereForm
    success_message = _("The gift is matched.")

    @classmethod
    def refusal(cls, recurring: RecurringGift) -> Any:
        """Also of one that is over: the gift may be from before."""
        return "" if recurring.kind == RecurringKind.STANDING_ORDER else super().refusal(recurring)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the donor's own gifts."""
        gifts = Gift.objects.filter(
            donor=self.object.donor_id,
            currency=self.object.currency,
            status__in=COUNTED_STATUSES,
            recurring__isnull=True,
        )
        newest = gifts.order_by("-received_on", "-pk").values_list("pk", flat=True)[:_SHOWN]
        return super().get_form_kwargs() | {"gifts": Gift.objects.filter(pk__in=list(newest))}

    def run(self, form: BaseForm) -> Gift:
        """Match it."""
        return match_recurring(form.cleaned_data["gift"], recurring=self.object, by=self.acting)


class TakeOffView(RecurringVerb):
    """A gift was matched by mistake; `?part=12` names it."""

    offered = False
    permission = "donations.post_gift"
    title = _("Take the gift off")
    question = _("Does %(gift)s not belong to it?")
    explanation = _("It stays a gift; only its place here is given up.")
    icon = "cross"
    form_class = ReasonForm
    success_message = _("The gift is taken off.")

    @cached_property
    def gift(self) -> Gift:
        """The gift; one of another answers as one that does not exist."""
        found = record_asked_for(self.request, "part", Gift.objects.filter(recurring=self.object))
        if found is None:
            raise Http404
        return found

    @classmethod
    def refusal(cls, recurring: RecurringGift) -> Any:
        """What was charged online came from nowhere else."""
        return "" if recurring.kind == RecurringKind.STANDING_ORDER else super().refusal(recurring)

    def words(self) -> dict[str, Any]:
        """Let the question name the gift."""
        return super().words() | {"gift": self.gift}

    def run(self, form: BaseForm) -> Gift:
        """Take it off."""
        return unmatch_recurring(self.gift, by=self.acting, reason=form.cleaned_data["reason"])


class ChangeView(RecurringVerb):
    """Another amount, another rhythm, another fund."""

    title = _("Change amount or dates")
    question = _("How does %(object)s go on?")
    explanation = _("Each change is kept with its day and its size, so that an upgrade can be seen as one.")
    icon = "edit"
    priority = 30
    form_class = ChangeRecurringForm
    success_message = _("The change is written down.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """In its currency."""
        return super().get_form_kwargs() | {"currency": self.object.currency}

    def get_initial(self) -> dict[str, Any]:
        """As it is now."""
        promise = self.object
        terms = {"amount": promise.money.plain, "every": promise.every, "unit": promise.unit, "day": promise.day}
        return super().get_initial() | terms

    def run(self, form: BaseForm) -> RecurringGift:
        """Write the change down."""
        cleaned = form.cleaned_data
        money = Money(cleaned["amount"], self.object.currency)
        return change_recurring(
            self.object,
            by=self.acting,
            effective_on=cleaned["effective_on"],
            money=money,
            frequency=Frequency(cleaned["every"], Unit(cleaned["unit"])),
            day=cleaned["day"],
            allocations=[(cleaned["fund"], money.amount)] if cleaned["fund"] else None,
            reason=cleaned["reason"],
        )


class PauseView(RecurringVerb):
    """Nothing is expected for a while."""

    verb = staticmethod(pause_recurring)
    title = _("Pause")
    question = _("Pause %(object)s?")
    explanation = _("Nothing is expected from today on.")
    icon = "time"
    priority = 40
    form_class = PauseForm
    success_message = _("It is paused.")


class GoOnView(RecurringVerb):
    """It goes on after all."""

    verb = staticmethod(resume_recurring)
    title = _("Let it go on")
    question = _("Does %(object)s go on?")
    explanation = _("It is expected again from today.")
    icon = "rotate"
    priority = 20
    form_class = GoOnForm
    success_message = _("It is expected again.")

    @classmethod
    def refusal(cls, recurring: RecurringGift) -> Any:
        """It must have stopped."""
        if recurring.kind != RecurringKind.STANDING_ORDER:
            return super().refusal(recurring)
        return _("It is going on already.") if recurring.status in EXPECTING else ""


class EndView(RecurringVerb):
    """Nothing is expected any more."""

    verb = staticmethod(end_recurring)
    title = _("End")
    question = _("End %(object)s?")
    explanation = _("What came stays; nothing is expected any more. Their bank has to be told by the donor.")
    icon = "cross"
    danger = True
    priority = 70
    form_class = EndForm
    success_message = _("It ends.")

    @classmethod
    def refusal(cls, recurring: RecurringGift) -> Any:
        """It must not have ended."""
        if recurring.kind != RecurringKind.STANDING_ORDER:
            return super().refusal(recurring)
        return _("It has ended already.") if recurring.status == RecurringStatus.ENDED else ""
