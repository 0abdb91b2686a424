"""Payments that wait for somebody to say what they are: a gift, one that was expected, or no gift."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import BaseForm
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core import clock
from core.staff.verbs import ReasonForm, VerbView
from core.theme.figures import day_in_words
from donations.models import Fund, Gift, OnlinePayment, PaymentStatus, StripeCustomer
from donations.promises.forms import donor_field
from donations.services.gifts import default_fund
from donations.stripe.unmatched import make_gift, match_gift, set_aside, take_back

_MAY = "donations.resolve_onlinepayment"
#: How many expected gifts are offered.
_MOST = 8
_NEW = "new"


def unmatched_url() -> str:
    """Return the queue: payments that nobody has decided about."""
    return f"{reverse('online_payments:index')}?unmatched=true"


def expected_like(payment: OnlinePayment) -> QuerySet[Gift]:
    """Return the expected gifts a payment may be: its amount, none paid online yet, the nearest day first."""
    rows = Gift.objects.expected().filter(
        amount=payment.amount, currency=payment.currency, online_payment__isnull=True, checkout__isnull=True
    )
    return rows.select_related("donor").order_by("-received_on", "-pk")


class MatchForm(forms.Form):
    """Which gift: one that is expected, or a new one of a donor for a fund."""

    what = forms.ChoiceField(label=_("It is"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, payment: OnlinePayment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.payment = payment
        expected = list(expected_like(payment)[:_MOST])
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            *((str(gift.pk), _said(gift)) for gift in expected),
            (_NEW, _("A new gift")),
        ]
        self.fields["what"].initial = _NEW
        donor = donor_field()
        donor.required = False
        donor.label = _("Donor of the new gift")
        customer = StripeCustomer.objects.filter(customer_id=payment.customer_id).exclude(customer_id="").first()
        donor.initial = customer.constituent_id if customer else None
        self.fields["donor"] = donor
        self.fields["fund"] = forms.ModelChoiceField(
            Fund.objects.order_by("name"), label=_("Fund of the new gift"), empty_label=None, initial=default_fund().pk
        )
        self.fields["fund"].required = False

    def clean(self) -> dict[str, Any]:
        """Ask for the donor of a new gift."""
        cleaned = super().clean() or {}
        if cleaned.get("what") == _NEW:
            for name, words in (("donor", _("Say who gave it.")), ("fund", _("Say what it is for."))):
                if not cleaned.get(name):
                    self.add_error(name, words)
        return cleaned

    @property
    def expected(self) -> Gift | None:
        """The expected gift that was chosen; None for a new one."""
        what = self.cleaned_data["what"]
        return None if what == _NEW else expected_like(self.payment).filter(pk=what).first()


def _said(gift: Gift) -> str:
    return format_html(
        str(_("{}: expected since {}, for {}")), gift.donor, day_in_words(gift.received_on, "medium"), gift.fund_names
    )


class UnmatchedVerb(VerbView):
    """Shows what Stripe says before one decides, and goes on to the next one that waits."""

    permission = _MAY

    @classmethod
    def refusal(cls, payment: OnlinePayment) -> Any:
        """Only one that waits."""
        waits = payment.is_paid and payment.gift_id is None and not payment.resolution
        return "" if waits else _("Nothing is to be decided about this payment.")

    def facts(self) -> Iterable[tuple[Any, Any]]:
        """What is known of the payer."""
        payment = self.object
        facts = [
            (_("Amount"), payment.money),
            (_("Paid on"), day_in_words(clock.local_date(payment.charged_at), "medium") if payment.charged_at else ""),
            (_("Paid with"), payment.paid_with),
            (_("Name of the payer"), payment.payer_name),
            (_("E-mail of the payer"), payment.payer_email),
            (_("Description"), payment.statement),
        ]
        return [fact for fact in facts if fact[1]]

    def get_success_url(self) -> str:
        """The queue."""
        return unmatched_url()


class MatchView(UnmatchedVerb):
    """It is a gift."""

    title = _("Make it a gift")
    question = _("Which gift is the payment of %(object)s?")
    explanation = _("It is dated by the day it was paid. Refunds it has had at Stripe are entered at once.")
    submit_label = _("Make it this gift")
    success_message = _("The payment is a gift now.")
    icon = "pick"
    priority = 10
    form_class = MatchForm

    def words(self) -> dict[str, Any]:
        """Name the amount: that it is paid is plain."""
        return {"object": self.object.money}

    def get_form_kwargs(self) -> dict[str, Any]:
        """With what it may be."""
        return super().get_form_kwargs() | {"payment": self.object}

    def run(self, form: BaseForm) -> OnlinePayment | Gift:
        """Match it as was chosen."""
        if not isinstance(form, MatchForm):
            raise TypeError(form)
        if gift := form.expected:
            return match_gift(self.object, gift=gift, by=self.acting)
        allocations = [(form.cleaned_data["fund"], self.object.amount)]
        donor = form.cleaned_data["donor"]
        return make_gift(self.object, donor=donor, allocations=allocations, by=self.acting, reason="")


class NoGiftView(UnmatchedVerb):
    """It is something else."""

    verb = staticmethod(set_aside)
    title = _("No gift")
    question = _("Is this payment no gift?")
    explanation = _("For tickets, a shop or a rent on the same Stripe account. It can be taken back.")
    success_message = _("The payment is put aside.")
    icon = "cross"
    priority = 20
    form_class = ReasonForm


class TakeBackView(VerbView):
    """It was something else after all."""

    verb = staticmethod(take_back)
    permission = "donations.void_gift"
    title = _("Take back")
    question = _("Let this payment wait again?")
    explanation = _("A gift that was made of it is void; then it waits for somebody to say what it is.")
    success_message = _("The payment waits again.")
    icon = "undo"
    danger = True
    priority = 80
    form_class = ReasonForm

    @classmethod
    def refusal(cls, payment: OnlinePayment) -> Any:
        """Only what somebody decided."""
        decided = payment.status == PaymentStatus.SUCCEEDED and payment.resolution
        return "" if decided else _("Nobody has decided about this payment.")
