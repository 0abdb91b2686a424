"""How often one gives, in the words of the page, and the amounts it suggests for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.money import InvalidAmountError, Money, parse_amount
from core.theme.figures import format_whole
from donations.promises.schedule import Frequency, Unit


class Often(models.TextChoices):
    """How often, as the donor chooses it."""

    ONCE = "once", _("Once")
    MONTH = "month", _("Monthly")
    QUARTER = "quarter", _("Quarterly")
    YEAR = "year", _("Yearly")

    @property
    def frequency(self) -> Frequency | None:
        """The series it begins; None for a single gift."""
        units = {Often.MONTH: Unit.MONTH, Often.QUARTER: Unit.QUARTER, Often.YEAR: Unit.YEAR}
        return Frequency(1, units[self]) if self in units else None


#: What the button says; `%(money)s` is what is paid. The script of the page fills in the same words.
BUTTONS = {
    Often.ONCE: _("Give %(money)s"),
    Often.MONTH: _("Give %(money)s monthly"),
    Often.QUARTER: _("Give %(money)s quarterly"),
    Often.YEAR: _("Give %(money)s yearly"),
}
PROMISE_BUTTONS = {
    Often.ONCE: _("Promise %(money)s"),
    Often.MONTH: _("Promise %(money)s monthly"),
    Often.QUARTER: _("Promise %(money)s quarterly"),
    Often.YEAR: _("Promise %(money)s yearly"),
}


def amount_in_words(money: Money) -> str:
    """Write an amount without the cents it does not have: `$50`, `$51.80`."""
    return format_whole(money) if money.amount == money.amount.to_integral_value() else str(money)


def read_amounts(text: str) -> list[Decimal]:
    """Return the suggested amounts written as a list; raises ValidationError naming the one that is wrong."""
    try:
        amounts = [parse_amount(part) for part in text.replace(";", ",").split(",") if part.strip()]
    except InvalidAmountError as error:
        raise ValidationError(str(error)) from error
    if any(amount <= 0 for amount in amounts):
        raise ValidationError(_("An amount is more than nothing."))
    return amounts


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The amounts a page suggests in one currency; what has none is not offered."""

    currency: str
    amounts: Mapping[Often, list[Decimal]]

    def first(self, often: Often) -> Decimal | None:
        """Return the amount that is chosen at first: the second, so that there is a smaller one beside it."""
        amounts = self.amounts.get(often, [])
        return next(iter(amounts[1:] or amounts), None)
