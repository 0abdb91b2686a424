"""The words of the public forms. Each carries a honeypot and, for strangers, asks who they are."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from constituents.models import Constituent, Purpose
from core.money import InvalidAmountError, Money, parse_amount
from core.organisation import current_organisation
from core.theme.figures import format_whole
from donations.gift_aid import public as gift_aid
from donations.models import Fund, Method

OTHER = "other"


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
        if not self.errors:
            key = f"form:{type(self).__name__}:{self.request.META.get('REMOTE_ADDR', '')}"
            cache.add(key, 0, timeout=3600)
            if cache.incr(key) > self.limit:
                raise forms.ValidationError(_("That was often. Please wait an hour, or write to us instead."))
        return cleaned


def _constituent_of(request: HttpRequest) -> Constituent | None:
    if not request.user.is_authenticated:
        return None
    return Constituent.objects.filter(user=request.user).first()


class GiftForm(PublicForm):
    """A gift, promised by transfer or cheque."""

    amount = forms.ChoiceField(label=_("How much would you like to give?"), widget=forms.RadioSelect)
    other_amount = forms.CharField(
        label=_("Another amount"),
        required=False,
        help_text=_("Fill this in to give a different amount."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    fund = forms.ModelChoiceField(
        label=_("What it is for"), queryset=Fund.objects.none(), empty_label=None, required=False
    )
    method = forms.ChoiceField(
        label=_("How will you send it?"),
        choices=[(Method.TRANSFER, _("Bank transfer")), (Method.CHEQUE, _("Cheque by post"))],
        initial=Method.TRANSFER,
        widget=forms.RadioSelect,
    )
    tribute = forms.CharField(
        label=_("In honour or memory of"), required=False, max_length=255, help_text=_("A name, if it is for someone.")
    )
    is_anonymous = forms.BooleanField(label=_("Do not name me in public"), required=False)
    consents = forms.MultipleChoiceField(
        label=_("What may we write to you about by e-mail?"),
        choices=[
            (Purpose.NEWSLETTER, _("News, a few times a year")),
            (Purpose.APPEALS, _("Appeals for gifts")),
            (Purpose.EVENTS, _("Events")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    # One form, one promise: sent twice it is still the same gift.
    token = forms.UUIDField(widget=forms.HiddenInput)
    # The code of the appeal one answers: what no code can be is left alone, and never stops a gift.
    credit = forms.CharField(widget=forms.HiddenInput, required=False)

    field_order = (
        "amount", "other_amount", "fund", "method", "given_name", "family_name", "email", "tribute", "is_anonymous",
        *gift_aid.FIELDS, "consents", "website", "token", "credit",
    )  # fmt: skip

    def __init__(self, *args: Any, suggested: Sequence[Decimal], funds: Sequence[Fund], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = current_organisation().base_currency
        choices = [(str(amount), format_whole(Money(amount, currency))) for amount in suggested]
        self.fields["amount"].choices = [*choices, (OTHER, _("Other"))]
        self.initial.setdefault("amount", choices[1][0] if len(choices) > 1 else OTHER)
        self.fields["fund"].queryset = Fund.objects.filter(pk__in=[fund.pk for fund in funds])
        self.initial.setdefault("fund", funds[0].pk if funds else None)
        if len(funds) < 2:
            self.fields.pop("fund")
        self.initial.setdefault("token", uuid.uuid4())
        if gift_aid.is_offered_to(self.known):
            gift_aid.add_fields(self, donor=self.known)
            self.order_fields(self.field_order)
        self["amount"].css_classes = lambda extra_classes=None: "choices choices--tiles"  # type: ignore[method-assign]

    def clean(self) -> dict[str, Any]:
        """Read the amount that counts: the one written wins over the one chosen."""
        cleaned = super().clean()
        written = (cleaned.get("other_amount") or "").strip()
        try:
            if written:
                amount = parse_amount(written)
            elif cleaned.get("amount") == OTHER:
                raise InvalidAmountError(_("Write the amount you would like to give."))
            else:
                amount = Decimal(cleaned.get("amount") or 0)
        except InvalidAmountError as error:
            self.add_error("other_amount", str(error))
            return cleaned
        money = Money(amount, current_organisation().base_currency)
        if not Decimal(1) <= money.amount <= Decimal(1_000_000):
            self.add_error("other_amount", _("Please give between 1 and 1,000,000. For more, write to us."))
        cleaned["money"] = money
        gift_aid.clean_home(self, cleaned)
        return cleaned


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
        if self.known is not None:
            cleaned["given_name"], cleaned["family_name"] = self.known.informal_name, self.known.family_name
            cleaned["email"] = self.request.user.email
        return cleaned
