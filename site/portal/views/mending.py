"""The page a mail about a failed charge leads to: no password, another card or the whole set up again, two taps."""

from __future__ import annotations

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.errors import DomainError
from core.mail.rendering import absolute_url
from donations.errors import StripeUnavailableError
from donations.models import AskedState, RecurringGift
from donations.stripe import checkout as checkouts
from donations.stripe.billing import cards, charging, mending, reasons
from donations.stripe.billing.pending import pending_words
from donations.stripe.checkout import Settled
from portal.charging import charge_and_say
from portal.views.recurring import STRIPE_PAGES


@never_cache
@csp_update({"form-action": STRIPE_PAGES})  # type: ignore[arg-type]
def mend(request: HttpRequest, token: str) -> HttpResponse:
    """Say what failed, and lead to Stripe's page; a link that is too old says so and shows nobody's gift."""
    promise = mending.recurring_of(token)
    if promise is None:
        return render(request, "portal/mend_too_old.html", status=404)
    if request.method == "POST":
        try:
            return redirect(_stripes_page(promise, token))
        except DomainError as error:
            messages.error(request, str(error))
    failure = charging.open_charge(promise)
    context = {
        "promise": promise,
        "token": token,
        "goes_on_as": mending.successor_of(promise),
        "pending": pending_words(promise),
        "subscription": promise.subscription,
        "failure": failure,
        "why": reasons.of(failure) if failure is not None else "",
    }
    return render(request, "portal/mend.html", context)


def _stripes_page(promise: RecurringGift, token: str) -> str:
    """Return where the donor goes: to give another card, or to set up what Stripe has given up."""
    back = absolute_url(reverse("mend_recurring_back", args=[token]))
    if not promise.subscription.is_given_up:
        return cards.replacement_page(promise, return_url=back, language=get_language() or "")
    here = absolute_url(reverse("mend_recurring", args=[token]))
    checkout = mending.set_up_again(promise, facts={"language": get_language() or ""})
    return checkouts.begin(checkout, return_url=back, cancel_url=here)


@never_cache
def back(request: HttpRequest, token: str) -> HttpResponse:
    """Look what was done there, and say so."""
    promise = mending.recurring_of(token)
    if promise is None:
        return render(request, "portal/mend_too_old.html", status=404)
    checkout = mending.set_up_again_before(promise) if promise.subscription.is_given_up else None
    if checkout is not None:
        is_done = checkouts.settle(checkout) in (Settled.PAID, Settled.PROCESSING)
    else:
        is_done = _use_new_card(request, promise)
    if not is_done:
        return redirect("mend_recurring", token=token)
    promise = mending.recurring_of(token) or promise
    context = {"promise": promise, "anew": checkout, "failure": charging.open_charge(promise), "token": token}
    return render(request, "portal/mended.html", context)


@require_POST
@never_cache
def charge(request: HttpRequest, token: str) -> HttpResponse:
    """Charge what is open now, and say what the bank said."""
    promise = mending.recurring_of(token)
    if promise is None:
        return render(request, "portal/mend_too_old.html", status=404)
    charge_and_say(request, promise)
    return redirect("mend_recurring", token=token)


def _use_new_card(request: HttpRequest, promise: RecurringGift) -> bool:
    try:
        asked = cards.adopt(promise, by=None)
    except StripeUnavailableError:
        messages.info(request, _("We will use your new card as soon as the payment service answers."))
        return False
    except DomainError as error:
        messages.error(request, str(error))
        return False
    # No other card was given: the donor turned back.
    return asked is not None and asked.state == AskedState.DONE
