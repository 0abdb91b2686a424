"""A recurring gift's row follows its dated changes and the gifts that came; a second time changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, clock
from core.money import quantize
from core.organisation import current_organisation
from donations.models import (
    ChangeKind,
    PromiseSettings,
    RecurringAllocation,
    RecurringChange,
    RecurringGift,
    RecurringStatus,
)
from donations.models.rate import rate_on
from donations.models.recurring import EXPECTING
from donations.promises import events
from donations.promises.expecting import STATUS_AFTER, Outlook, changes_of, gifts_of, outlook

TERMS = ("amount", "every", "unit", "day")
CHANGES_OF_TERMS = (ChangeKind.UPGRADED, ChangeKind.DOWNGRADED, ChangeKind.RESCHEDULED)
_KEPT = [
    *TERMS,
    "status",
    "status_reason",
    "status_since",
    "paused_until",
    "monthly",
    "next_due_on",
    "last_paid_on",
    "missed",
]


def locked(recurring: RecurringGift) -> RecurringGift:
    """Return the recurring gift as it stands, locked until the transaction ends."""
    return RecurringGift.objects.select_for_update(of=("self",)).select_related("donor").get(pk=recurring.pk)


def bring_into_force(recurring: RecurringGift, *, today: dt.date) -> None:
    """Let plans whose day has come be history, and write what holds today into the row (unsaved)."""
    changes = changes_of(recurring)
    for before, change in zip([None, *changes], changes, strict=False):
        if change.is_planned and change.effective_on <= today:
            _make_history(change, before, recurring.currency)
    status, cause, now = RecurringStatus.ACTIVE, changes[0], changes[0]
    for change in (each for each in changes if each.effective_on <= today):
        now = change
        if (after := STATUS_AFTER.get(ChangeKind(change.kind))) is not None and after != status:
            status, cause = after, change
    recurring.status, recurring.status_since = status, cause.effective_on
    is_active = status == RecurringStatus.ACTIVE
    recurring.status_reason = "" if is_active else cause.reason or str(ChangeKind(cause.kind).label)
    goes_on = (c.effective_on for c in changes if c.is_planned and c.kind == ChangeKind.RESUMED)
    recurring.paused_until = next(goes_on, None) if status == RecurringStatus.PAUSED else None
    for name in TERMS:
        setattr(recurring, name, getattr(now, name))
    recurring.monthly = now.monthly_after
    _share_anew(recurring)


def _make_history(change: RecurringChange, before: RecurringChange | None, currency: str) -> None:
    """Let a plan take effect upon what holds by now, which need not be what held when it was made."""
    if before is not None:
        if change.kind in CHANGES_OF_TERMS:
            change.is_expected = before.is_expected
        else:
            for name in (*TERMS, "first_due_on"):
                setattr(change, name, getattr(before, name))
        change.monthly_before = before.monthly_after
    change.monthly_after = monthly_value(currency, change)
    change.is_planned = False
    change.save()


def monthly_value(currency: str, change: RecurringChange) -> Decimal:
    """Return what an average month brings from a change on, in the base currency at today's rate."""
    if not change.is_expected:
        return Decimal(0)
    rate = rate_on(currency, clock.today())
    return quantize(change.frequency.a_month(change.amount) * rate, current_organisation().base_currency)


def _share_anew(recurring: RecurringGift) -> None:
    """Let the funds share a new amount as they shared the old one."""
    parts = list(recurring.allocations.all())
    if not parts or sum((part.amount for part in parts), Decimal(0)) == recurring.amount:
        return
    for part, share in zip(parts, recurring.money.split([part.amount for part in parts]), strict=True):
        part.amount = share.amount
    RecurringAllocation.objects.filter(pk__in=[part.pk for part in parts if not part.amount]).delete()
    RecurringAllocation.objects.bulk_update([part for part in parts if part.amount], ["amount"])


