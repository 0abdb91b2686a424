"""Every change of a recurring gift by its donor: asked first, then written down, asked of Stripe, and said honestly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

from constituents.models import Constituent
from core.errors import DomainError
from core.theme.figures import day_in_words
from donations.models import AskedChange, AskedState
from donations.stripe.billing import asking
from portal.access import own_page
from portal.recurring_forms import AmountForm, DayForm, FundForm, PauseForm, RhythmForm, StopForm
from portal.views.recurring import own_recurring


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
    #: Looked over before it is sent: the form has a `review`.
    is_reviewed: bool = False


STEPS = {
    "amount": Step(
        AmountForm,
        asking.change_amount,
        _lazy("Change the amount"),
        _lazy("Change the amount"),
        _lazy("Thank you. The new amount counts from the next gift on."),
    ),
    "rhythm": Step(
        RhythmForm,
        asking.change_rhythm,
        _lazy("Change how often"),
        _lazy("Look it over"),
        _lazy("Thank you. From %(day)s on it is %(money)s %(often)s."),
        is_reviewed=True,
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
    promise = own_recurring(me, which)
    page = redirect("portal_recurring", which=which)
    if not promise.is_live:
        return page
    form = step.form(request.POST or None, recurring=promise) if step.form is not None else None
    if step.is_reviewed and form is not None and form.is_valid() and "sure" not in request.POST:
        context = {"me": me, "promise": promise, "step": step, "review": form.review}
        return render(request, "portal/recurring_review.html", context)
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
                messages.success(request, str(step.done) % _as_it_is_now(me, which))
            return page
    context = {"me": me, "promise": promise, "step": step, "form": form, "refusal": refusal}
    return render(request, "portal/recurring_change.html", context, status=422 if refusal or _is_wrong(form) else 200)


def _as_it_is_now(me: Constituent, which: UUID) -> dict[str, Any]:
    promise = own_recurring(me, which)
    day = day_in_words(promise.next_due_on) if promise.next_due_on else ""
    return {"money": promise.money, "often": promise.frequency, "day": day}


def _is_wrong(form: Any) -> bool:
    return form is not None and bool(form.errors)
