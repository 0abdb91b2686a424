"""Gift Aid on a form that donors fill in themselves: a tick below the wording, and where they live."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from constituents.models import Constituent
from core import clock
from donations.errors import GiftAidError
from donations.gift_aid.declaring import declare, home_as_declared, home_on_record
from donations.gift_aid.eligibility import gift_aid_is_on
from donations.gift_aid.wording import public_wording
from donations.models import DeclarationMethod, Gift, GiftAidDeclaration

FIELDS = ("gift_aid", "house", "postcode", "is_abroad")


def has_declared(donor: Constituent | None) -> bool:
    """Whether a donor has a declaration that covers gifts to come."""
    return donor is not None and any(
        declaration.covers_future and declaration.has_address
        for declaration in GiftAidDeclaration.objects.of(donor).standing()
    )


def is_offered_to(donor: Constituent | None) -> bool:
    """Whether to ask for a declaration: where Gift Aid is claimed, people who have not declared yet."""
    return gift_aid_is_on() and (donor is None or donor.is_person) and not has_declared(donor)


def add_fields(form: forms.Form, *, donor: Constituent | None, this: bool = True) -> None:
    """Put the tick with the wording, and the questions for the home, on a form; `this` when a gift comes with it."""
    form.fields["gift_aid"] = forms.BooleanField(
        label=_("Yes, claim Gift Aid: it adds 25p to every £1 and costs me nothing"),
        help_text=_paragraphs(public_wording(this=this)),
        required=False,
    )
    form.fields["house"] = forms.CharField(
        label=_("House name or number"),
        help_text=_("For Gift Aid: HMRC asks for your home address. Abroad, the whole address."),
        max_length=255,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
    )
    form.fields["postcode"] = forms.CharField(
        label=_("Postcode"),
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    form.fields["is_abroad"] = forms.BooleanField(label=_("I live outside the United Kingdom"), required=False)
    if donor is not None:
        for name, value in home_on_record(donor, clock.today()).items():
            form.initial.setdefault(name, value)


def _paragraphs(wording: str) -> SafeString:
    first, _sep, rest = wording.partition("\n\n")
    return format_html("{} {}", first, rest)


def clean_home(form: forms.Form, cleaned: dict[str, Any]) -> None:
    """Hold the home to what HMRC takes, once the tick is there; the errors stand beside their fields."""
    if not cleaned.get("gift_aid"):
        return
    try:
        cleaned.update(home_as_declared(cleaned.get("house", ""), cleaned.get("postcode", ""), cleaned["is_abroad"]))
    except GiftAidError as error:
        form.add_error(error.field, str(error))


def declare_from(
    cleaned: dict[str, Any],
    *,
    donor: Constituent,
    by: User | None,
    source: str,
    gift: Gift | None = None,
    this: bool | None = None,
) -> GiftAidDeclaration | None:
    """Record what was ticked, word for word as it stood on the form; nothing without the tick or for organisations.

    `this`: whether the form spoke of the gift that came with it, when that is not the gift given here; the first of a
    recurring gift is still to come.
    """
    if not cleaned.get("gift_aid") or not is_offered_to(donor):
        return None
    return declare(
        donor,
        by=by,
        declared_on=clock.today(),
        wording=public_wording(this=gift is not None if this is None else this),
        house=cleaned["house"],
        postcode=cleaned["postcode"],
        is_abroad=cleaned["is_abroad"],
        covers_this=gift is not None,
        gift=gift,
        method=DeclarationMethod.ONLINE,
        source=source,
    )
