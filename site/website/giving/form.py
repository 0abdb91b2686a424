"""The giving form: how often, how much, what for, who gives, and how it is paid."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, cast

from babel.numbers import get_currency_symbol
from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from constituents.models import Purpose
from core import clock
from core.choices import offer, offer_records
from core.money import InvalidAmountError, Money, currency_places, parse_amount
from core.organisation import current_organisation
from core.theme.figures import babel_locale
from donations.errors import MissingRateError
from donations.gift_aid import public as gift_aid
from donations.models import Fund, Method, OnlineGivingSettings
from donations.models.rate import rate_on
from donations.online_fees import total_with_fee
from donations.receipts.regimes import current_regime
from donations.stripe import minor
from website.forms import PublicForm
from website.giving.fields import ADDRESS, TRIBUTE, TributeFields, address_fields, clean_address
from website.giving.frequencies import BUTTONS, PROMISE_BUTTONS, Often, Suggestions, amount_in_words
from website.giving.tokens import FormToken, TokenError, new_token, read_token

ONLINE = "online"
_MISSING = {"given_name": _("Write your given name."), "email": _("Write your e-mail address: we thank you there.")}
#: More is not taken by card; whoever gives as much is better written to.
MOST = Decimal(999_999)


def amount_field(often: str) -> str:
    """Return the name of the field with the tiles of a frequency."""
    return "amount" if often == Often.ONCE else f"amount_{often}"


class TileField(forms.ChoiceField):
    """Amounts to choose from. Any other amount is as good: what counts is checked with the rest of the form."""

    widget = forms.RadioSelect

    def valid_value(self, value: Any) -> bool:
        """Leave the check to the form."""
        return True


class GivingForm(TributeFields, PublicForm):
    """A gift, once or again and again: paid online, or promised by transfer or cheque."""

    frequency = forms.ChoiceField(label=_("How often?"), choices=Often, required=False, widget=forms.RadioSelect)
    other_amount = forms.CharField(
        label=_("Or an amount of your own"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "placeholder": " "}),
    )
    currency = forms.CharField(widget=forms.HiddenInput, required=False, max_length=3)
    fund = forms.ModelChoiceField(
        label=_("What it is for"), queryset=Fund.objects.none(), empty_label=None, required=False
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
    covers_fee = forms.BooleanField(label=_("Add the payment fee"), required=False)
    method = forms.ChoiceField(label=_("How will you pay?"), required=False, widget=forms.RadioSelect)
    # One form, one gift: sent twice it is still the same.
    token = forms.CharField(widget=forms.HiddenInput, max_length=200)
    # The code of the appeal one answers: what no code can be is left alone, and never stops a gift.
    credit = forms.CharField(widget=forms.HiddenInput, required=False)
    # The gift that was begun before, when this is a second try.
    instead = forms.UUIDField(widget=forms.HiddenInput, required=False)

    # What the browser made of the task it was set (`website.giving.proof`).
    proof = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1000)

    field_order = (
        "frequency", "amount", "amount_month", "amount_quarter", "amount_year", "other_amount", "currency", "fund",
        *TRIBUTE, "given_name", "family_name", "email", *ADDRESS, "is_anonymous", *gift_aid.FIELDS, "consents",
        "covers_fee", "method", "website", "token", "credit", "instead", "proof",
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        suggestions: Suggestions,
        funds: Sequence[Fund],
        settings: OnlineGivingSettings,
        is_online: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.suggestions = suggestions
        self.is_online = is_online
        self.settings = settings
        self.base_currency = current_organisation().base_currency
        self._offer_amounts()
        self._offer_funds(funds)
        self._offer_ways()
        self.initial.setdefault("token", str(new_token()))
        self.initial.setdefault("currency", self.suggestions.currency)
        if self.asks_address:
            self.fields.update(address_fields())
        if gift_aid.is_offered_to(self.known):
            gift_aid.add_fields(self, donor=self.known)
        for name, words in _MISSING.items():
            if name in self.fields:
                self.fields[name].error_messages["required"] = words
        self.order_fields(self.field_order)

    # What is offered ------------------------------------------------------------------------------------------------

    def _offer_amounts(self) -> None:
        offered = [(often.value, often.label) for often in Often if often in self.suggestions.amounts]
        offer(self, "frequency", offered)
        first = self.initial.get("frequency")
        if first not in dict(offered):
            self.initial["frequency"] = Often.ONCE.value
        for often, amounts in self.suggestions.amounts.items():
            name = amount_field(often)
            # Written when they are drawn: a form that was sent has no use for the words.
            self.fields[name] = TileField(label=often.label, choices=partial(self._tiles, amounts), required=False)
            chosen = self.suggestions.first(often)
            self.initial.setdefault(name, str(chosen) if chosen is not None else "")

    def _tiles(self, amounts: Sequence[Decimal]) -> list[tuple[str, str]]:
        return [(str(amount), amount_in_words(self._money(amount))) for amount in amounts]

    def _offer_funds(self, funds: Sequence[Fund]) -> None:
        self.funds = funds
        if len(funds) < 2:
            self.fields.pop("fund")
            return
        offer_records(self, "fund", Fund.objects.filter(pk__in=[fund.pk for fund in funds]))
        # The funds are here already: the list of choices asks for nothing more.
        offer(self, "fund", [(fund.pk, fund.name) for fund in funds])
        self.initial.setdefault("fund", funds[0].pk)

    @cached_property
    def fund_for_the_rest(self) -> Fund | None:
        """Where a gift goes whose donor chose none: the one fund offered, else to the default one; None when closed."""
        if self.funds:
            return self.funds[0] if "fund" not in self.fields else None
        default = Fund.objects.default()
        return default if default is not None and default.is_open_on(clock.today()) else None

    @property
    def has_fund(self) -> bool:
        """Whether a gift has somewhere to go. A new organisation has no fund yet."""
        return bool(self.funds) or self.fund_for_the_rest is not None

    def _offer_ways(self) -> None:
        ways = [(Method.TRANSFER.value, _("By bank transfer")), (Method.CHEQUE.value, _("By cheque in the post"))]
        if self.is_online:
            ways = [(ONLINE, _("Online now: card, wallet or bank account")), *ways]
        offer(self, "method", ways)
        self.ways = [way for way, _label in ways]
        self.initial.setdefault("method", ways[0][0])
        if self.fee is None:
            self.fields.pop("covers_fee")

    @cached_property
    def asks_address(self) -> bool:
        """Whether the receipt has to carry an address that is not on record."""
        if not current_regime().needs_address:
            return False
        return self.known is None or not self.known.addresses.usable().exists()

    @cached_property
    def fee(self) -> tuple[Decimal, Decimal] | None:
        """What is kept of a payment: rate and fixed part; None when nobody knows, or nobody pays online."""
        return self.settings.fee(self.suggestions.currency) if self.is_online else None

    def _money(self, amount: Decimal) -> Money:
        return Money(amount, self.suggestions.currency)

    def is_within_limit(self) -> bool:
        """Leave payments to the limits of their own (`website.giving.limits`)."""
        return (self.is_online and self.cleaned_data.get("method") in (ONLINE, "")) or super().is_within_limit()

    # What is checked ------------------------------------------------------------------------------------------------

    def clean_token(self) -> FormToken | None:
        """Read the token; a form that was open too long gets a new one and is asked for once more."""
        try:
            return read_token(self.cleaned_data["token"])
        except TokenError:
            self._look_over(token=str(new_token()))
            return None

    def clean_currency(self) -> str:
        """Refuse a form in a currency that is offered no more: its amounts would mean another."""
        offered = self.suggestions.currency
        if self.cleaned_data["currency"] not in ("", offered):
            self._look_over(currency=offered)
        return offered

    def _look_over(self, **anew: str) -> None:
        """Ask for the form once more, with something in it as it is by now."""
        data = cast("QueryDict", self.data).copy()
        for name, value in anew.items():
            data[self.add_prefix(name)] = value
        self.data = data
        self.add_error(None, _("This page was open for a long time. Please look it over and send it once more."))

    def clean(self) -> dict[str, Any]:
        """Read the amount that counts, what is added to it, and the parts that belong together."""
        cleaned = super().clean()
        cleaned["method"] = cleaned.get("method") or self.ways[0]
        cleaned["frequency"] = often = Often(cleaned.get("frequency") or Often.ONCE)
        net = self._read_amount(cleaned, often)
        if net is not None:
            cleaned["net"] = net
            is_covered = bool(cleaned.get("covers_fee")) and cleaned["method"] == ONLINE
            cleaned["money"] = self.with_fee(net) if is_covered else net
            if cleaned["method"] == ONLINE and not minor.is_chargeable(cleaned["money"]):
                self._refuse(self._least())
        if often != Often.ONCE and cleaned["method"] == Method.CHEQUE:
            self.add_error("method", _("A regular gift comes by bank transfer: choose that, or “Once”."))
        self.clean_tribute(cleaned)
        cleaned["address"] = clean_address(self, cleaned) if self.asks_address else {}
        gift_aid.clean_home(self, cleaned)
        if cleaned.get("gift_aid") and "family_name" in self.fields and not cleaned.get("family_name"):
            self.add_error("family_name", _("HMRC claims Gift Aid by family name: please write yours."))
        return cleaned

    def _read_amount(self, cleaned: Mapping[str, Any], often: Often) -> Money | None:
        """Return the amount written, which wins over the one chosen; None with the error beside its field."""
        written = (cleaned.get("other_amount") or "").strip()
        try:
            money = self._exactly(parse_amount(written or cleaned.get(amount_field(often)) or ""), written)
        except InvalidAmountError as error:
            words = str(error) if written else _("Choose an amount, or write one of your own.")
            self.add_error("other_amount", words)
            return None
        least = self._least()
        if not least <= money <= self._money(MOST):
            self._refuse(least)
            return None
        return money

    def _exactly(self, amount: Decimal, written: str) -> Money:
        """Return the amount. Raises InvalidAmountError for what has no coins: is `1.000` one, or a thousand?"""
        is_too_fine = bool(written) and -int(amount.as_tuple().exponent) > self.places
        if is_too_fine or amount % minor.unit(self.suggestions.currency):
            raise InvalidAmountError(_("“%(text)s” is not an amount.") % {"text": written or amount})
        return self._money(amount)

    def _refuse(self, least: Money) -> None:
        words = _("Please give between %(least)s and %(most)s. For more, write to us.")
        limits = {"least": amount_in_words(least), "most": amount_in_words(self._money(MOST))}
        self.add_error("other_amount", words % limits)

    def _least(self) -> Money:
        """The smallest gift, in the currency of the form; of a payment no less than is ever charged."""
        least = self._smallest_gift()
        return max(least, minor.least(self.suggestions.currency)) if self.is_online else least

    def _smallest_gift(self) -> Money:
        least = self.settings.minimum if self.is_online else Decimal(1)
        if self.suggestions.currency == self.base_currency:
            return self._money(least)
        try:
            return self._money(least / rate_on(self.suggestions.currency, clock.today()))
        except MissingRateError:  # a gift in it is refused in words of its own
            return self._money(least)

    @property
    def email_of_donor(self) -> str:
        """Where the donor is written to, in lower case: as just typed, or as on record."""
        written = self.cleaned_data.get("email") or (self.known.primary_email if self.known else "")
        return str(written).lower()

    def with_fee(self, net: Money) -> Money:
        """Return what is paid so that `net` arrives."""
        if self.fee is None:
            return net
        rate, fixed = self.fee
        return total_with_fee(net, rate=rate, fixed=fixed)

    # What is shown --------------------------------------------------------------------------------------------------

    @cached_property
    def shown_often(self) -> Often:
        """The frequency that is chosen as the page is drawn."""
        value = self["frequency"].value()
        return Often(value) if value in self.suggestions.amounts else Often.ONCE

    @cached_property
    def shown_net(self) -> Money | None:
        """The amount that is chosen as the page is drawn; None when none can be read."""
        written = (self["other_amount"].value() or "").strip()
        try:
            amount = parse_amount(written or self[amount_field(self.shown_often)].value() or "")
        except InvalidAmountError:
            return None
        return self._money(amount) if 0 < amount <= MOST else None

    @property
    def shown_total(self) -> Money | None:
        """What would be paid for it with the fee on top."""
        return self.with_fee(self.shown_net) if self.shown_net else None

    @property
    def tiles(self) -> list[tuple[Often, forms.BoundField]]:
        """The fields with amounts to choose from, one for each frequency."""
        return [(often, self[amount_field(often)]) for often in self.suggestions.amounts]

    @property
    def live(self) -> dict[str, SafeString]:
        """The amounts of the line about the fee; the script of the page finds them and keeps them true."""
        net, total = self.shown_net, self.shown_total
        if net is None or total is None:
            net = total = self._money(Decimal(0))
        amounts = {"net": net, "fee": total - net, "total": total}
        return {
            name: format_html('<span class="amount" data-live="{}">{}</span>', name, amount_in_words(money))
            for name, money in amounts.items()
        }

    def _patterns(self) -> dict[str, Any]:
        words = BUTTONS if self.is_online else PROMISE_BUTTONS
        return {often.value: words[often] for often in self.suggestions.amounts}

    @property
    def words_as_json(self) -> str:
        """What the button says for each frequency, with `%s` for the amount, for the script of the page."""
        words = {often: str(text).replace("%(money)s", "%s") for often, text in self._patterns().items()}
        return json.dumps(words | {"none": str(self._words_without_amount())}, ensure_ascii=False)

    def _words_without_amount(self) -> Any:
        return _("Give") if self.is_online else _("Promise this gift")

    @property
    def button(self) -> str:
        """What the button says. Without the script it names no amount: by then another may be chosen."""
        return str(self._words_without_amount())

    @property
    def places(self) -> int:
        """How many decimals the currency has."""
        return currency_places(self.suggestions.currency)

    @property
    def fee_for_script(self) -> dict[str, str]:
        """The rate and the fixed part as the script reads them: with a point in every language."""
        return dict(zip(("rate", "fixed"), map(str, self.fee or ()), strict=False))

    @property
    def symbol(self) -> str:
        """The currency's sign, as the reader's language writes it."""
        return get_currency_symbol(self.suggestions.currency, locale=babel_locale())

    @property
    def symbol_comes_last(self) -> bool:
        """Whether the reader's language writes it behind the amount."""
        return not amount_in_words(self._money(Decimal(1))).startswith(self.symbol)

    @property
    def address(self) -> list[forms.BoundField]:
        """The fields of the address."""
        return [self[name] for name in ADDRESS if name in self.fields]

    @property
    def declaration_fields(self) -> list[forms.BoundField]:
        """The fields of the Gift Aid declaration, where it is offered."""
        return [self[name] for name in gift_aid.FIELDS if name in self.fields]
