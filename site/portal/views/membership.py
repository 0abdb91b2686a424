"""Membership: where it stands, its card, its people and terms; asking to renew."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from constituents.models import Constituent
from core import clock
from core.errors import DomainError
from core.once.sending import sent_once
from donations.models import GiftSource
from memberships.directory import membership_of
from memberships.documents import single_card
from memberships.models import Level, Membership, Status
from memberships.services.joining import request_membership
from memberships.services.quotes import quote_renewal
from memberships.wording import TONES, standing_in_words, term_in_words
from portal.access import own_page
from portal.cards import card_context, card_of
from portal.forms import RenewForm

RENEWABLE = (Status.DUE, Status.GRACE, Status.LAPSED)


@own_page
def membership(request: HttpRequest, me: Constituent) -> HttpResponse:
    """Show one's membership, held or named on."""
    mine = membership_of(me)
    if mine is None:
        return render(request, "portal/membership_none.html", {"me": me})
    today = clock.today()
    status = mine.status_on(today)
    context = {
        "me": me,
        "membership": mine,
        "standing": standing_in_words(mine, today),
        "tone": TONES.get(status, "quiet"),
        **card_context(me, mine),
        "terms": [
            {
                "words": term_in_words(term),
                "level": term.level,
                "money": term.money_due,
                "kind": term.get_kind_display(),
            }
            for term in mine.terms.select_related("level").order_by("-starts_on", "-pk")
        ],
        "people": mine.people.now().select_related("person"),
        "waiting": mine.applications.open().select_related("level", "gift").first(),
        "may_renew": may_renew(me, mine),
        "pays": mine.bill_to.pk == me.pk,
    }
    return render(request, "portal/membership.html", context)


def may_renew(me: Constituent, mine: Membership) -> bool:
    """Whether someone can ask to renew today: it is due or over, and the bill is theirs."""
    return mine.bill_to.pk == me.pk and mine.status_on(clock.today()) in RENEWABLE


@own_page
@sent_once
def renew(request: HttpRequest, me: Constituent) -> HttpResponse:
    """Ask to renew; the term begins when the dues have come."""
    mine = membership_of(me)
    if mine is None or not may_renew(me, mine) or mine.applications.open().exists():
        return redirect("portal_membership")
    next_level = mine.renews_as
    levels = Level.objects.on_sale(clock.today()).filter(
        Q(pk__in=Level.objects.public().values("pk")) | Q(pk=next_level.pk if next_level else None)
    )
    form = RenewForm(request.POST or None, levels=levels, initial={"level": next_level})
    if request.method == "POST" and form.is_valid():
        try:
            request_membership(
                holder=mine.holder,
                level=form.cleaned_data["level"],
                by=request.user,  # type: ignore[arg-type]
                method=form.cleaned_data["method"],
                source=GiftSource.PORTAL,
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Thank you! Your membership goes on as soon as your dues have come."))
            return redirect("portal_membership")
    context = {"me": me, "membership": mine, "form": form, "quote": quote_renewal(mine, on=clock.today())}
    return render(request, "portal/renew.html", context, status=422 if form.errors else 200)


@own_page
def card(request: HttpRequest, me: Constituent) -> HttpResponse:
    """Hand out one's own card as a PDF, for the phone or the printer."""
    mine = card_of(me, membership_of(me))
    if mine is None:
        raise Http404
    response = HttpResponse(single_card(mine, language=get_language() or "en"), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="card-{mine.number}.pdf"'
    return response
