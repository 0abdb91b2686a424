"""What forms about money share: amounts as people write them, and parts for several funds."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.choices import offer_records
from core.money import InvalidAmountError, currency_places, parse_amount
from donations.models import Fund


class AmountInput(forms.CharField):
    """An amount as people write it: `1,200`, `$58.80`, `1.234,56`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 12}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Read it, or say that it is no amount."""
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_amount(text)
        except InvalidAmountError as error:
            raise forms.ValidationError(str(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare as text."""
        return str(initial or "") != str(data or "")


def refuse_fractions(form: forms.Form, currency: str) -> None:
    """Refuse amounts that the currency has no coins for, each beside its field."""
    places = currency_places(currency)
    for name, value in list(form.cleaned_data.items()):
        is_amount = isinstance(form.fields.get(name), AmountInput) and value is not None
        if is_amount and -int(value.as_tuple().exponent) > places:
            form.add_error(name, _("%(currency)s has no smaller part.") % {"currency": currency})


class SplitsOverFunds(forms.Form):
    """A sum for one fund, of which further funds may take their parts."""

    fund = forms.ModelChoiceField(Fund.objects.none(), label=_("Fund"), empty_label=None)

    split_rows: Sequence[int] = (1, 2, 3)
    part_labels: ClassVar[tuple[Any, Any]] = (_("Fund"), _("Amount"))
    parts_exceed: ClassVar[Any] = _("The parts are more than the gift.")

    def offer_funds(self, funds: QuerySet[Fund]) -> None:
        """Let the sum and its parts go to these funds; called once, from `__init__`."""
        offer_records(self, "fund", funds)
        fund_label, amount_label = self.part_labels
        for number in self.split_rows:
            self.fields[f"split_fund_{number}"] = forms.ModelChoiceField(funds, label=fund_label, required=False)
            self.fields[f"split_amount_{number}"] = AmountInput(label=amount_label, required=False)

    @property
    def splits(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The rows for further funds."""
        return [(self[f"split_fund_{number}"], self[f"split_amount_{number}"]) for number in self.split_rows]

    @property
    def is_split(self) -> bool:
        """Whether a further fund was filled in."""
        return any(amount.value() or fund.value() for fund, amount in self.splits)

    def parts_of(self, amount: Decimal) -> list[tuple[Fund, Decimal]]:
        """Return how much of the sum each fund gets, the first fund what the others leave; faults stand at the rows."""
        cleaned = self.cleaned_data
        parts: dict[Fund, Decimal] = {}
        for number in self.split_rows:
            fund, part = cleaned.get(f"split_fund_{number}"), cleaned.get(f"split_amount_{number}")
            if bool(fund) != bool(part):
                self.add_error(f"split_amount_{number}", _("A part needs a fund and an amount."))
            elif fund and part:
                parts[fund] = parts.get(fund, Decimal(0)) + part
        rest = amount - sum(parts.values(), Decimal(0))
        if rest < 0:
            self.add_error("split_amount_1", self.parts_exceed)
        elif rest and (first := cleaned.get("fund")):
            parts = {first: rest + parts.pop(first, Decimal(0)), **parts}
        return list(parts.items())
