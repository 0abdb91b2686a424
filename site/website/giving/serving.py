"""The giving page's own addresses: ask, take, lead to the payment page, and say what became of it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import translation

from core import clock
from donations.campaigns.tracking import NOTHING, Credit, credit_for
from donations.models import Campaign, Fund, OnlineGivingSettings
from donations.stripe.mode import Mode, current
from website import figures
from website.giving import embedding, keeping, limits, returning, speaking, taking
from website.giving.form import GivingForm, amount_field
from website.giving.frequencies import Often
from website.giving.policy import allow_checkout
from website.giving.proof import new_task

if TYPE_CHECKING:
    from website.models import GivingPage


def give(page: GivingPage, request: HttpRequest) -> HttpResponse:
    """Ask, and take the gift."""
    return _in_its_language(page, request, _answer)


def give_from_elsewhere(page: GivingPage, request: HttpRequest) -> HttpResponse:
    """Take the gift from a frame on another website, as a stranger's; a mistake leads to the whole page."""
    request.user = AnonymousUser()
    return _in_its_language(page, request, _answer)


def embed(page: GivingPage, request: HttpRequest) -> HttpResponse:
    """Ask within a frame on another website: as a stranger, without anything of ours around it."""
    request.user = AnonymousUser()

    def answer(page: GivingPage, request: HttpRequest, language: str) -> HttpResponse:
        return _ask(page, request, _form(page, request, {}), language, template="website/giving_embed.html")

    response = _in_its_language(page, request, answer)
    embedding.let_others_frame(response, OnlineGivingSettings.load(request_or_site=request))
    return response


def thanks(page: GivingPage, request: HttpRequest, which: uuid.UUID) -> HttpResponse:
    """Say what became of the gift."""

    def answer(page: GivingPage, request: HttpRequest, language: str) -> HttpResponse:
        outcome = returning.outcome_of(page, request, which)
        if outcome is None:
            raise Http404
        template = "website/giving_state.html" if request.htmx else "website/giving_thanks.html"  # type: ignore[attr-defined]
        response = page.render(request, template=template, context_overrides={"outcome": outcome, "language": language})
        response["X-Robots-Tag"] = "noindex"
        return response

    return _in_its_language(page, request, answer)


def pay(page: GivingPage, request: HttpRequest, which: uuid.UUID) -> HttpResponse:
    """Lead to the payment page of a gift that was begun and is not paid yet."""
    if request.method != "POST":
        return HttpResponseRedirect(page.address_of(request, "thanks", which))

    def answer(page: GivingPage, request: HttpRequest, language: str) -> HttpResponse:
        return taking.pay_again(page, request, which, language)

    return _in_its_language(page, request, answer)


def receipt(page: GivingPage, request: HttpRequest, which: uuid.UUID) -> HttpResponse:
    """Hand out the receipt of a gift that was paid just now."""
    return returning.receipt_of(request, which)


def _answer(page: GivingPage, request: HttpRequest, language: str) -> HttpResponse:
    again, typed = ("", {}) if request.method == "POST" else keeping.recall(request, request.GET.get("again", ""))
    form = _form(page, request, typed | ({"instead": again} if again else {}))
    is_sent = request.method == "POST" and "recount" not in request.POST
    if is_sent and form.has_fund and form.is_valid() and limits.lets_pass(request, form):
        credit = _credit(request)
        campaign = credit.campaign or page.campaign or figures.campaign_of_today()
        return taking.take(page, request, form, campaign=campaign, appeal=credit.appeal, language=language)
    return _ask(page, request, form, language)


def _form(page: GivingPage, request: HttpRequest, typed: dict[str, Any]) -> GivingForm:
    """Return the form: as it was sent, or filled in with what was typed before and what the link asks for."""
    asked = request.POST if request.method == "POST" else request.GET
    if "recount" in request.POST:
        # Only the total is asked for: the form as it was filled in, and nothing is wrong yet.
        typed = typed | keeping.typed(request.POST) | {"token": request.POST.get("token", "")}
    return GivingForm(
        request.POST if request.method == "POST" and "recount" not in request.POST else None,
        initial={"frequency": page.first_choice, "credit": _credit(request).code} | typed | _asked_for(request),
        request=request,
        suggestions=page.suggestions(asked.get("currency") or typed.get("currency", "")),
        funds=[fund] if (fund := page.open_fund) else list(Fund.objects.public().open_on(clock.today())),
        settings=OnlineGivingSettings.load(request_or_site=request),
        is_online=current().is_on,
    )


def _asked_for(request: HttpRequest) -> dict[str, Any]:
    """Return what a link to the page chooses: `?frequency=month&amount=20&fund=3`; the form checks it as if typed."""
    often, amount = request.GET.get("frequency"), request.GET.get("amount", "")[:20]
    chosen: dict[str, Any] = {"frequency": often} if often in Often.values else {}
    if amount:
        chosen |= {"other_amount": amount, amount_field(often or Often.ONCE): ""}
    if request.GET.get("fund", "").isdecimal():
        chosen["fund"] = request.GET["fund"]
    if request.GET.get("method") in ("transfer", "cheque"):
        chosen["method"] = request.GET["method"]
    return chosen


def _credit(request: HttpRequest) -> Credit:
    """Return whom the gift is credited to: what the form carried on counts, then the link one came by."""
    credit = credit_for({"a": request.POST.get("credit", "")}) if request.method == "POST" else NOTHING
    return credit if credit.code else credit_for(request.GET)


def _ask(
    page: GivingPage,
    request: HttpRequest,
    form: GivingForm,
    language: str,
    *,
    template: str = "website/giving_page.html",
) -> HttpResponse:
    campaign: Campaign | None = _credit(request).campaign or page.campaign
    context = {
        "form": form,
        "progress": figures.campaign_progress(campaign) if campaign else figures.running_campaign(),
        "language": language,
        "other_languages": speaking.others(request, language),
        "other_currencies": _other_currencies(page, request, form),
        "posts_to": embedding.where_it_posts(page),
        "is_demo": current() is Mode.DEMO,
        "task": new_task() if form.settings.asks_for_proof and form.is_online else None,
    }
    response = page.render(request, template=template, context_overrides=context)
    allow_checkout(response)
    return response


def _other_currencies(page: GivingPage, request: HttpRequest, form: GivingForm) -> list[tuple[str, str]]:
    """Return what else one can give in, and the address of the page in it."""
    links = []
    for currency in page.currencies():
        if currency != form.suggestions.currency:
            query = request.GET.copy()
            query["currency"] = currency
            links.append((currency, f"?{query.urlencode()}"))
    return links


def _in_its_language(page: GivingPage, request: HttpRequest, answer: Any) -> HttpResponse:
    """Answer in the page's language, drawn to the end within it; what is personal stays out of every cache."""
    language = speaking.language_of(page, request)
    with translation.override(language):
        response = answer(page, request, language)
        if isinstance(response, TemplateResponse):
            response.render()
    speaking.label(response, language, request)
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response
