"""Promises: whoever gives every month has a standing order behind it; some pledged, and keep it more or less."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import median_low

from constituents.models import Constituent
from core import clock
from core.demo import DemoPlan
from core.money import Money
from donations.models import (
    Campaign,
    ChangeKind,
    Fund,
    Gift,
    GiftSource,
    Instalment,
    Method,
    Pledge,
    PledgeAllocation,
    PledgePayment,
    PledgeReminder,
    PledgeStatus,
    RecurringAllocation,
    RecurringChange,
    RecurringGift,
    RecurringStatus,
    ReminderHow,
    WriteOff,
)
from donations.promises.expecting import outlook
from donations.promises.pledging import even_instalments
from donations.promises.schedule import Frequency, Unit
from donations.services.bulk import NewGift, post_gifts
from office.demo.campaigns import running_on
from office.demo.setting import currency

_PATIENCE, _LAPSED = 10, 3
_REASONS = ["Asked us to stop for now", "Retired; gives once a year instead", "Moved away"]
_GIVEN_UP = ["Lost her job; we wished her well.", "Business closed.", "Died; the family asked us to stop."]
# Total, parts, and what they are counted in.
_SHAPES = [
    (600, 12, Unit.MONTH),
    (1_200, 12, Unit.MONTH),
    (1_000, 4, Unit.QUARTER),
    (2_400, 8, Unit.QUARTER),
    (3_000, 3, Unit.YEAR),
    (5_000, 2, Unit.YEAR),
]


def add_promises(plan: DemoPlan) -> dict[str, int]:
    """Put standing orders behind the monthly gifts, and pledges beside them."""
    return {"recurring gifts": _add_recurring(plan), "pledges": _add_pledges(plan)}


# Recurring gifts


def _add_recurring(plan: DemoPlan) -> int:
    rng = plan.random("recurring")
    rows: list[RecurringGift] = []
    changes: list[RecurringChange] = []
    parts: list[RecurringAllocation] = []
    links: list[Gift] = []
    for gifts in _monthly_runs():
        recurring = _standing_order(gifts)
        added = _changes_of(rng, recurring, gifts, plan.today)
        _stand(recurring, added, gifts, plan.today)
        for gift in gifts:
            gift.recurring = recurring
        rows.append(recurring)
        changes += added
        links += gifts
        fund = max(gifts[-1].allocations.all(), key=lambda part: part.amount).fund
        parts.append(RecurringAllocation(recurring=recurring, fund=fund, amount=recurring.amount))
    RecurringGift.objects.bulk_create(rows, batch_size=1_000)
    RecurringChange.objects.bulk_create(changes, batch_size=1_000)
    RecurringAllocation.objects.bulk_create(parts, batch_size=1_000)
    Gift.objects.bulk_update(links, ["recurring"], batch_size=2_000)
    return len(rows)


def _monthly_runs() -> Iterable[list[Gift]]:
    """Return the gifts of everyone who gave in each month of a year, from the first such January on."""
    by_donor: dict[int, list[Gift]] = defaultdict(list)
    gifts = Gift.objects.counted().filter(method__in=[Method.TRANSFER, Method.CARD, Method.CHEQUE])
    for gift in gifts.prefetch_related("allocations__fund").order_by("donor", "received_on", "pk"):
        by_donor[gift.donor_id].append(gift)
    for given in by_donor.values():
        days = {(gift.received_on.year, gift.received_on.month) for gift in given}
        years: dict[int, int] = defaultdict(int)
        for year, _month in days:
            years[year] += 1
        if max(years.values()) >= 10:
            yield given


def _standing_order(gifts: list[Gift]) -> RecurringGift:
    first, last = gifts[0], gifts[-1]
    return RecurringGift(
        donor_id=first.donor_id,
        amount=median_low(gift.amount for gift in gifts[-12:]),
        currency=first.currency,
        every=1,
        unit=Unit.MONTH,
        day=last.received_on.day,
        starts_on=first.received_on,
        method=Method.TRANSFER,
        reference=f"HL {first.donor_id:06d}",
        status_since=first.received_on,
    )


def _changes_of(
    rng: random.Random, recurring: RecurringGift, gifts: list[Gift], today: dt.date
) -> list[RecurringChange]:
    """Begin with what came first; where the amount of the last year is another, it was changed in its January."""
    before = median_low(gift.amount for gift in gifts[:12])
    rows = [_change(recurring, ChangeKind.STARTED, recurring.starts_on, before, Decimal(0))]
    january = dt.date(gifts[-1].received_on.year, 1, 1)
    if before != recurring.amount and january > recurring.starts_on:
        kind = ChangeKind.UPGRADED if recurring.amount > before else ChangeKind.DOWNGRADED
        rows.append(_change(recurring, kind, january, recurring.amount, before, "Answered the new year’s letter"))
    else:
        recurring.amount = before
    if recurring.amount >= 10 and gifts[-1].received_on > today - dt.timedelta(days=25) and rng.random() < 0.04:
        more = recurring.amount + 5
        next_month = (today.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        planned = _change(recurring, ChangeKind.UPGRADED, next_month, more, recurring.amount, "Asked on the telephone")
        planned.is_planned = True
        rows.append(planned)
    return rows


def _change(
    recurring: RecurringGift, kind: str, day: dt.date, amount: Decimal, before: Decimal, reason: str = ""
) -> RecurringChange:
    is_over = kind in (ChangeKind.LAPSED, ChangeKind.ENDED)
    return RecurringChange(
        recurring=recurring,
        kind=kind,
        effective_on=day,
        amount=amount,
        every=1,
        unit=Unit.MONTH,
        day=recurring.day,
        first_due_on=recurring.starts_on.replace(day=min(recurring.day, 28)),
        is_expected=not is_over,
        monthly_before=before,
        monthly_after=Decimal(0) if is_over else amount,
        reason=reason,
        at=clock.start_of_day(day) + dt.timedelta(hours=11),
    )


def _stand(recurring: RecurringGift, changes: list[RecurringChange], gifts: list[Gift], today: dt.date) -> None:
    """Let it stand as the clock would have left it."""
    seen = outlook(recurring, changes, gifts, today=today, failing_days=_PATIENCE)
    recurring.monthly = recurring.amount
    recurring.missed, recurring.next_due_on, recurring.last_paid_on = seen.missed, seen.next_due_on, seen.last_paid_on
    if not seen.missed or seen.next_due_on is None:
        return
    day, amount = min(today, seen.next_due_on + dt.timedelta(days=_PATIENCE + 1)), recurring.amount
    why = "What was expected has not come."
    recurring.status, recurring.status_since, recurring.status_reason = RecurringStatus.FAILING, day, why
    if seen.missed < _LAPSED:
        changes.append(_change(recurring, ChangeKind.FAILING, day, amount, amount, why))
        return
    ended = recurring.last_paid_on is not None and recurring.last_paid_on.toordinal() % 3 == 0
    kind = ChangeKind.ENDED if ended else ChangeKind.LAPSED
    why = _REASONS[recurring.donor_id % len(_REASONS)] if ended else "3 in a row did not come."
    day = min(today, day + dt.timedelta(days=61))
    changes[:] = [change for change in changes if not change.is_planned]
    changes.append(_change(recurring, kind, day, amount, amount, why))
    recurring.status = RecurringStatus.ENDED if ended else RecurringStatus.LAPSED
    recurring.status_since, recurring.status_reason = day, why
    recurring.monthly, recurring.next_due_on = Decimal(0), None


# Pledges


@dataclass(slots=True)
class _Pledged:
    """A pledge on its way into the books, with its parts and the gifts that came of it."""

    pledge: Pledge
    fund: Fund
    instalments: list[Instalment]
    payments: list[tuple[Instalment, NewGift]]


def _add_pledges(plan: DemoPlan) -> int:
    rng = plan.random("pledges")
    known = Constituent.objects.filter(giving__gift_count__gte=2, is_deceased=False)
    donors = list(known.order_by("-giving__lifetime", "pk")[: max(24, plan.people // 40)])
    chosen = sorted(rng.sample(donors, max(1, len(donors) // 2)), key=lambda donor: donor.pk)
    funds, campaigns = list(Fund.objects.order_by("pk")), list(Campaign.objects.order_by("-starts_on"))
    made = [_pledged(rng, plan, donor, number, funds, campaigns) for number, donor in enumerate(chosen, start=1)]
    pledges = [one.pledge for one in made]
    instalments = [row for one in made for row in one.instalments]
    post_gifts([gift for one in made for _row, gift in one.payments], by=None, audited=False)
    Pledge.objects.bulk_create(pledges, batch_size=1_000)
    Instalment.objects.bulk_create(instalments, batch_size=1_000)
    PledgeAllocation.objects.bulk_create(
        PledgeAllocation(pledge=one.pledge, fund=one.fund, amount=one.pledge.amount) for one in made
    )
    PledgePayment.objects.bulk_create(
        PledgePayment(instalment=row, gift=new.gift, amount=row.amount, applied_at=new.gift.posted_at or clock.now())
        for one in made
        for row, new in one.payments
    )
    _give_up_some(rng, pledges, instalments, plan.today)
    _remind(instalments, plan.today)
    return len(pledges)


def _pledged(
    rng: random.Random, plan: DemoPlan, donor: Constituent, number: int, funds: list[Fund], campaigns: list[Campaign]
) -> _Pledged:
    total, count, unit = rng.choice(_SHAPES)
    fund = rng.choice(funds)
    pledged_on = plan.today - dt.timedelta(days=rng.randrange(20, 600))
    money = Money(Decimal(total), currency())
    pledge = Pledge(
        donor=donor,
        amount=money.amount,
        currency=currency(),
        pledged_on=pledged_on,
        reference=f"P{number:05d}",
        campaign=running_on(campaigns, pledged_on),
    )
    first = pledged_on + dt.timedelta(days=rng.choice([10, 20, 30]))
    dues = even_instalments(money, first=first, frequency=Frequency(1, unit), number=count)
    rows = [
        Instalment(pledge=pledge, number=place, due_on=due.on, amount=due.amount)
        for place, due in enumerate(dues, start=1)
    ]
    over = [row for row in rows if row.due_on <= plan.today]
    # Most keep it to the day; every fifth is a part behind, and some of these two.
    behind = 0 if number % 5 else 1 + number % 2
    payments = []
    for row in over[: max(0, len(over) - behind)]:
        payments.append((row, _payment(rng, pledge, row, fund, plan.today)))
        row.paid_amount = row.amount
    return _Pledged(_settled(pledge, rows), fund, rows, payments)


def _payment(rng: random.Random, pledge: Pledge, row: Instalment, fund: Fund, today: dt.date) -> NewGift:
    day = min(today, row.due_on + dt.timedelta(days=rng.randrange(-3, 5)))
    gift = Gift(
        donor=pledge.donor,
        amount=row.amount,
        currency=currency(),
        received_on=day,
        method=Method.TRANSFER,
        reference=pledge.reference,
        campaign=pledge.campaign,
        source=GiftSource.STAFF,
        posted_at=clock.start_of_day(day) + dt.timedelta(hours=12),
    )
    return NewGift(gift, [(fund, row.amount)])


def _settled(pledge: Pledge, rows: list[Instalment]) -> Pledge:
    pledge.paid_amount = sum((row.paid_amount for row in rows), Decimal(0))
    pledge.next_due_on = next((row.due_on for row in rows if not row.paid_amount), None)
    pledge.status = PledgeStatus.OPEN if pledge.next_due_on else PledgeStatus.FULFILLED
    return pledge


def _give_up_some(rng: random.Random, pledges: list[Pledge], rows: list[Instalment], today: dt.date) -> None:
    """Write off the rest of a few that are overdue, with a reason."""
    overdue = [pledge for pledge in pledges if pledge.next_due_on and pledge.next_due_on < today]
    given_up = {pledge.pk: rng.choice(_GIVEN_UP) for pledge in overdue[: max(1, len(overdue) // 6)]}
    gone = [row for row in rows if row.pledge_id in given_up and not row.paid_amount]
    for row in gone:
        row.written_off_amount = row.amount
    WriteOff.objects.bulk_create(
        WriteOff(
            instalment=row, amount=row.amount, written_off_on=today, reason=given_up[row.pledge_id], at=clock.now()
        )
        for row in gone
    )
    Instalment.objects.bulk_update(gone, ["written_off_amount"], batch_size=500)
    for pledge in overdue:
        if pledge.pk in given_up:
            pledge.written_off_amount = pledge.amount - pledge.paid_amount
            pledge.next_due_on, pledge.status = None, PledgeStatus.WRITTEN_OFF
    Pledge.objects.bulk_update(overdue, ["written_off_amount", "next_due_on", "status"], batch_size=500)


def _remind(rows: list[Instalment], today: dt.date) -> None:
    """Leave the reminders of what is overdue as the clock would have: by e-mail, or on the list of letters."""
    week = dt.timedelta(days=7)
    late = [row for row in rows if not row.paid_amount and not row.written_off_amount and row.due_on + week <= today]
    PledgeReminder.objects.bulk_create(
        PledgeReminder(
            instalment=row,
            days=7,
            how=ReminderHow.EMAIL if row.pledge.donor.primary_email else ReminderHow.LETTER,
            raised_on=row.due_on + week,
            done_at=clock.start_of_day(row.due_on + week) if row.pledge.donor.primary_email else None,
        )
        for row in late
    )
