"""How often one may start a payment. Whoever tests stolen cards starts hundreds; a donor starts one, perhaps three."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core import clock
from donations.models import Checkout
from donations.stripe.checkout import pages_asked_for
from website.giving.form import ONLINE, GivingForm
from website.giving.proof import is_solved
from website.limits import client_address, is_within

HOUR, DAY = 3600, dt.timedelta(days=1)
#: From one address in an hour, for forms that a program may have filled in: too fast, or without the task solved.
DOUBTFUL = 3
#: The demo moves no money, and everybody who tries it out has one address.
DEMO_IS_WIDER_BY = 20


def lets_pass(request: HttpRequest, form: GivingForm) -> bool:
    """Whether the payment may be started; if not, the form says why, and what one can do instead.

    A form that was sent before leads to the payment it began, and counts no more; nor does the first time it is
    changed. After that each change counts like a form: with ever other amounts one would test as many cards.
    """
    if form.cleaned_data["method"] != ONLINE:
        return True
    if pages_asked_for(form.cleaned_data["token"].uuid) == 1:
        return True
    refusal = _refusal(request, form)
    if refusal:
        form.add_error(None, refusal)
    return not refusal


def _refusal(request: HttpRequest, form: GivingForm) -> str:
    wider = DEMO_IS_WIDER_BY if settings.DEMO else 1
    address = client_address(request)
    # The answer first: it is used up, also by a form that came too fast.
    is_unproven = form.settings.asks_for_proof and not is_solved(form.cleaned_data.get("proof", ""))
    is_doubtful = is_unproven or form.cleaned_data["token"].came_too_fast
    if is_doubtful and not is_within(f"giving:doubtful:{address}", most=DOUBTFUL * wider, seconds=HOUR):
        return _("That was quick. Please wait a little while and send it again, or choose a transfer or cheque.")
    if not is_within(f"giving:{address}", most=form.settings.payments_per_address * wider, seconds=HOUR):
        return _("Many payments were started from your network. Please try again in an hour, or send it by transfer.")
    if not is_within("giving", most=form.settings.payments_per_hour, seconds=HOUR):
        return _("Very many people are giving just now. Please try again in a few minutes, or send it by transfer.")
    email = form.email_of_donor
    if email and _unfinished(email) >= form.settings.pending_per_email * wider:
        return _("Several gifts from this e-mail address wait to be paid. Please finish one of them, or write to us.")
    return ""


def _unfinished(email: str) -> int:
    """How many payments were begun with an e-mail address in a day and not finished."""
    return Checkout.objects.open().filter(email__iexact=email, created_at__gt=clock.now() - DAY).count()
