"""The parts of the giving form that not everyone fills in: the dedication, and the address a receipt has to carry."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from core.organisation import current_organisation
from donations.models import DedicationKind, NoticeWay

#: What a dedication is asked with, in the order of the form.
TRIBUTE = ("dedicate", "tribute_kind", "honouree", "notify", "notify_name", "notify_way", "notify_email",
           "notify_street", "notify_postal_code", "notify_city", "tribute_message")  # fmt: skip
ADDRESS = ("street", "postal_code", "city", "region", "country")
#: Whoever is told hears the donor's words from us by e-mail: nobody shall lead them anywhere with that.
_LINK = re.compile(r"://|\bwww\.", re.IGNORECASE)
_PASSED_ON = ("honouree", "notify_name", "tribute_message")
_NEEDED = {"street": _("street"), "postal_code": _("postal code"), "city": _("town")}


def _line(label: Any, autocomplete: str = "off", *, length: int = 255, **kwargs: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, required=False, max_length=length, widget=widget, **kwargs)


class TributeFields(forms.Form):
    """To whom the gift is dedicated, and who is to be told of it. Without the tick none of it counts."""

    dedicate = forms.BooleanField(label=_("Dedicate it to somebody"), required=False)
    tribute_kind = forms.ChoiceField(
        label=_("The gift is"),
        choices=DedicationKind,
        initial=DedicationKind.HONOUR,
        required=False,
        widget=forms.RadioSelect,
    )
    honouree = _line(_("Their name"))
    notify = forms.BooleanField(label=_("Tell somebody of my gift"), required=False)
    notify_name = _line(_("Name of whom we tell"))
    notify_way = forms.ChoiceField(
        label=_("How we tell them"),
        choices=[(NoticeWay.EMAIL, _("By e-mail")), (NoticeWay.LETTER, _("By post"))],
        initial=NoticeWay.EMAIL,
        required=False,
        widget=forms.RadioSelect,
    )
    notify_email = _line(_("Their e-mail address"), length=254)
    notify_street = _line(_("Their street and number"))
    notify_postal_code = _line(_("Their postal code"), length=20)
    notify_city = _line(_("Their town"), length=120)
    tribute_message = forms.CharField(
        label=_("Your words to them"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("We pass them on with the notice. The amount stays between us."),
    )

    def clean_tribute(self, cleaned: dict[str, Any]) -> None:
        """Put what `dedicate_as_asked` takes into `tribute`, None without a dedication; errors beside their fields."""
        cleaned["tribute"] = None
        if not cleaned.get("dedicate"):
            return
        if not cleaned.get("honouree"):
            self.add_error("honouree", _("Write the name of the person you give for."))
        for name in _PASSED_ON:
            if _LINK.search(cleaned.get(name, "")):
                self.add_error(name, _("We pass these words on: please leave web addresses out."))
        notice = self._notice(cleaned) if cleaned.get("notify") else None
        cleaned["tribute"] = {
            "kind": cleaned.get("tribute_kind") or DedicationKind.HONOUR.value,
            "name": cleaned.get("honouree", ""),
            "message": cleaned.get("tribute_message", ""),
            "notice": notice,
        }

    def _notice(self, cleaned: dict[str, Any]) -> dict[str, str]:
        if not cleaned.get("notify_name"):
            self.add_error("notify_name", _("Write the name of the person we tell."))
        way = cleaned.get("notify_way") or NoticeWay.EMAIL.value
        told = {"name": cleaned.get("notify_name", ""), "way": str(way)}
        if way == NoticeWay.EMAIL:
            try:
                validate_email(cleaned.get("notify_email", ""))
            except ValidationError:
                self.add_error("notify_email", _("Write their e-mail address, such as name@example.org."))
            return told | {"email": cleaned.get("notify_email", "")}
        for part in ("street", "city"):
            if not cleaned.get(f"notify_{part}"):
                self.add_error(f"notify_{part}", _("A letter needs a street and a town."))
        country = str(current_organisation().country)
        parts = {part: cleaned.get(f"notify_{part}", "") for part in ("street", "postal_code", "city")}
        return told | parts | {"country": country}


def address_fields() -> dict[str, forms.Field]:
    """Return the fields of a postal address, for where the law wants it on the receipt."""
    here = str(current_organisation().country)
    return {
        "street": _line(_("Street and number"), "address-line1"),
        "postal_code": _line(_("Postal code"), "postal-code", length=20),
        "city": _line(_("Town"), "address-level2", length=120),
        "region": _line(_("State or region"), "address-level1", length=120),
        "country": forms.ChoiceField(
            label=_("Country"),
            choices=list(countries),
            initial=here,
            required=False,
            widget=forms.Select(attrs={"autocomplete": "country"}),
        ),
    }


def clean_address(form: forms.Form, cleaned: dict[str, Any]) -> dict[str, str]:
    """Return the address; nothing when it was left empty, and errors beside what is missing of one that was begun."""
    parts = {part: cleaned.get(part, "") for part in ADDRESS if part in form.fields}
    if not any(value for part, value in parts.items() if part != "country"):
        return {}
    for part, name in _NEEDED.items():
        if part in form.fields and not parts[part]:
            form.add_error(part, _("The address lacks the %(part)s.") % {"part": name})
    return parts
