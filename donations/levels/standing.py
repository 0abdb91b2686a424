"""Keep what donors' gifts add up to on each ladder, and say when somebody reaches a level."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from constituents.models import Constituent, HouseholdMembership
from constituents.work.events import Happening, announce_many
from core import clock
from donations.levels.adding_up import Sum, add_up, period_of
from donations.models import DonorLevel, DonorStanding, Ladder

REACHED = "level.reached"
_CHUNK = 2_000
# What the night finds is news only if it happened lately: a ladder that is new, a year that turned, are not.
NEWS = dt.timedelta(days=31)


@dataclass(frozen=True, slots=True)
class StandingDrift:
    """A kept standing that is not what the gifts say."""

    ladder: str
    constituent_id: int
    kept: str
    true: str


def level_of(constituent: Constituent) -> DonorLevel | None:
    """Return their level on the first ladder in use."""
    return levels_of([constituent.pk]).get(constituent.pk)


def levels_of(constituents: Iterable[int]) -> dict[int, DonorLevel]:
    """Return each one's level on the first ladder in use; two queries."""
    ladder = Ladder.objects.in_use().first()
    if ladder is None:
        return {}
    rows = DonorStanding.objects.filter(ladder=ladder, constituent__in=list(constituents), level__isnull=False)
    return {row.constituent_id: row.level for row in rows.select_related("level") if row.level}


def ladders_in_use() -> list[Ladder]:
    """Return the ladders gifts count on, with their levels."""
    return list(Ladder.objects.in_use().prefetch_related("levels"))


def stand_again(
    constituents: Collection[int],
    *,
    by: User | None = None,
    announced: bool = True,
    ladders: Sequence[Ladder] | None = None,
) -> None:
    """Add up anew on every ladder for these, and for those who live with them."""
    ladders = ladders_in_use() if ladders is None else ladders
    if ladders and constituents:
        _stand_again(ladders, constituents, by=by, announced=announced)


@transaction.atomic
def _stand_again(ladders: Sequence[Ladder], constituents: Collection[int], *, by: User | None, announced: bool) -> None:
    homes = HouseholdMembership.objects.filter(person__in=constituents).order_by().values("household")
    mates = HouseholdMembership.objects.now().filter(household__in=homes).order_by().values_list("person", flat=True)
    people = {*constituents, *mates}
    for ladder in ladders:
        _keep(ladder, add_up(ladder, people), people, by=by, news_since=dt.date.min if announced else None)


@transaction.atomic
def stand_all(ladder: Ladder, *, by: User | None = None, announced: bool = False) -> int:
    """Add up anew for everyone on a ladder; returns how many stand on a level. One that is off stands empty."""
    if not ladder.is_active:
        ladder.standings.all().delete()
        return 0
    news_since = clock.today() - NEWS if announced else None
    _keep(ladder, add_up(ladder), None, by=by, news_since=news_since)
    return ladder.standings.filter(level__isnull=False).count()


def drifted_standings() -> list[StandingDrift]:
    """Return the standings that differ from the gifts; empty when all is well."""
    drifts = []
    for ladder in Ladder.objects.in_use().prefetch_related("levels"):
        true, kept = add_up(ladder), _kept(ladder, None)
        for person in sorted({*true, *kept}):
            one, other = _facts(true.get(person)), _facts(kept.get(person))
            if one != other:
                drifts.append(StandingDrift(ladder.name, person, other, one))
    return drifts


def _facts(row: Sum | DonorStanding | None) -> str:
    return f"{row.amount} {row.level or '-'} {row.reached_on or '-'}" if row else "nothing"


def _kept(ladder: Ladder, people: Collection[int] | None) -> dict[int, DonorStanding]:
    rows = DonorStanding.objects.filter(ladder=ladder).select_related("level")
    if people is not None:
        rows = rows.filter(constituent__in=people)
    return {row.constituent_id: row for row in rows.iterator(chunk_size=5_000)}


def _keep(
    ladder: Ladder,
    true: dict[int, Sum],
    people: Collection[int] | None,
    *,
    by: User | None,
    news_since: dt.date | None,
) -> None:
    """Write what differs, and announce who rose; with no `news_since` nobody is told."""
    kept = _kept(ladder, people)
    changed = [person for person, one in true.items() if _facts(one) != _facts(kept.get(person))]
    DonorStanding.objects.bulk_create(
        (
            DonorStanding(
                ladder=ladder,
                constituent_id=person,
                amount=true[person].amount,
                level=true[person].level,
                reached_on=true[person].reached_on,
            )
            for person in changed
        ),
        update_conflicts=True,
        unique_fields=["ladder", "constituent"],
        update_fields=["amount", "level", "reached_on"],
        batch_size=_CHUNK,
    )
    gone = [row.pk for person, row in kept.items() if person not in true]
    for start in range(0, len(gone), _CHUNK):
        DonorStanding.objects.filter(pk__in=gone[start : start + _CHUNK]).delete()
    if news_since is not None:
        risen = ((person, true[person]) for person in changed if _rose(kept.get(person), true[person]))
        announce_many(REACHED, _news(ladder, risen, news_since), by=by)


def _rose(before: DonorStanding | None, now: Sum) -> bool:
    if now.level is None:
        return False
    return before is None or before.level is None or before.level.from_amount < now.level.from_amount


def _news(ladder: Ladder, risen: Iterable[tuple[int, Sum]], since: dt.date) -> Iterator[Happening]:
    period = period_of(ladder, clock.today())
    for person, one in risen:
        if one.level is not None and one.reached_on is not None and one.reached_on >= since:
            yield reached(person, one.level, one.amount, period)


def reached(person: int, level: DonorLevel, amount: Any, period: str) -> Happening:
    """Return the event of a level reached; in one period it happens once."""
    return Happening(
        person,
        f"{REACHED}:{level.pk}:{person}:{period}",
        {"level": level.pk, "ladder": level.ladder_id, "amount": str(amount)},
    )
