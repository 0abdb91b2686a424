"""Which dates a recurring gift falls due on, which of them were met, and what that says of it. Reads only."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.clock import local_date
from donations.models import ChangeKind, Gift, RecurringChange, RecurringGift, RecurringStatus
from donations.promises.schedule import Frequency

#: What a change makes of the status; the others leave it.
STATUS_AFTER = {
    ChangeKind.STARTED: RecurringStatus.ACTIVE,
    ChangeKind.PAUSED: RecurringStatus.PAUSED,
    ChangeKind.RESUMED: RecurringStatus.ACTIVE,
    ChangeKind.FAILING: RecurringStatus.FAILING,
    ChangeKind.RECOVERED: RecurringStatus.ACTIVE,
    ChangeKind.LAPSED: RecurringStatus.LAPSED,
    ChangeKind.ENDED: RecurringStatus.ENDED,
}
# What was missed before one of these is forgiven.
_FRESH_START = (ChangeKind.STARTED, ChangeKind.RESUMED, ChangeKind.RECOVERED)
_DAY = dt.timedelta(days=1)


@dataclass(slots=True)
class ExpectedGift:
    """One date a gift is expected on, with the gift that met it."""

    on: dt.date
    amount: Decimal
    gift: Gift | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What dates and gifts together say on a day."""

    status: RecurringStatus
    #: Dates so long ago that somebody should ask, with no gift since.
    missed: int
    next_due_on: dt.date | None
    last_paid_on: dt.date | None
    #: Every date that was to come has come or gone, and no other follows.
    is_over: bool = False
    dates: list[ExpectedGift] = field(default_factory=list)


def expected_dates(
    recurring: RecurringGift, changes: Sequence[RecurringChange], *, until: dt.date
) -> list[ExpectedGift]:
    """Return when a gift is expected from the start to a day; `changes` are in the order they hold."""
    if not changes:  # it has not begun
        return []
    if recurring.ends_on is not None:
        until = min(until, recurring.ends_on)
    dates: list[ExpectedGift] = []
    for change, following in zip(changes, [*changes[1:], None], strict=True):
        last = min(until, following.effective_on - _DAY) if following else until
        if change.is_expected and change.effective_on <= last:
            dates += [ExpectedGift(on, change.amount) for on in change.series.until(last, since=change.effective_on)]
    return dates if recurring.count is None else dates[: recurring.count]


def pair(dates: Sequence[ExpectedGift], gifts: Iterable[Gift], frequency: Frequency) -> None:
    """Give each gift the nearest date that has none yet, within half the time between two dates."""
    days = [each.on for each in dates]
    reach = dt.timedelta(days=max(4, frequency.days // 2))
    for gift in sorted(gifts, key=lambda gift: (gift.received_on, gift.pk)):
        first = bisect_left(days, gift.received_on - reach)
        last = bisect_left(days, gift.received_on + reach + _DAY)
        free = [each for each in dates[first:last] if each.gift is None]
        if free:
            min(free, key=lambda each: (abs(each.on - gift.received_on), each.on)).gift = gift


def next_dates(recurring: RecurringGift, changes: Sequence[RecurringChange], today: dt.date) -> list[ExpectedGift]:
    """Return every date up to the first one after today: a date may be a long way off for a yearly gift."""
    ahead = max(today, recurring.starts_on) + dt.timedelta(days=recurring.frequency.days + 40)
    if planned := [change.effective_on for change in changes if change.is_planned]:
        ahead = max(ahead, max(planned) + dt.timedelta(days=recurring.frequency.days + 40))
    return expected_dates(recurring, changes, until=ahead)


def outlook(
    recurring: RecurringGift,
    changes: Sequence[RecurringChange],
    gifts: Sequence[Gift],
    *,
    today: dt.date,
    failing_days: int,
) -> Outlook:
    """Return how the recurring gift stands on a day, from its dated changes and the gifts that came."""
    dates = next_dates(recurring, changes, today)
    pair(dates, gifts, recurring.frequency)
    met = [number for number, each in enumerate(dates) if each.gift is not None]
    since = max(
        (_counts_from(c, failing_days) for c in changes if c.kind in _FRESH_START and not c.is_planned),
        default=dt.date.min,
    )
    open_ones = [each for each in dates[met[-1] + 1 if met else 0 :] if each.on >= since]
    long_ago = today - dt.timedelta(days=failing_days)
    status = RecurringStatus.ACTIVE
    for change in changes:
        if not change.is_planned:
            status = STATUS_AFTER.get(ChangeKind(change.kind), status)
    whole = recurring.count is not None and len(dates) >= recurring.count and dates[-1].on < long_ago
    ended = recurring.ends_on is not None and recurring.ends_on < today
    return Outlook(
        status=status,
        missed=sum(1 for each in open_ones if each.on < long_ago),
        next_due_on=open_ones[0].on if open_ones else None,
        last_paid_on=max((gift.received_on for gift in gifts), default=None),
        is_over=ended or whole or (recurring.count is not None and len(met) >= recurring.count),
        dates=dates,
    )


def _counts_from(change: RecurringChange, failing_days: int) -> dt.date:
    """Return from when on a date without a gift is one missed: never long before it was written down at all."""
    if change.kind != ChangeKind.STARTED:
        return change.effective_on
    return max(change.effective_on, local_date(change.at) - dt.timedelta(days=failing_days))


def gifts_of(recurring: RecurringGift) -> list[Gift]:
    """Return the gifts of a recurring gift that count."""
    return list(recurring.gifts.counted(dues=True).order_by("received_on", "pk"))


def changes_of(recurring: RecurringGift) -> list[RecurringChange]:
    """Return its dated changes in the order they hold."""
    return list(recurring.changes.order_by("effective_on", "pk"))
