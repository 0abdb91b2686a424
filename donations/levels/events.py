"""“A level is reached”: what giving tells the rules when a donor rises on a ladder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from constituents.models import Constituent, HouseholdMembership
from constituents.work.events import Event, Fact, FactKind, Happening, register_event
from core import clock
from donations.levels.adding_up import period_of
from donations.levels.standing import REACHED, ladders_in_use, reached, stand_again
from donations.models import DonorLevel, DonorStanding, Gift, Ladder


def register() -> None:
    """Offer it to the rules."""
    register_event(
        Event(
            REACHED,
            _("A donor reaches a level"),
            [
                Fact("level", _("level"), FactKind.CHOICE, _levels),
                Fact("ladder", _("ladder"), FactKind.CHOICE, _ladders),
                Fact("amount", _("amount it adds up to"), FactKind.NUMBER),
            ],
            help_text=_("Once for each level and year. Changing the levels themselves sets nothing off."),
            past=_reached_since,
            order=13,
        )
    )


def _levels() -> list[tuple[str, str]]:
    return [(str(level.pk), f"{level.name} ({level.ladder})") for level in DonorLevel.objects.select_related("ladder")]


def _ladders() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in Ladder.objects.values_list("pk", "name")]


def _reached_since(since: dt.datetime) -> Iterator[Happening]:
    """Return who reached the level they are on since then, newest first: to try a rule out."""
    rows = DonorStanding.objects.filter(level__isnull=False, reached_on__gte=clock.local_date(since))
    for row in rows.select_related("level", "ladder").order_by("-reached_on", "-pk")[:5_000]:
        if row.level is not None:
            yield reached(row.constituent_id, row.level, row.amount, period_of(row.ladder, clock.today()))


# What moves a standing


def gift_moved(sender: object, *, gift: Gift, by: User | None, **_kwargs: Any) -> None:
    """A gift came, went back, or came again."""
    ladders = ladders_in_use()
    stand_again(_concerned(ladders, [gift.pk], [gift.donor_id]), by=by, ladders=ladders)


def gift_replaced(sender: object, *, original: Gift, replacement: Gift, by: User | None, **_kwargs: Any) -> None:
    """A gift was corrected, perhaps to another donor."""
    ladders = ladders_in_use()
    donors = [original.donor_id, replacement.donor_id]
    stand_again(_concerned(ladders, [original.pk, replacement.pk], donors), by=by, ladders=ladders)


def gifts_came(sender: object, *, gift_ids: list[int], by: User | None, announced: bool = False, **_k: Any) -> None:
    """Many gifts came at once; they are news only when whoever posted them says so."""
    if not (ladders := ladders_in_use()):
        return
    for start in range(0, len(gift_ids), 1_000):
        keys = gift_ids[start : start + 1_000]
        donors = Gift.objects.filter(pk__in=keys).order_by().values_list("donor", flat=True).distinct()
        stand_again(_concerned(ladders, keys, donors), by=by, announced=announced, ladders=ladders)


def household_changed(sender: object, *, instance: HouseholdMembership, raw: bool = False, **_kwargs: Any) -> None:
    """Somebody moved in or out: who lives with whom counts. What many moves at once change, the night finds."""
    if not raw and Ladder.objects.in_use().filter(with_household=True).exists():
        stand_again({instance.person_id}, announced=False)


def records_changed(sender: object, *, kept: Constituent, merged: Constituent, **_kwargs: Any) -> None:
    """Two records became one, or two again: no level is news."""
    stand_again({kept.pk, merged.pk}, announced=False)


def _concerned(ladders: Sequence[Ladder], gifts: list[int], donors: Any) -> set[int]:
    """Return the donors, and who is thanked for these gifts beside them."""
    if not any(ladder.with_recognition for ladder in ladders):
        return set(donors)
    thanked = Gift.objects.filter(pk__in=gifts, soft_credits__isnull=False)
    return {*donors, *thanked.order_by().values_list("soft_credits__constituent", flat=True)}
