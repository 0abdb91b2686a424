"""A recurring gift starts, changes, pauses, goes on and ends; each leaves a dated row that says by how much."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.merging.signposts import standing
from constituents.models import Constituent
from core import audit, clock
from core.money import Money
from core.theme.figures import day_in_words
from donations.models import (
    ChangeKind,
    Fund,
    Gift,
    RecurringAllocation,
    RecurringChange,
    RecurringGift,
    RecurringKind,
    RecurringStatus,
)
from donations.promises import events
from donations.promises.errors import PaymentError, PromiseError
from donations.promises.refreshing import CHANGES_OF_TERMS, add_change, in_force, locked, refresh
from donations.promises.schedule import LAST_DAY, Frequency, first_on_or_after, is_last_day
from donations.services.gifts import Allocations, check_allocations, default_fund

_PLANS_OF_PAUSES = (ChangeKind.PAUSED, ChangeKind.RESUMED)


@transaction.atomic
def start_recurring(
    *,
    donor: Constituent,
    money: Money,
    frequency: Frequency,
    starts_on: dt.date,
    by: User | None,
    day: int | None = None,
    allocations: Allocations | None = None,
    kind: str = RecurringKind.STANDING_ORDER,
    **details: Any,
) -> RecurringGift:
    """Expect a gift again and again, from the first date on.

    `day` is the day of the month, 31 for the last; left out it is that of the first date, and the last one if that is
    what it is. `details` are further fields such as ends_on, count, reference. Raises what a gift's funds raise.
    """
    donor = standing(donor)
    if frequency.months:
        day = day or (LAST_DAY if is_last_day(starts_on) else starts_on.day)
        starts_on = first_on_or_after(starts_on, day)
    parts = list(allocations) if allocations else [(default_fund(), money.amount)]
    check_allocations(money, parts, starts_on)
    recurring = RecurringGift(
        donor=donor,
        kind=kind,
        amount=money.amount,
        currency=money.currency,
        every=frequency.every,
        unit=frequency.unit,
        day=day or starts_on.day,
        starts_on=starts_on,
        status_since=starts_on,
        **details,
    )
    recurring.full_clean()
    recurring.save()
    write_parts(recurring, parts)
    add_change(recurring, ChangeKind.STARTED, starts_on, by=by, first_due_on=starts_on, is_expected=True)
    refresh(recurring, today=clock.today())
    audit.record("recurring.started", recurring, by=by, new=facts(recurring), about=donor)
    events.announce_recurring(events.STARTED, recurring, key=str(recurring.pk), by=by)
    return recurring


@transaction.atomic
def change_recurring(
    recurring: RecurringGift,
    *,
    by: User | None,
    effective_on: dt.date,
    money: Money | None = None,
    frequency: Frequency | None = None,
    day: int | None = None,
    allocations: Allocations | None = None,
    reason: str = "",
) -> RecurringGift:
    """Change amount, dates or funds from a day on. A day to come makes it a plan that the clock brings into force.

    Without `allocations` the funds share a new amount as they did. Raises PromiseError when it has ended, or nothing
    would change, or it is charged online and more than the funds would; AllocationError, ClosedFundError.
    """
    recurring = locked(recurring)
    if money is not None or frequency is not None or day is not None:
        must_be_ours(recurring)
    _must_be_live(recurring)
    before = facts(recurring)
    if money is not None and money.currency != recurring.currency:
        raise PromiseError(_("A recurring gift keeps its currency: end it, and start another."))
    _drop_plans(recurring, CHANGES_OF_TERMS, since=effective_on)
    now = _in_force_from(recurring, effective_on)
    then = Terms(money.amount if money is not None else now.amount, frequency or now.frequency, day or now.day)
    redated = (then.frequency, then.day) != (now.frequency, now.day)
    if allocations is not None:
        check_allocations(Money(then.amount, recurring.currency), allocations, effective_on)
        if effective_on > clock.today() and money is not None:
            raise PromiseError(_("Change the funds on the day the new amount begins, or from today."))
    elif then.amount == now.amount and not redated:
        raise PromiseError(_("Nothing would change."))
    add_change(
        recurring,
        kind_of_change(now, then.amount, then.frequency, redated),
        effective_on,
        by=by,
        reason=reason,
        amount=then.amount,
        every=then.frequency.every,
        unit=then.frequency.unit,
        day=then.day,
        first_due_on=then.first_due_on(effective_on) if redated else now.first_due_on,
        is_expected=now.is_expected,
    )
    if allocations is not None:
        recurring.allocations.all().delete()
        write_parts(recurring, allocations)
    refresh(recurring, today=clock.today(), by=by)
    new = facts(recurring) | {"effective_on": effective_on, "from_then_on": str(Money(then.amount, recurring.currency))}
    audit.record("recurring.changed", recurring, by=by, old=before, new=new, reason=reason, about=recurring.donor)
    events.announce_change(recurring, by=by)
    return recurring


@dataclass(frozen=True, slots=True)
class Terms:
    """What comes each time, how often, and on which day of the month."""

    amount: Decimal
    frequency: Frequency
    day: int

    def first_due_on(self, day: dt.date) -> dt.date:
        """Return the first date on or after a day on which these terms have something come."""
        return first_on_or_after(day, self.day) if self.frequency.months else day


def _in_force_from(recurring: RecurringGift, day: dt.date) -> RecurringChange:
    """Return the terms a change from a day on would end. Raises PromiseError when they were changed after it."""
    latest = in_force(recurring, clock.today())
    if day < latest.effective_on:
        words = {"day": day_in_words(latest.effective_on, "medium")}
        raise PromiseError(_("It was changed on %(day)s: choose that day or a later one.") % words)
    return in_force(recurring, day)


def kind_of_change(now: RecurringChange, amount: Decimal, frequency: Frequency, redated: bool) -> ChangeKind:
    """Return what a change of terms is called: more, less, other dates or other funds."""
    before, after = now.frequency.a_month(now.amount), frequency.a_month(amount)
    if before == after:
        return ChangeKind.RESCHEDULED if redated else ChangeKind.REDIRECTED
    return ChangeKind.UPGRADED if after > before else ChangeKind.DOWNGRADED


@transaction.atomic
def pause_recurring(
    recurring: RecurringGift, *, by: User | None, reason: str, until: dt.date | None = None
) -> RecurringGift:
    """Expect nothing from today, until a day on which it goes on by itself, or until told.

    Raises PromiseError without a reason, for a day that is not to come, and when it has ended or is charged online.
    """
    recurring = locked(recurring)
    must_be_ours(recurring)
    _must_be_live(recurring)
    _need_reason(reason)
    today = clock.today()
    if until is not None and until <= today:
        raise PromiseError(_("It has to go on after today."))
    _drop_plans(recurring, _PLANS_OF_PAUSES, since=today)
    add_change(recurring, ChangeKind.PAUSED, today, by=by, reason=reason, is_expected=False)
    if until is not None:
        add_change(recurring, ChangeKind.RESUMED, until, by=by, is_expected=True)
    return _changed("recurring.paused", recurring, by, reason, {"until": until})


@transaction.atomic
def resume_recurring(recurring: RecurringGift, *, by: User | None, reason: str = "") -> RecurringGift:
    """Let a recurring gift that is paused, lapsed or ended go on from today.

    Raises PromiseError when it is going on, its last day is over, or it is charged online.
    """
    recurring = locked(recurring)
    must_be_ours(recurring)
    if recurring.status in (RecurringStatus.ACTIVE, RecurringStatus.FAILING):
        raise PromiseError(_("It is going on already."))
    today = clock.today()
    if recurring.ends_on is not None and recurring.ends_on < today:
        raise PromiseError(_("Its last day is over: start a new one."))
    _drop_plans(recurring, _PLANS_OF_PAUSES, since=today)
    add_change(recurring, ChangeKind.RESUMED, today, by=by, reason=reason, is_expected=True)
    return _changed("recurring.resumed", recurring, by, reason, {})


@transaction.atomic
def end_recurring(
    recurring: RecurringGift, *, by: User | None, reason: str, on: dt.date | None = None
) -> RecurringGift:
    """Expect nothing any more, from today or from a day to come.

    Raises PromiseError without a reason, for a day that is over, and when it has ended or is charged online.
    """
    recurring = locked(recurring)
    must_be_ours(recurring)
    if recurring.status == RecurringStatus.ENDED:
        raise PromiseError(_("It has ended already."))
    _need_reason(reason)
    on = on or clock.today()
    if on < clock.today():
        raise PromiseError(_("It cannot end in the past: what was expected until now stays expected."))
    _drop_plans(recurring, [kind for kind in ChangeKind if kind != ChangeKind.STARTED], since=on)
    # One that ends before its first date would begin after it has ended.
    recurring.changes.filter(is_planned=True, kind=ChangeKind.STARTED, effective_on__gt=on).update(
        effective_on=on, is_planned=on > clock.today()
    )
    add_change(recurring, ChangeKind.ENDED, on, by=by, reason=reason, is_expected=False)
    recurring = _changed("recurring.ended", recurring, by, reason, {"on": on})
    if recurring.status == RecurringStatus.ENDED:
        events.announce_recurring(events.ENDED, recurring, key=f"{recurring.pk}:{on}", by=by)
    return recurring


@transaction.atomic
def match_recurring(gift: Gift, *, recurring: RecurringGift, by: User | None) -> Gift:
    """Say that a gift is one of a recurring gift's. Raises PaymentError when it is one of another's, or not here."""
    recurring = locked(recurring)
    must_be_ours(recurring)
    gift = Gift.objects.select_for_update(of=("self",)).select_related("donor").get(pk=gift.pk)
    if not gift.is_counted:
        raise PaymentError(_("Nothing of this gift is here."))
    if gift.recurring_id is not None:
        raise PaymentError(_("This gift belongs to a recurring gift already."))
    if gift.currency != recurring.currency:
        words = {"gift": gift.currency, "promise": recurring.currency}
        raise PaymentError(_("The gift is in %(gift)s, the recurring gift in %(promise)s.") % words)
    gift.recurring = recurring
    gift.save(update_fields=["recurring"])
    refresh(recurring, today=clock.today(), by=by)
    audit.record("recurring.matched", recurring, by=by, new={"gift": str(gift)}, about=recurring.donor)
    return gift


@transaction.atomic
def unmatch_recurring(gift: Gift, *, by: User | None, reason: str) -> Gift:
    """Take a gift out of a recurring gift it was matched to by mistake; it stays a gift.

    Raises PaymentError when it belongs to none, PromiseError when it was charged online.
    """
    if gift.recurring is None:
        raise PaymentError(_("This gift belongs to no recurring gift."))
    recurring = locked(gift.recurring)
    must_be_ours(recurring)
    Gift.objects.filter(pk=gift.pk).update(recurring=None)
    refresh(recurring, today=clock.today(), by=by)
    audit.record(
        "recurring.unmatched", recurring, by=by, old={"gift": str(gift)}, reason=reason, about=recurring.donor
    )  # fmt: skip
    gift.refresh_from_db()
    return gift


# What the verbs share


def _drop_plans(recurring: RecurringGift, kinds: Any, *, since: dt.date) -> None:
    recurring.changes.filter(is_planned=True, kind__in=list(kinds), effective_on__gte=since).delete()


def _changed(verb: str, recurring: RecurringGift, by: User | None, reason: str, new: dict[str, Any]) -> RecurringGift:
    refresh(recurring, today=clock.today(), by=by)
    new = {"status": recurring.status, **new}
    audit.record(verb, recurring, by=by, new=new, reason=reason, about=recurring.donor)
    return recurring


def write_parts(recurring: RecurringGift, parts: Allocations) -> None:
    """Write down how each gift is shared by the funds."""
    RecurringAllocation.objects.bulk_create(
        RecurringAllocation(recurring=recurring, fund=fund, amount=amount) for fund, amount in parts
    )


def must_be_ours(recurring: RecurringGift) -> None:
    """Raise PromiseError for what is charged online: it changes there, and what is charged there are its gifts."""
    if recurring.is_online:
        raise PromiseError(_("This one is charged online: it is changed there."))


def _must_be_live(recurring: RecurringGift) -> None:
    if not recurring.is_live:
        raise PromiseError(_("It has ended or lapsed: let it go on first."))


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise PromiseError(_("Say why."))


def funds_of(recurring: RecurringGift, money: Money) -> list[tuple[Fund, Decimal]]:
    """Return how an amount that comes is shared by the funds."""
    parts = list(recurring.allocations.select_related("fund"))
    shares = money.split([part.amount for part in parts])
    return [(part.fund, share.amount) for part, share in zip(parts, shares, strict=True) if share]


def facts(recurring: RecurringGift) -> dict[str, Any]:
    """Return what the audit keeps of a recurring gift."""
    return {
        "amount": recurring.money.plain,
        "currency": recurring.currency,
        "often": str(recurring.frequency),
        "day": recurring.day,
        "status": recurring.status,
        "funds": {p.fund.code: str(p.amount) for p in recurring.allocations.select_related("fund")},
    }
