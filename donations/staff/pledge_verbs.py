"""The buttons about pledges: promise, pay, put off, give up, take back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.forms import BaseForm, ChoiceField, Form, RadioSelect
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import permission_required

from constituents.models import Constituent
from core.money import Money
from core.staff.asked import record_asked_for
from core.staff.verbs import ReasonForm, VerbView
from core.theme.figures import day_in_words
from donations.models import Fund, Gift, Instalment, Method, Pledge, PledgeReminder, ReminderHow
from donations.models.gift import COUNTED_STATUSES
from donations.promises.errors import ScheduleError
from donations.promises.forms import CameForm, HereForm, PledgeForm, RescheduleForm
from donations.promises.paying import apply_payment, unapplied, unapply_payment
from donations.promises.pledging import change_schedule, pledge_gift
from donations.promises.recording import record_payment
from donations.promises.reminding import remind_now
from donations.promises.writing_off import take_back_write_off, write_off

_SHOWN = 12


class NewPledgeView(VerbView):
    """Somebody promises a total."""

    permission = "donations.add_pledge"
    needs_object = False
    title = _("New pledge")
    submit_label = _("Write the pledge down")
    icon = "plus"
    form_class = PledgeForm
    template_name = "wagtailadmin/giving/pledge_form.html"

    def get_initial(self) -> dict[str, Any]:
        """Begin with whose page one comes from, and the campaign."""
        known = record_asked_for(self.request, "donor", Constituent.objects.current())
        campaign = self.request.GET.get("campaign", "")
        return super().get_initial() | {"donor": known} | ({"campaign": campaign} if campaign.isdecimal() else {})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Without a fund there is nothing to promise to yet."""
        if not Fund.objects.exists():
            return super().get_context_data(**kwargs, form=Form()) | {"no_fund_yet": True}
        return super().get_context_data(**kwargs)

    def run(self, form: BaseForm) -> Pledge:
        """Write it down."""
        cleaned = form.cleaned_data
        self.object = pledge_gift(
            donor=cleaned["donor"],
            money=Money(cleaned["amount"], cleaned["currency"]),
            pledged_on=cleaned["pledged_on"],
            instalments=cleaned["instalments"],
            by=self.acting,
            allocations=cleaned["allocations"],
            **form.details,  # type: ignore[attr-defined]
        )
        return self.object

    def get_success_message(self, outcome: Pledge) -> str:
        """Say whose, how much and how to pay it."""
        words = {"donor": outcome.donor, "money": outcome.money, "reference": outcome.reference}
        return _t("%(donor)s promised %(money)s. On transfers, quote %(reference)s.") % words


@permission_required("donations.add_pledge")
def schedule_preview(request: HttpRequest) -> HttpResponse:
    """Show the schedule that the form as it stands would make."""
    form = PledgeForm(request.GET)
    form.is_valid()
    money = None
    dues, problem = [], ""
    if amount := form.cleaned_data.get("amount"):
        money = Money(amount, form.currency_of())
        try:
            dues = form.instalments(money)
        except ScheduleError as error:
            problem = str(error)
    context = {"dues": [(due.on, Money(due.amount, money.currency)) for due in dues] if money else []}
    return render(request, "wagtailadmin/giving/schedule_preview.html", context | {"problem": problem, "money": money})


class PledgeVerb(VerbView):
    """What the verbs about one pledge show before one decides."""

    permission = "donations.change_pledge"
    object: Pledge

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """Who, how much, how far."""
        pledge = self.object
        yield _("Donor"), pledge.donor
        yield _("Promised"), pledge.money
        yield _("Came"), pledge.paid
        if pledge.written_off:
            yield _("Written off"), pledge.written_off
        yield _("Still to come"), pledge.left

    @classmethod
    def refusal(cls, pledge: Pledge) -> Any:
        """Something must be still to come."""
        return "" if pledge.is_open else _("Nothing of this pledge is still to come.")


class RemindForm(Form):
    """How to write."""

    how = ChoiceField(label=_("How"), choices=ReminderHow.choices, widget=RadioSelect)


