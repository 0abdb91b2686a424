"""The words of the public forms. Each carries a honeypot and, for strangers, asks who they are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from constituents.models import Constituent
from donations.models import Method
from website.limits import client_address, is_within


class PublicForm(forms.Form):
    """A form anybody may send: who they are, a trap for robots, and a limit for each address."""

    #: How many times one network address may send this form in an hour.
    limit = 20

    given_name = forms.CharField(
        label=_("Given name"), max_length=255, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    family_name = forms.CharField(
        label=_("Family name"),
        max_length=255,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"})
    )
    # People do not see it, so only a robot fills it in.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.known = _constituent_of(request)
        if self.known is not None:
            for name in ("given_name", "family_name", "email"):
                self.fields.pop(name, None)
        self["website"].css_classes = lambda extra_classes=None: "visually-hidden"  # type: ignore[method-assign]

    def clean_website(self) -> str:
        """Refuse robots, in words that help a person whose browser filled the field."""
        if self.cleaned_data.get("website"):
            raise forms.ValidationError(_("Please leave the last field empty and send again."))
        return ""

    def clean(self) -> dict[str, Any]:
        """Hold the limit for each address."""
        cleaned = super().clean() or {}
        if not self.errors and not self.is_within_limit():
            raise forms.ValidationError(_("That was often. Please wait an hour, or write to us instead."))
        return cleaned

    def is_within_limit(self) -> bool:
        """Count one more of this form from this address; whether that is not too often."""
        return is_within(f"form:{type(self).__name__}:{client_address(self.request)}", most=self.limit, seconds=3600)


def _constituent_of(request: HttpRequest) -> Constituent | None:
    if not request.user.is_authenticated:
        return None
    return Constituent.objects.filter(user=request.user).first()


class JoinForm(PublicForm):
    """Who wants to join, and how they will pay."""

    phone = forms.CharField(
        label=_("Telephone"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    method = forms.ChoiceField(
        label=_("How will you pay?"),
        choices=[(Method.TRANSFER, _("Bank transfer")), (Method.CHEQUE, _("Cheque by post"))],
        initial=Method.TRANSFER,
        widget=forms.RadioSelect,
    )

    field_order = ("given_name", "family_name", "email", "phone", "method", "website")


class SignUpForm(PublicForm):
    """Who comes to a shift."""

    phone = forms.CharField(
        label=_("Telephone"),
        required=False,
        max_length=60,
        help_text=_("In case something changes on the day."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    field_order = ("given_name", "family_name", "email", "phone", "website")


class RelayForm(PublicForm):
    """A message to a member whose address stays hidden."""

    limit = 5

    message = forms.CharField(
        label=_("Your message"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("They see your name and e-mail address, so that they can answer."),
    )

    field_order = ("given_name", "family_name", "email", "message", "website")

    def clean(self) -> dict[str, Any]:
        """Say who writes: the form's own words, or the signed-in person's."""
        cleaned = super().clean()
        user = self.request.user
        if self.known is not None and user.is_authenticated:
            cleaned["given_name"], cleaned["family_name"] = self.known.informal_name, self.known.family_name
            cleaned["email"] = user.email
        return cleaned
