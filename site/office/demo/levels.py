"""Donor levels: circles by the year, for households, and a society for a lifetime of giving."""

from __future__ import annotations

from decimal import Decimal

from core.demo import DemoPlan
from donations.levels.standing import stand_all
from donations.models import DonorLevel, Ladder, Measure

_CIRCLES = (
    ("Candle", 100, "Their name in the yearbook."),
    ("Lantern", 250, "The yearbook, and a place at the summer sail."),
    ("Beacon", 1_000, "A call from the director each spring."),
    ("Lighthouse", 5_000, "Dinner with the crew, and a visit every year."),
)
_SOCIETY = (
    ("Keeper", 2_500, "A card on the day of their first gift."),
    ("Keeper of the Light", 10_000, "Their name on the board in the reading room."),
)


def add_levels(plan: DemoPlan) -> dict[str, int]:
    """Make two ladders and add up who stands where."""
    circles = Ladder.objects.create(name="Giving circles", measure=Measure.THIS_YEAR, position=0)
    society = Ladder.objects.create(name="Keepers\u2019 Society", measure=Measure.LIFETIME, position=1)
    DonorLevel.objects.bulk_create(
        DonorLevel(ladder=ladder, name=name, from_amount=Decimal(amount), benefits=benefits)
        for ladder, levels in ((circles, _CIRCLES), (society, _SOCIETY))
        for name, amount, benefits in levels
    )
    return {"donors on a level": sum(stand_all(ladder) for ladder in (circles, society))}