class RemindView(PledgeVerb):
    """Remind the donor now."""

    title = _("Send a reminder")
    question = _("Remind of what is due next of this pledge?")
    submit_label = _("Remind")
    icon = "mail"
    form_class = RemindForm

    def get_initial(self) -> dict[str, Any]:
        """By e-mail where there is an address."""
        has_address = self.object.donor.primary_email
        return super().get_initial() | {"how": ReminderHow.EMAIL if has_address else ReminderHow.LETTER}

    def run(self, form: BaseForm) -> PledgeReminder:
        """Write, or put it on the list."""
        return remind_now(self.object, by=self.acting, how=form.cleaned_data["how"])

    def get_success_message(self, outcome: PledgeReminder) -> str:
        """Say what happens next."""
        if outcome.how == ReminderHow.EMAIL:
            return _t("%(donor)s is reminded by e-mail.") % {"donor": self.object.donor}
        return _t("It is on the list of letters to write.")


class InstalmentVerb(PledgeVerb):
    """A verb about the one instalment that `?part=12` names, offered beside it."""

    offered = False

    @cached_property
    def instalment(self) -> Instalment:
        """The instalment; one of another pledge answers as one that does not exist."""
        found = record_asked_for(self.request, "part", Instalment.objects.filter(pledge=self.object))
        if found is None:
            raise Http404
        return found

    def words(self) -> dict[str, Any]:
        """Let the sentences name the instalment."""
        return super().words() | {"number": self.instalment.number}

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """Which, when, how much."""
        yield _("Donor"), self.object.donor
        yield _("Due on"), day_in_words(self.instalment.due_on, "medium")
        yield _("Still to come"), self.instalment.left


class RecordPaymentView(PledgeVerb):
    """Money came for the pledge: it is recorded as a gift and pays it."""

    permission = "donations.post_gift"
    title = _("Record a payment")
    question = _("What came for %(object)s?")
    explanation = _(
        "It is recorded as a gift for the same funds and campaign, and pays the oldest instalment first, or the one "
        "you came from."
    )
    icon = "pick"
    priority = 10
    form_class = CameForm

    @cached_property
    def instalment(self) -> Instalment | None:
        """The instalment one came from, if any."""
        return record_asked_for(self.request, "part", Instalment.objects.filter(pledge=self.object))

    def get_form_kwargs(self) -> dict[str, Any]:
        """In the pledge's currency."""
        return super().get_form_kwargs() | {"currency": self.object.currency}

    def get_initial(self) -> dict[str, Any]:
        """What is due next is what probably came."""
        due = self.instalment or self.object.instalments.open().first()
        return super().get_initial() | {"amount": due.left.plain if due else "", "method": Method.TRANSFER}

    def run(self, form: BaseForm) -> Gift:
        """Record and apply."""
        cleaned = form.cleaned_data
        return record_payment(
            self.object,
            money=Money(cleaned["amount"], self.object.currency),
            received_on=cleaned["received_on"],
            by=self.acting,
            instalment=self.instalment,
            method=cleaned["method"],
            reference=cleaned["reference"],
        )

    def get_success_message(self, outcome: Gift) -> str:
        """Say how much, and when it is more than was promised."""
        if extra := unapplied(outcome):
            return _t("%(money)s recorded; %(extra)s of it is more than was promised and stays a gift.") % {
                "money": outcome.money,
                "extra": extra,
            }
        return _t("%(money)s recorded and applied.") % {"money": outcome.money}


