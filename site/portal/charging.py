"""Charge what is open of a recurring gift, and say what became of it: on the portal, and by the link in the mail."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.errors import DomainError
from donations.models import RecurringGift
from donations.stripe.billing import asking, charging
from donations.stripe.billing.charging import Outcome


def charge_and_say(request: HttpRequest, promise: RecurringGift) -> None:
    """Charge what is open, and leave the answer for the next page."""
    user = request.user if request.user.is_authenticated else None
    failure = charging.open_charge(promise)
    try:
        asked = asking.carry_out(charging.charge_now(promise, by=user))
    except DomainError as error:
        messages.error(request, str(error))
        return
    money = failure.money if failure is not None else promise.money
    match charging.outcome_of(asked):
        case Outcome.PAID:
            messages.success(request, _("Thank you! %(money)s was charged.") % {"money": money})
        case Outcome.ON_ITS_WAY:
            words = _("Thank you. Your bank was asked for %(money)s; it takes some days until it comes.")
            messages.success(request, words % {"money": money})
        case _:
            messages.info(
                request, _("The payment service has not answered yet. We go on asking; nothing is charged twice.")
            )
