"""Recurring gifts charged online: how one stands, each charge, and every change of it by its donor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from csp.decorators import csp_update
from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from constituents.models import Constituent
from core.errors import DomainError
from core.mail.rendering import absolute_url
from donations.errors import StripeUnavailableError
from donations.models import (
    AskedChange,
    AskedState,
    GiftAllocation,
    ReceiptLine,
    ReceiptState,
    RecurringGift,
    RecurringKind,
    RecurringStatus,
)
from donations.stripe.billing import asking, cards, reasons
from portal.access import own_page
from portal.recurring_forms import AmountForm, DayForm, FundForm, PauseForm, StopForm
from portal.tables import GiftsTable

#: Where Stripe's own pages are: a form may lead there.
STRIPE_PAGES = ["https://billing.stripe.com", "https://checkout.stripe.com"]
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
    promise = _own(me, which)
    subscription = promise.subscription
    failure = subscription.failures.open().filter(attempt__gt=0).order_by("failed_at").last()
    refused = subscription.asked.first()
    context = {
        "me": me,
        "promise": promise,
        "subscription": subscription,
        "tone": TONES.get(RecurringStatus(promise.status), "quiet"),
        "may_change": promise.is_live,
        "may_move": promise.status == RecurringStatus.ACTIVE,
        "pending": asking.pending_words(promise),
        "refused": refused if refused is not None and refused.state == AskedState.REFUSED else None,
        "failure": failure,
        "why": reasons.of(failure) if failure is not None else "",
        "planned": promise.changes.filter(is_planned=True).order_by("effective_on").last(),
        "charges": _charges(promise),
    }
    return render(request, "portal/recurring.html", context)


def _own(me: Constituent, which: UUID) -> RecurringGift:
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


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a donor may change: its form, its words, and the verb that is asked."""

    form: type[Any] | None
    verb: Callable[..., Any]
    heading: str | Promise
    button: str | Promise
    done: str | Promise
    lede: str | Promise = ""
    is_grave: bool = False


STEPS = {
    "amount": Step(
        AmountForm,
        asking.change_amount,
        _lazy("Change the amount"),
        _lazy("Change the amount"),
        _lazy("Thank you. The new amount counts from the next gift on."),
    ),
    "day": Step(
        DayForm,
        asking.move_day,
        _lazy("Change the day"),
        _lazy("Change the day"),
        _lazy("Done. The next gift is charged on the day you chose."),
    ),
    "fund": Step(
        FundForm,
        asking.change_fund,
        _lazy("Change what it is for"),
        _lazy("Change what it is for"),
        _lazy("Thank you. Your next gift goes there."),
    ),
    "pause": Step(
        PauseForm,
        asking.pause,
        _lazy("Pause your gift"),
        _lazy("Pause"),
        _lazy("Your gift is paused. Nothing is charged."),
        lede=_lazy("Nothing is charged while it is paused, and nothing is caught up afterwards."),
    ),
    "resume": Step(
        None,
        asking.resume,
        _lazy("Let your gift go on"),
        _lazy("Go on"),
        _lazy("Thank you! Your gift goes on."),
    ),
    "stop": Step(
        StopForm,
        asking.stop,
        _lazy("Stop your gift"),
        _lazy("Stop my gift"),
        _lazy("Your gift is stopped: nothing more is charged. Thank you for every gift you made."),
        lede=_lazy("Nothing is ever charged again. What you gave stays, with its receipts."),
        is_grave=True,
    ),
}


@own_page
def change(request: HttpRequest, me: Constituent, which: UUID, what: str) -> HttpResponse:
    """Ask first; then write it down, ask Stripe, and say honestly how far it got."""
    step = STEPS.get(what)
    if step is None:
        raise Http404
    promise = _own(me, which)
    page = redirect("portal_recurring", which=which)
    if not promise.is_live:
        return page
    form = step.form(request.POST or None, recurring=promise) if step.form is not None else None
    refusal = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            asked = step.verb(promise, by=request.user, **(form.wanted if form is not None else {}))
            if isinstance(asked, AskedChange):
                asked = asking.carry_out(asked)
        except DomainError as error:
            refusal = str(error)
            if form is not None:
                form.add_error(None, refusal)
        else:
            if not isinstance(asked, AskedChange) or asked.state == AskedState.DONE:
                messages.success(request, str(step.done))
            return page
    context = {"me": me, "promise": promise, "step": step, "form": form, "refusal": refusal}
    return render(request, "portal/recurring_change.html", context, status=422 if refusal or _is_wrong(form) else 200)


def _is_wrong(form: Any) -> bool:
    return form is not None and bool(form.errors)


@own_page
@require_POST
def card(request: HttpRequest, me: Constituent, which: UUID) -> HttpResponse:
    """Lead to Stripe's page for another card."""
    promise = _own(me, which)
    back = absolute_url(reverse("portal_recurring_card_back", args=[which]))
    try:
        return redirect(cards.replacement_page(promise, return_url=back, language=get_language() or ""))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("portal_recurring", which=which)


@own_page
def card_back(request: HttpRequest, me: Constituent, which: UUID) -> HttpResponse:
    """Look whether another card was given, and have it used."""
    promise = _own(me, which)
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
