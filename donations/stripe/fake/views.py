"""The demo's stand-ins for Stripe's pages: pay, approve, replace the card. No field asks for a card."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from donations.stripe import mode
from donations.stripe.fake import acting, store
from donations.stripe.fake.acting import Outcome
from donations.stripe.fake.money import completing, invoicing, methods
from donations.stripe.fake.problems import ApiError
from donations.stripe.fake.resources.sessions import overdue
from donations.stripe.fake.store import Thing
from donations.stripe.minor import from_minor

View = Callable[[HttpRequest, str], HttpResponse]
# The cards one may put on file, by what they do when they are charged.
CARDS = {"pays": "4444", "declined": methods.LAST4["declined"], "approval": methods.LAST4["approval"]}
# What the buttons of the page do, in their order; the others belong to the page on which a bank asks.
OFFERED = (Outcome.PAY, Outcome.BANK_DEBIT, Outcome.NEEDS_APPROVAL, Outcome.DECLINE)


def demo_page(view: View) -> Any:
    """Let a page exist in the demo only, uncached, for GET and POST."""

    @wraps(view)
    def guarded(request: HttpRequest, session_id: str) -> HttpResponse:
        if mode.current() is not mode.Mode.DEMO:
            raise Http404
        return view(request, session_id)

    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(guarded))


@demo_page
def pay(request: HttpRequest, session_id: str) -> HttpResponse:
    """The page a donor pays on: what is paid, and how it shall go."""
    session = _session(session_id)
    if session["status"] == "complete":
        return redirect(_back(session))
    if session["status"] != "open":
        return render(request, "website/demo_over.html", _shown(session), status=410)
    if request.method == "POST":
        outcome = request.POST.get("outcome", "")
        if outcome in OFFERED:
            return _after(session, Outcome(outcome))
    return render(request, "website/demo_pay.html", {**_shown(session), "refusal": _refusal(session)})


@demo_page
def approve(request: HttpRequest, session_id: str) -> HttpResponse:
    """The page on which the donor's bank asks whether it is them."""
    session = _session(session_id)
    intent = completing.intent_of(session)
    if session["status"] != "open" or intent is None or intent["status"] != "requires_action":
        return redirect("demo_pay", session_id)
    if request.method == "POST":
        return _after(session, Outcome.APPROVE if "approve" in request.POST else Outcome.REFUSE)
    return render(request, "website/demo_approve.html", _shown(session))


@demo_page
def pay_invoice(request: HttpRequest, session_id: str) -> HttpResponse:
    """The page of an invoice that could not be charged: the donor's bank asks whether it is them."""
    try:
        invoice = store.get("invoice", session_id)
    except ApiError as unknown:
        raise Http404 from unknown
    home = reverse("portal_recurring", args=[invoicing.subscription_of(invoice)["metadata"]["recurring"]])
    if invoice["status"] not in ("open", "uncollectible"):
        return redirect(home)
    if request.method == "POST":
        mark = acting.cursor()
        acting.pay_on_page(invoice["id"], approve="approve" in request.POST)
        acting.book_fees()
        acting.deliver(acting.events(mark))
        return redirect(home)
    money = from_minor(invoice["amount_due"], invoice["currency"].upper())
    return render(request, "website/demo_approve.html", {"money": money, "often": ""})


@demo_page
def replace_card(request: HttpRequest, session_id: str) -> HttpResponse:
    """The page on which a donor puts another card on file."""
    try:
        page = store.get("billing_portal.session", session_id)
    except ApiError as unknown:
        raise Http404 from unknown
    customer = store.get("customer", page["customer"])
    if request.method == "POST":
        mark = acting.cursor()
        acting.replace_card(customer["id"], last4=CARDS.get(request.POST.get("card", ""), CARDS["pays"]))
        acting.deliver(acting.events(mark))
        return redirect(_after_card(page))
    known = customer["invoice_settings"]["default_payment_method"]
    context = {"return_url": page["return_url"], "customer": customer, "card": _card(known)}
    return render(request, "website/demo_card.html", context)


def _session(session_id: str) -> Thing:
    try:
        return overdue(store.get("checkout.session", session_id))
    except ApiError as unknown:
        raise Http404 from unknown


def _after(session: Thing, outcome: Outcome) -> HttpResponse:
    """Act, let the webhook hear of it, and go where the donor goes next."""
    mark = acting.cursor()
    try:
        session = acting.pay(session["id"], outcome)
    except ApiError:
        # Pressed twice, or in two windows: the first counts, and the page knows where that led.
        return redirect("demo_pay", session["id"])
    acting.book_fees()
    acting.deliver(acting.events(mark))
    if session["status"] == "complete":
        return redirect(_back(session))
    if outcome is Outcome.NEEDS_APPROVAL:
        return redirect("demo_approve", session["id"])
    return redirect("demo_pay", session["id"])


def _back(session: Thing) -> str:
    """Where the donor returns to; the address comes from the request that opened the page."""
    return session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])


def _after_card(page: Thing) -> str:
    after = (page["flow"] or {}).get("after_completion") or {}
    return (after.get("redirect") or {}).get("return_url") or page["return_url"]


def _shown(session: Thing) -> dict[str, Any]:
    items = store.find("item", _session=session["id"])
    recurring = items[0]["price"]["recurring"] if items else None
    given = session["_payment"] if session["mode"] == "payment" else session["_subscription"]
    amount = session["amount_total"]
    return {
        "session": session,
        "money": from_minor(amount, session["currency"].upper()) if amount is not None else None,
        "what": given.get("description") or (items[0]["description"] if items else ""),
        "often": _often(recurring["interval"], recurring["interval_count"]) if recurring else "",
        "email": (session["customer_details"] or {}).get("email"),
        "cancel_url": session["cancel_url"],
    }


def _often(interval: str, count: int) -> str:
    words = {
        ("week", 1): _("every week"),
        ("month", 1): _("every month"),
        ("month", 3): _("every three months"),
        ("year", 1): _("every year"),
    }
    return words.get((interval, count)) or _("again and again")


def _refusal(session: Thing) -> str:
    """Why the last attempt failed, in words for the donor."""
    intent = completing.intent_of(session)
    error = intent["last_payment_error"] if intent else None
    if not error:
        return ""
    if error["code"] == "payment_intent_authentication_failure":
        return _("Your bank was told that this is not you. Nothing was taken.")
    return _("The card was declined. Nothing was taken.")


def _card(method_id: str | None) -> str:
    method = store.peek(method_id) if method_id else None
    return method["card"]["last4"] if method and method["type"] == "card" else ""
