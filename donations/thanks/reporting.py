"""How long donors wait for thanks: by the month their gifts were posted in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import TruncMonth

from core import clock
from donations.models import Acknowledgement, GiftStatus, ThankedBy, ThanksSettings, ThanksState

MONTHS = 13
_SPOKEN = (ThankedBy.TELEPHONE, ThankedBy.IN_PERSON, ThankedBy.OTHER)


@dataclass(frozen=True, slots=True)
class Month:
    """The gifts posted in a month for which thanks are wanted, and how quickly they came."""

    first: dt.date
    gifts: int
    in_time: int
    late: int
    waiting: int
    letters: int
    emails: int
    spoken: int
    average: dt.timedelta | None

    @property
    def share_in_time(self) -> float | None:
        """The part of the gifts thanked for in time; None while none has been thanked for."""
        return self.in_time / self.gifts if self.gifts else None

    @property
    def average_days(self) -> float | None:
        """How many days donors waited on average who were thanked."""
        return None if self.average is None else round(self.average / dt.timedelta(days=1), 1)


def months(until: dt.date, *, count: int = MONTHS) -> Iterator[Month]:
    """Return the last months up to a day, newest first, in one query; those without a gift are left out."""
    year, month = divmod(until.year * 12 + until.month - count, 12)
    first = dt.date(year, month + 1, 1)
    patience = ThanksSettings.load().patience
    done = Q(state=ThanksState.DONE)
    in_time = done & Q(at__lte=F("since") + patience)
    waited = ExpressionWrapper(F("at") - F("since"), output_field=DurationField())
    rows = (
        Acknowledgement.objects.filter(since__gte=clock.start_of_day(first))
        .exclude(state=ThanksState.NOT_WANTED)
        # What was put in its place brings its thanks along: one gift, counted once.
        .exclude(gift__status=GiftStatus.ADJUSTED)
        .annotate(month=TruncMonth("since", tzinfo=clock.zone()))
        .order_by()
        .values("month")
        .annotate(
            gifts=Count("pk"),
            in_time=Count("pk", filter=in_time),
            thanked=Count("pk", filter=done),
            letters=Count("pk", filter=Q(how=ThankedBy.LETTER)),
            emails=Count("pk", filter=Q(how=ThankedBy.EMAIL)),
            spoken=Count("pk", filter=Q(how__in=_SPOKEN)),
            average=Avg(waited, filter=done),
        )
        .order_by("-month")
    )
    for row in rows:
        yield Month(
            first=clock.local_date(row["month"]),
            gifts=row["gifts"],
            in_time=row["in_time"],
            late=row["thanked"] - row["in_time"],
            waiting=row["gifts"] - row["thanked"],
            letters=row["letters"],
            emails=row["emails"],
            spoken=row["spoken"],
            average=row["average"],
        )
