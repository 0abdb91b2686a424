"""A recurring gift that is charged online follows what is charged; a second time changes nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, clock
from core.money import Money
from donations.models import ChangeKind, RecurringChange, RecurringGift, RecurringStatus
from donations.promises import events
from donations.promises.refreshing import add_change, changes_of, in_force, locked, refresh
from donations.promises.schedule import Frequency
from donations.promises.setting_up import begin_recurring
from donations.promises.standing import facts, kind_of_change

_STEPS = {
    RecurringStatus.PAUSED: ChangeKind.PAUSED,
    RecurringStatus.FAILING: ChangeKind.FAILING,
    RecurringStatus.LAPSED: ChangeKind.LAPSED,
    RecurringStatus.ENDED: ChangeKind.ENDED,
}


@dataclass(frozen=True, slots=True)
class Charged:
    """What is charged of a recurring gift, and how that stands, in our words."""

    status: RecurringStatus
    money: Money
    frequency: Frequency
    began_on: dt.date
    #: The day charges count from: its day of the month is that of every charge.
    counts_from: dt.date
    next_on: dt.date | None = None
    #: When it goes on by itself, of one that is paused.
    resumes_on: dt.date | None = None
    #: When it will end by itself.
    ends_on: dt.date | None = None
    #: When the status began; left out: today.
    since: dt.date | None = None
    #: Who caused it, and why; of what nobody here asked for, nobody.
    by: User | None = None
    reason: str = ""


@transaction.atomic
def follow(recurring: RecurringGift, charged: Charged) -> RecurringGift:
    """Write down as dated changes what is charged otherwise than before; returns the recurring gift as it stands."""
    recurring = locked(recurring)
    if not recurring.has_begun:
        recurring = locked(begin_recurring(recurring, on=charged.began_on, by=charged.by))
    _follow_terms(recurring, charged)
    _follow_status(recurring, charged)
    _follow_plans(recurring, charged)
    recurring.next_due_on = charged.next_on
    return refresh(recurring, today=clock.today(), by=charged.by)


def _follow_terms(recurring: RecurringGift, charged: Charged) -> None:
    """Note another amount, rhythm or day; what is over keeps the terms it had."""
    if charged.status in (RecurringStatus.ENDED, RecurringStatus.LAPSED):
        return
    now = in_force(recurring, clock.today())
    day = charged.counts_from.day
    redated = (charged.frequency, day) != (now.frequency, now.day) or _counts_anew(now, charged)
    if charged.money.amount == now.amount and not redated:
        return
    before = facts(recurring)
    kind = kind_of_change(now, charged.money.amount, charged.frequency, redated)
    add_change(
        recurring,
        kind,
        _today_or_later(recurring),
        by=charged.by,
        reason=charged.reason,
        amount=charged.money.amount,
        every=charged.frequency.every,
        unit=charged.frequency.unit,
        day=day,
        first_due_on=charged.counts_from if redated else now.first_due_on,
        is_expected=now.is_expected,
    )
    recurring = refresh(recurring, today=clock.today(), by=charged.by)
    audit.record(
        "recurring.changed",
        recurring,
        by=charged.by,
        old=before,
        new=facts(recurring),
        reason=charged.reason,
        about=recurring.donor,
    )
    events.announce_change(recurring, by=charged.by)


def _counts_anew(now: RecurringChange, charged: Charged) -> bool:
    """Return whether the day is the same and the month another: of a yearly gift moved from May to August."""
    months = charged.frequency.months
    if months <= 1:
        return False
    first, new = now.first_due_on, charged.counts_from
    return bool((new.year * 12 + new.month - first.year * 12 - first.month) % months)


def _follow_status(recurring: RecurringGift, charged: Charged) -> None:
    if charged.status == recurring.status:
        return
    kind = _STEPS.get(charged.status)
    if kind is None:
        stopped = recurring.status in (RecurringStatus.FAILING, RecurringStatus.LAPSED)
        kind = ChangeKind.RECOVERED if stopped else ChangeKind.RESUMED
    is_over = kind in (ChangeKind.ENDED, ChangeKind.LAPSED)
    _drop_plans(recurring, list(ChangeKind) if is_over else [ChangeKind.RESUMED, ChangeKind.PAUSED])
    on = max(charged.since or clock.today(), _latest_day(recurring))
    is_expected = kind not in (ChangeKind.PAUSED, ChangeKind.LAPSED, ChangeKind.ENDED)
    reason = charged.reason or (_("It is charged again.") if kind == ChangeKind.RECOVERED else "")
    add_change(recurring, kind, on, by=charged.by, reason=reason, is_expected=is_expected)
    refresh(recurring, today=clock.today(), by=charged.by)
    audit.record(
        f"recurring.{kind}",
        recurring,
        by=charged.by,
        new={"status": recurring.status},
        reason=reason,
        about=recurring.donor,
    )
    if not recurring.is_replaced:  # it goes on as another: nobody has left
        events.announce_step(recurring, kind, on, by=charged.by)


def _follow_plans(recurring: RecurringGift, charged: Charged) -> None:
    """Plan when a pause ends by itself, and when the whole does."""
    until = recurring.paused_until
    _plan(recurring, ChangeKind.RESUMED, charged.resumes_on, is_expected=True, charged=charged)
    _plan(recurring, ChangeKind.ENDED, charged.ends_on, is_expected=False, charged=charged)
    if recurring.status == RecurringStatus.PAUSED and until is not None and charged.resumes_on is None:
        _pause_for_good(recurring, charged)


def _pause_for_good(recurring: RecurringGift, charged: Charged) -> None:
    """Note that a pause lost its end: paused anew, from today and until told. The donor counted on that day."""
    on = _today_or_later(recurring)
    add_change(recurring, ChangeKind.PAUSED, on, by=charged.by, reason=charged.reason, is_expected=False)


def _plan(
    recurring: RecurringGift, kind: ChangeKind, on: dt.date | None, *, is_expected: bool, charged: Charged
) -> None:
    planned = recurring.changes.filter(is_planned=True, kind=kind)
    if on is None or on <= clock.today():
        planned.delete()
        return
    if not planned.filter(effective_on=on).exists():
        planned.delete()
        add_change(recurring, kind, on, by=charged.by, reason=charged.reason, is_expected=is_expected)


def _drop_plans(recurring: RecurringGift, kinds: list[ChangeKind]) -> None:
    recurring.changes.filter(is_planned=True, kind__in=kinds).delete()


def _latest_day(recurring: RecurringGift) -> dt.date:
    """Return the day of the last change that is history: nothing is written down before it."""
    return max(change.effective_on for change in changes_of(recurring) if not change.is_planned)


def _today_or_later(recurring: RecurringGift) -> dt.date:
    return max(clock.today(), _latest_day(recurring))