def refresh(recurring: RecurringGift, *, today: dt.date, by: User | None = None) -> RecurringGift:
    """Write how a locked recurring gift stands on a day, and add the rows that follow from what came or did not.

    Of one that is charged online Stripe says whether it fails, is over, and when it is charged next: dates say nothing.
    """
    if not recurring.has_begun:
        return recurring
    rules = PromiseSettings.load()
    bring_into_force(recurring, today=today)
    seen = _look(recurring, today, rules.failing_days)
    if not recurring.is_online and (step := _step(recurring, seen, rules.lapsed_missed)) is not None:
        kind, reason = step
        is_expected = kind in (ChangeKind.FAILING, ChangeKind.RECOVERED)
        day = _day_of(recurring, kind, seen, today)
        add_change(recurring, kind, day, by=by, reason=reason, is_expected=is_expected)
        bring_into_force(recurring, today=today)
        seen = _look(recurring, today, rules.failing_days)
        audit.record(
            f"recurring.{kind}",
            recurring,
            by=by,
            new={"status": recurring.status, "missed": seen.missed},
            reason=reason,
            about=recurring.donor,
        )
        events.announce_step(recurring, kind, today, by=by)
    recurring.missed = 0 if recurring.is_online else seen.missed
    recurring.next_due_on = _next(recurring, seen, today)
    recurring.last_paid_on = seen.last_paid_on
    recurring.save(update_fields=_KEPT)
    return recurring


def _next(recurring: RecurringGift, seen: Outlook, today: dt.date) -> dt.date | None:
    """Return what is waited for: the oldest date that is open, of a pause the first one after it."""
    if recurring.is_online:
        return recurring.next_due_on if recurring.is_live else None
    if recurring.status in EXPECTING:
        return seen.next_due_on
    if recurring.status == RecurringStatus.PAUSED:
        return next((each.on for each in seen.dates if each.on >= today and each.gift is None), None)
    return None


def _look(recurring: RecurringGift, today: dt.date, failing_days: int) -> Outlook:
    gifts = gifts_of(recurring)
    return outlook(recurring, changes_of(recurring), gifts, today=today, failing_days=failing_days)


def _step(recurring: RecurringGift, seen: Outlook, lapsed_missed: int) -> tuple[ChangeKind, str] | None:
    """Return what has become of it by itself, and why; None when nothing has."""
    status = recurring.status
    expecting = status in EXPECTING
    if expecting and seen.is_over:
        return ChangeKind.ENDED, _("It ran its course.")
    if expecting and seen.missed >= lapsed_missed:
        return ChangeKind.LAPSED, _("%(missed)d in a row did not come.") % {"missed": seen.missed}
    if status == RecurringStatus.ACTIVE and seen.missed:
        return ChangeKind.FAILING, _("What was expected on %(day)s has not come.") % {"day": seen.next_due_on}
    came_back = seen.last_paid_on is not None and seen.last_paid_on >= recurring.status_since
    stopped = status in (RecurringStatus.FAILING, RecurringStatus.LAPSED)
    if stopped and (came_back or not seen.missed):
        return ChangeKind.RECOVERED, _("It came again.")
    return None


def _day_of(recurring: RecurringGift, kind: ChangeKind, seen: Outlook, today: dt.date) -> dt.date:
    if kind == ChangeKind.RECOVERED and seen.last_paid_on is not None:
        return min(today, max(recurring.status_since, seen.last_paid_on))
    return today


def add_change(
    recurring: RecurringGift,
    kind: ChangeKind,
    effective_on: dt.date,
    *,
    by: User | None,
    is_expected: bool,
    reason: str = "",
    **terms: Any,
) -> RecurringChange:
    """Add a dated row; terms that are left out stay as they are on that day."""
    held = in_force(recurring, effective_on) if kind != ChangeKind.STARTED else None
    for name in TERMS:
        terms.setdefault(name, getattr(held or recurring, name))
    if held is not None:
        terms.setdefault("first_due_on", held.first_due_on)
    change = RecurringChange(
        recurring=recurring,
        kind=kind,
        effective_on=effective_on,
        is_expected=is_expected,
        is_planned=effective_on > clock.today(),
        reason=reason.strip()[:500],
        at=clock.now(),
        by=by,
        monthly_before=held.monthly_after if held is not None else Decimal(0),
        **terms,
    )
    change.monthly_after = monthly_value(recurring.currency, change)
    change.full_clean()
    change.save()
    return change


def in_force(recurring: RecurringGift, day: dt.date) -> RecurringChange:
    """Return the last change that holds by a day; before its start, the start."""
    changes = changes_of(recurring)
    return next((change for change in reversed(changes) if change.effective_on <= day), changes[0])


def refresh_all(keys: Iterable[int], *, today: dt.date, by: User | None = None) -> None:
    """Refresh several, each under its lock, in the order of their keys."""
    for recurring in RecurringGift.objects.select_for_update(of=("self",)).select_related("donor").filter(
        pk__in=list(keys)
    ).order_by("pk"):  # fmt: skip
        refresh(recurring, today=today, by=by)
