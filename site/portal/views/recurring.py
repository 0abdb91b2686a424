"""Recurring gifts charged online: how one stands, each charge, what is open, and another card."""

from __future__ import annotations

from uuid import UUID

from csp.decorators import csp_update
from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from constituents.models import Constituent
from core.errors import DomainError
from core.mail.rendering import absolute_url
from donations.errors import StripeUnavailableError
from donations.models import (
    Asked,
    AskedChange,
    AskedState,
    GiftAllocation,
    ReceiptLine,
    ReceiptState,
    RecurringGift,
    RecurringKind,
    RecurringStatus,
)
from donations.stripe.billing import cards, charging, mending, reasons
from donations.stripe.billing.pending import pending_words
from donations.stripe.mode import own_domain
from portal.access import own_page
from portal.charging import charge_and_say
from portal.tables import GiftsTable

#: Where Stripe's own pages are: a form may lead there.
STRIPE_PAGES = ["https://billing.stripe.com", "https://checkout.stripe.com", *own_domain()]
_SHOWN = 36

TONES = {
    RecurringStatus.ACTIVE: "good",
    RecurringStatus.PAUSED: "waiting",
    RecurringStatus.FAILING: "wrong",
    RecurringStatus.LAPSED: "wrong",
}


@csp_update({"form-action": STRIPE_PAGES})
@own_page
def recurring(request: HttpRequest, me: Constituent, which: UUID) -> HttpResponse:
    """Show how it stands, what may be done, and each charge."""
    promise = own_recurring(me, which)
    subscription = promise.subscription
    failure = charging.open_charge(promise)
    refused = subscription.asked.first()
    context = {
        "me": me,
        "promise": promise,
        "subscription": subscription,
        "tone": TONES.get(RecurringStatus(promise.status), "quiet"),
        "may_change": promise.is_live,
        "may_move": promise.status == RecurringStatus.ACTIVE,
        "pending": pending_words(promise),
        # Of a charge the notice about what is open says it already.
        "refused": refused if refused is not None and _is_told(refused) else None,
        "failure": failure,
        "why": reasons.of(failure) if failure is not None else "",
        "goes_on_as": mending.successor_of(promise) if not promise.is_live else None,
        "set_up_again": mending.link(promise) if promise.status == RecurringStatus.LAPSED else "",
        "planned": promise.changes.filter(is_planned=True).order_by("effective_on").last(),
        "charges": _charges(promise),
    }
    return render(request, "portal/recurring.html", context)


def _is_told(asked: AskedChange) -> bool:
    return asked.state == AskedState.REFUSED and asked.what != Asked.CHARGE


def own_recurring(me: Constituent, which: UUID) -> RecurringGift:
    """Return one's own recurring gift that has begun; somebody else's does not exist here."""
    mine = RecurringGift.objects.for_list().begun().filter(donor=me, kind=RecurringKind.STRIPE)
    found: RecurringGift | None = mine.select_related("subscription").filter(uuid=which).first()
    if found is None or not hasattr(found, "subscription"):
        raise Http404
    return found


def _charges(promise: RecurringGift) -> GiftsTable:
    lines = ReceiptLine.objects.filter(is_live=True, receipt__state=ReceiptState.ISSUED).select_related("receipt")
    gifts = promise.gifts.exclude(status="pending").prefetch_related(
        Prefetch("allocations", queryset=GiftAllocation.objects.select_related("fund")),
        Prefetch("receipt_lines", queryset=lines),
    )
    table = GiftsTable(list(gifts.order_by("-received_on", "-pk")[:_SHOWN]))
    table.caption = _("What was charged")
    return table


@own_page
@require_POST
def charge(request: HttpRequest, me: Constituent, which: UUID) -> HttpResponse:
    """Charge what is open now, and say what the bank said."""
    charge_and_say(request, own_recurring(me, which))
    return redirect("portal_recurring", which=which)


@own_page
@require_POST
def card(request: HttpRequest, me: Constituent, which: UUID) -> HttpResponse:
    """Lead to Stripe's page for another card."""
    promise = own_recurring(me, which)
    back = absolute_url(reverse("portal_recurring_card_back", args=[which]))
    try:
        return redirect(cards.replacement_page(promise, return_url=back, language=get_language() or ""))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("portal_recurring", which=which)


@own_page
def card_back(request: HttpRequest, me: Constituent, which: UUID) -> HttpResponse:
    """Look whether another card was given, and have it used."""
    promise = own_recurring(me, which)
    try:
        asked = cards.adopt(promise, by=request.user)  # type: ignore[arg-type]
    except StripeUnavailableError:
        messages.info(request, _("We will use your new card as soon as the payment service answers."))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        if asked is not None and asked.state == AskedState.DONE:
            messages.success(request, _("Thank you. Your new card is used from now on."))
    return redirect("portal_recurring", which=which)
