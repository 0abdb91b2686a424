"""The style page: every component with plausible content, for whoever builds a page. Shown while DEBUG is on."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from core.theme.sample import sample

PAGES = {
    "home": "styleguide/home.html",
    "give": "styleguide/give.html",
    "portal": "styleguide/portal.html",
    "sign-in": "styleguide/sign_in.html",
}


class SampleForm(forms.Form):
    """Every kind of field, half of them wrong when the form is sent empty."""

    rhythm = forms.ChoiceField(
        label="How often?",
        choices=[("month", "Every month"), ("once", "Once")],
        widget=forms.RadioSelect,
        initial="month",
    )
    amount = forms.ChoiceField(
        label="How much would you like to give?",
        choices=[("20", "€20"), ("50", "€50"), ("100", "€100"), ("250", "€250")],
        widget=forms.RadioSelect,
        initial="50",
    )
    name = forms.CharField(
        label="Your name",
        help_text="As it should stand on your receipt.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label="E-mail address",
        help_text="The receipt goes here.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label="Telephone", required=False, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )
    fund = forms.ChoiceField(
        label="What it is for",
        choices=[("", "Where it is needed most"), ("1", "The night boat"), ("2", "Training")],
        required=False,
    )
    hear = forms.MultipleChoiceField(
        label="What would you like to hear about?",
        choices=[("news", "News, four times a year"), ("shifts", "Shifts near me"), ("appeals", "Appeals")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(label="Anything we should know?", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    fee = forms.BooleanField(
        label="Add €1.20, so that the card fee costs the boats nothing", required=False, help_text="You give €51.20."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("rhythm", "amount"):
            self[name].css_classes = lambda extra_classes=None: "choices choices--tiles"  # type: ignore[method-assign]


class GiftTable(tables.Table):
    """A giving history."""

    date = tables.Column("Date", footer="Total")
    fund = tables.Column("For")
    method = tables.Column("How")
    amount = tables.Column(
        "Amount in EUR", attrs={"th": {"class": "number"}, "td": {"class": "number"}}, footer="1,214.50"
    )
    caption = "Your gifts in 2026"


GIFTS = [
    {"date": "14 November 2026", "fund": "The night boat", "method": "Card", "amount": "50.00"},
    {"date": "14 October 2026", "fund": "The night boat", "method": "Card", "amount": "50.00"},
    {"date": "2 September 2026", "fund": "Where it is needed most", "method": "Bank transfer", "amount": "1,140.00"},
    {"date": "1 September 2026", "fund": "Training", "method": "Correction", "amount": "\N{MINUS SIGN}25.50"},
]


def styleguide(request: HttpRequest, page: str = "") -> HttpResponse:
    """Show every component, or one of the sample pages made of them."""
    if page and page not in PAGES:
        raise Http404
    if not page:
        messages.success(request, "Thank you, Orla. Your gift of €50.00 is on its way to the night boat.")
        messages.warning(request, "Your card ends in December. Please add a new one before then.")
        messages.error(request, "The file is larger than 10 MB. Choose a smaller one.")
    pages = Paginator(range(240), 20)
    context = sample() | {
        "form": SampleForm(),
        "wrong_form": SampleForm({"amount": "50", "email": "orla@brannigan"}, prefix="wrong"),
        "table": GiftTable(GIFTS),
        "empty_table": GiftTable([], empty_text="No gifts in this year"),
        "page": pages.page(4),
        "page_range": list(pages.get_elided_page_range(4, on_each_side=1, on_ends=1)),
    }
    return render(request, PAGES.get(page, "styleguide/components.html"), context)


def staff_styleguide(request: HttpRequest) -> HttpResponse:
    """Show every part of a staff screen, inside the workspace."""
    return render(request, "styleguide/staff.html", {"stats": sample()["stats"], "page_title": "Style page"})