class ApplyGiftView(PledgeVerb):
    """A gift that is here already pays the pledge."""

    permission = "donations.post_gift"
    title = _("Apply a gift")
    question = _("Which gift pays %(object)s?")
    explanation = _("The newest gifts of this donor of which something is left to apply.")
    icon = "link"
    priority = 25
    form_class = HereForm
    success_message = _("The gift is applied.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the donor's own gifts."""
        return super().get_form_kwargs() | {"gifts": self._gifts()}

    def _gifts(self) -> QuerySet[Gift]:
        newest = Gift.objects.filter(
            donor=self.object.donor_id, currency=self.object.currency, status__in=COUNTED_STATUSES
        ).prefetch_related("pledge_payments")
        free = [gift.pk for gift in newest.order_by("-received_on", "-pk")[:40] if unapplied(gift)]
        return Gift.objects.filter(pk__in=free[:_SHOWN])

    def run(self, form: BaseForm) -> Any:
        """Apply it, oldest instalment first."""
        return apply_payment(form.cleaned_data["gift"], pledge=self.object, by=self.acting)


class TakeOffView(PledgeVerb):
    """A gift was applied by mistake; `?part=12` names it."""

    offered = False
    title = _("Take the gift off")
    question = _("Does %(gift)s not pay %(object)s?")
    explanation = _("It stays a gift; what it paid of the pledge is open again.")
    icon = "cross"
    form_class = ReasonForm
    success_message = _("The gift is taken off.")

    @classmethod
    def refusal(cls, pledge: Pledge) -> Any:
        """A pledge that is fulfilled may be paid by the wrong gift, too."""
        return ""

    @cached_property
    def gift(self) -> Gift:
        """The gift; one of another pledge answers as one that does not exist."""
        applied = Gift.objects.filter(pledge_payments__instalment__pledge=self.object).distinct()
        found = record_asked_for(self.request, "part", applied)
        if found is None:
            raise Http404
        return found

    def words(self) -> dict[str, Any]:
        """Let the question name the gift."""
        return super().words() | {"gift": self.gift}

    def run(self, form: BaseForm) -> Pledge:
        """Take it off."""
        return unapply_payment(self.gift, pledge=self.object, by=self.acting, reason=form.cleaned_data["reason"])


class RescheduleView(PledgeVerb):
    """What is still to come is put on other days."""

    title = _("Change the schedule")
    question = _("When does the rest of %(object)s come?")
    explanation = _("What was paid or written off stays as it is; only what is still to come gets other days.")
    icon = "calendar-alt"
    priority = 40
    form_class = RescheduleForm
    template_name = "wagtailadmin/giving/reschedule_form.html"
    success_message = _("The schedule is changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Of this pledge."""
        return super().get_form_kwargs() | {"pledge": self.object}

    def run(self, form: BaseForm) -> Pledge:
        """Write the new schedule."""
        cleaned = form.cleaned_data
        return change_schedule(
            self.object, instalments=cleaned["instalments"], by=self.acting, reason=cleaned["reason"]
        )  # fmt: skip


class WriteOffView(PledgeVerb):
    """The rest will not come."""

    verb = staticmethod(write_off)
    permission = "donations.write_off_pledge"
    title = _("Write off the rest")
    question = _("Give up the rest of %(object)s?")
    explanation = _("It is kept apart from what was paid, with your reason, and can be taken back.")
    icon = "cross"
    danger = True
    priority = 70
    form_class = ReasonForm
    success_message = _("The rest is written off.")


class WriteOffOneView(InstalmentVerb):
    """One instalment will not come."""

    permission = "donations.write_off_pledge"
    title = _("Write off")
    question = _("Give up instalment %(number)s of %(object)s?")
    explanation = _("It is kept apart from what was paid, with your reason, and can be taken back.")
    icon = "cross"
    danger = True
    form_class = ReasonForm
    success_message = _("Instalment %(number)s is written off.")

    def run(self, form: BaseForm) -> Pledge:
        """Write off this one."""
        return write_off(self.object, instalment=self.instalment, by=self.acting, reason=form.cleaned_data["reason"])


class TakeBackView(PledgeVerb):
    """What was written off is expected after all."""

    verb = staticmethod(take_back_write_off)
    permission = "donations.write_off_pledge"
    title = _("Take back the write-off")
    question = _("Expect what was written off of %(object)s after all?")
    explanation = _("The write-off stays on record as taken back.")
    icon = "rotate"
    priority = 75
    form_class = ReasonForm
    success_message = _("It is expected again.")

    @classmethod
    def refusal(cls, pledge: Pledge) -> Any:
        """Something must be written off."""
        return "" if pledge.written_off else _("Nothing of this pledge is written off.")


class TakeBackOneView(InstalmentVerb):
    """One instalment is expected after all."""

    permission = "donations.write_off_pledge"
    title = _("Take back the write-off")
    question = _("Expect instalment %(number)s of %(object)s after all?")
    icon = "rotate"
    form_class = ReasonForm
    success_message = _("Instalment %(number)s is expected again.")

    @classmethod
    def refusal(cls, pledge: Pledge) -> Any:
        """Something must be written off."""
        return "" if pledge.written_off else _("Nothing of this pledge is written off.")

    def run(self, form: BaseForm) -> Pledge:
        """Expect this one again."""
        reason = form.cleaned_data["reason"]
        return take_back_write_off(self.object, instalment=self.instalment, by=self.acting, reason=reason)
