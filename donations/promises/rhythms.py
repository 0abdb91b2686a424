"""How often somebody may choose to give, and what comes to as much in a year."""

from __future__ import annotations

from core.money import Money, quantize
from donations.models import RecurringGift
from donations.promises.schedule import Frequency, Unit

#: What donors are offered, in the order of a form; staff may agree on others.
OFFERED = (Frequency(1, Unit.MONTH), Frequency(1, Unit.QUARTER), Frequency(1, Unit.YEAR))


def key_of(frequency: Frequency) -> str:
    """Return the name of a frequency in a form."""
    return f"{frequency.every}-{Unit(frequency.unit).value}"


def others_than(recurring: RecurringGift) -> dict[str, Frequency]:
    """Return what a recurring gift may be moved to, by the name it has in a form."""
    return {key_of(frequency): frequency for frequency in OFFERED if frequency != recurring.frequency}


def as_much(recurring: RecurringGift, frequency: Frequency) -> Money:
    """Return the amount that comes to as much in a year when it is given as often as that."""
    amount = recurring.frequency.a_month(recurring.amount) / frequency.a_month(recurring.amount) * recurring.amount
    return Money(quantize(amount, recurring.currency), recurring.currency)
