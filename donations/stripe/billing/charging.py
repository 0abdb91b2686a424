"""Charge what is open now, rather than wait for Stripe's next try: after another card, or when there is money again.

    asked = carry_out(charge_now(recurring, by=user))
    outcome_of(asked)  # PAID, ON_ITS_WAY (a debit), ASKED when no answer came; a decline is raised, in words

It is the invoice Stripe could not charge, so it is paid once however often it is asked for, here and there.
"""

from __future__ import annotations

import datetime as dt
import enum

from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from donations.models import (
    Asked,
    AskedChange,
    AskedState,
    FailedCharge,
    OnlinePayment,
    PaymentStatus,
    RecurringGift,
)
from donations.promises.errors import PromiseError
from donations.stripe.billing import asking

#: How often within a day: banks take many tries in a row for fraud, and the link in the mail asks for no password.
TRIES_A_DAY = 4


class Outcome(enum.Enum):
    """What became of it, as far as anybody knows."""

    PAID = "paid"
    ON_ITS_WAY = "on_its_way"
    ASKED = "asked"
    REFUSED = "refused"


def open_charge(recurring: RecurringGift) -> FailedCharge | None:
    """Return what could not be charged and still may be; None when nothing is open, or the money is on its way."""
    subscription = getattr(recurring, "subscription", None)
    if subscription is None or subscription.is_given_up:
        return None
    failure: FailedCharge | None = subscription.failures.open().filter(attempt__gt=0).order_by("failed_at").last()
    if failure is None or _is_on_its_way(failure.invoice_id):
        return None
    return failure


def charge_now(recurring: RecurringGift, *, by: User | None, reason: str = "") -> AskedChange:
    """Ask that what is open is charged now. Raises PromiseError when nothing is, StillAskingError."""
    failure = open_charge(recurring)
    if failure is None:
        raise PromiseError(_("Nothing is open any more."))
    lately = failure.subscription.asked.filter(what=Asked.CHARGE, asked_at__gt=clock.now() - dt.timedelta(days=1))
    if lately.count() >= TRIES_A_DAY:
        raise PromiseError(_("It was tried several times today. Use another card, or try again tomorrow."))
    wanted = {"invoice": failure.invoice_id, "method": failure.subscription.payment_method_id}
    return asking.ask(recurring, Asked.CHARGE, wanted, by, reason)


def outcome_of(asked: AskedChange) -> Outcome:
    """Return what became of it."""
    invoice = asked.terms["invoice"]
    if asked.state == AskedState.REFUSED:
        return Outcome.REFUSED
    if OnlinePayment.objects.paid().filter(invoice_id=invoice).exists():
        return Outcome.PAID
    return Outcome.ON_ITS_WAY if asked.state == AskedState.DONE else Outcome.ASKED


def _is_on_its_way(invoice: str) -> bool:
    return OnlinePayment.objects.filter(invoice_id=invoice, status=PaymentStatus.PROCESSING).exists()
