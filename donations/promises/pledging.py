"""A pledge is made, and what is still to come of it is put on other days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.merging.signposts import standing
from constituents.models import Constituent
from core import audit
from core.money import Money, quantize
from donations.models import Fund, Instalment, Pledge, PledgeAllocation
from donations.promises import events
from donations.promises.errors import PromiseError, ScheduleError
from donations.promises.schedule import Frequency, due_dates
from donations.promises.settling import locked, settle
from donations.services.gifts import Allocations, check_allocations, default_fund

#: More instalments than this are a slip of the keyboard: weekly for twenty years.
MOST = 1_040


class Due(NamedTuple):
    """One part of a schedule: when, and how much in the pledge's currency."""

    on: dt.date
    amount: Decimal


def even_instalments(money: Money, *, first: dt.date, frequency: Frequency, number: int) -> list[Due]:
    """Return a schedule of so many equal parts; what does not divide goes to the earliest, a cent each.

    Raises ScheduleError for no part or too many, and for an amount that has not a cent for each.
    """
    if not 0 < number <= MOST:
        raise ScheduleError(_("A pledge has between 1 and %(most)d instalments.") % {"most": MOST})
    parts = money.split([1] * number)
    if not parts[-1]:
        raise ScheduleError(_("%(money)s is too little for %(number)d parts.") % {"money": money, "number": number})
    return [Due(on, part.amount) for on, part in zip(due_dates(first, frequency, number), parts, strict=True)]


@transaction.atomic
def pledge_gift(
    *,
    donor: Constituent,
    money: Money,
    pledged_on: dt.date,
    instalments: Sequence[Due],
    by: User | None,
    allocations: Allocations | None = None,
    **details: Any,
) -> Pledge:
    """Write down a promise of a total, due in parts that add up to it.

    `allocations` are (fund, amount) and add up to the total too; left out, it is for the default fund. `details` are
    further fields of Pledge. Raises ScheduleError, AllocationError, ClosedFundError, NoFundError or ValidationError.
    """
    donor = standing(donor)
    parts = list(allocations) if allocations else [(default_fund(), money.amount)]
    check_allocations(money, parts, pledged_on)
    check_schedule(money, instalments)
    pledge = Pledge(
        donor=donor,
        amount=money.amount,
        currency=money.currency,
        pledged_on=pledged_on,
        next_due_on=min(due.on for due in instalments),
        **details,
    )
    pledge.full_clean()
    pledge.save()
    if not pledge.reference:
        pledge.reference = f"P{pledge.pk:05d}"
        pledge.full_clean()
        pledge.save(update_fields=["reference"])
    PledgeAllocation.objects.bulk_create(
        PledgeAllocation(pledge=pledge, fund=fund, amount=amount) for fund, amount in parts
    )
    _write_schedule(pledge, instalments)
    audit.record("pledge.made", pledge, by=by, new=facts(pledge), about=donor)
    events.announce_pledge(pledge, by=by)
    return pledge


def check_schedule(money: Money, instalments: Sequence[Due]) -> None:
    """Raise ScheduleError unless the parts are a schedule of the amount."""
    if not instalments:
        raise ScheduleError(_("Say when it falls due."))
    if len(instalments) > MOST:
        raise ScheduleError(_("A pledge has between 1 and %(most)d instalments.") % {"most": MOST})
    if any(due.amount <= 0 or due.amount != quantize(due.amount, money.currency) for due in instalments):
        raise ScheduleError(_("Each instalment is more than nothing, in whole units of %(code)s.") % {
            "code": money.currency
        })  # fmt: skip
    total = Money(sum((due.amount for due in instalments), Decimal(0)), money.currency)
    if total != money:
        words = {"total": total, "money": money}
        raise ScheduleError(_("The instalments add up to %(total)s, but it is %(money)s.") % words)


def _write_schedule(pledge: Pledge, instalments: Sequence[Due]) -> None:
    Instalment.objects.bulk_create(
        Instalment(pledge=pledge, number=number, due_on=due.on, amount=due.amount)
        for number, due in enumerate(sorted(instalments), start=1)
    )


@transaction.atomic
def change_schedule(pledge: Pledge, *, instalments: Sequence[Due], by: User | None, reason: str) -> Pledge:
    """Put what is still to come on other days. What was paid or written off stays as it is.

    An instalment that is partly settled is cut to that part. Should the new parts come to more or less than what was
    still to come, the donor promises that much more or less: total and funds follow.
    Raises PromiseError when nothing is to come, ScheduleError when the parts are none.
    """
    pledge = locked(pledge)
    if not pledge.is_open:
        raise PromiseError(_("Nothing of this pledge is still to come."))
    rest = Money(sum((due.amount for due in instalments), Decimal(0)), pledge.currency)
    check_schedule(rest, instalments)
    before = facts(pledge)
    _promise(pledge, pledge.money - pledge.left + rest)
    _reschedule(pledge, sorted(instalments))
    settle(pledge)
    audit.record(
        "pledge.rescheduled", pledge, by=by, old=before, new=facts(pledge), reason=reason, about=pledge.donor
    )  # fmt: skip
    return pledge


def _promise(pledge: Pledge, money: Money) -> None:
    """Let the pledge be of another total; its funds share it as they did."""
    if money == pledge.money:
        return
    parts = list(pledge.allocations.all())
    for part, share in zip(parts, money.split([part.amount for part in parts]), strict=True):
        part.amount = share.amount
    PledgeAllocation.objects.filter(pk__in=[part.pk for part in parts if not part.amount]).delete()
    PledgeAllocation.objects.bulk_update([part for part in parts if part.amount], ["amount"])
    pledge.amount = money.amount
    pledge.save(update_fields=["amount"])


def _reschedule(pledge: Pledge, dues: Sequence[Due]) -> None:
    """Cut what is partly settled, write the new parts into the rows that are open, and number all by date."""
    everything = list(pledge.instalments.prefetch_related("payments", "write_offs", "reminders"))
    settled: list[Instalment] = []
    free: list[Instalment] = []
    for instalment in everything:
        instalment.amount -= instalment.left_amount
        (settled if instalment.amount else free).append(instalment)
    # Rows that tell of a payment that went back, or of a write-off taken back, are used again before any is dropped.
    free.sort(key=lambda row: (not row.write_offs.all(), not row.payments.all(), row.number))
    kept, surplus = free[: len(dues)], free[len(dues) :]
    needed = sum(bool(row.write_offs.all()) for row in free)
    if needed > len(dues):
        words = _("Keep at least %(count)d instalments: write-offs that were taken back stay on record with theirs.")
        raise ScheduleError(words % {"count": needed})
    for row in surplus:
        row.payments.all().delete()
    Instalment.objects.filter(pk__in=[row.pk for row in surplus]).delete()
    for row in kept:
        row.reminders.all().delete()  # of another day
    # What hangs on a row keeps its place in time: the rows used again, in their own order, take the dates in order.
    for row, due in zip(sorted(kept, key=lambda row: row.number), dues, strict=False):
        row.due_on, row.amount = due
    added = [Instalment(pledge=pledge, due_on=due.on, amount=due.amount) for due in dues[len(kept) :]]
    rows = sorted([*settled, *kept, *added], key=lambda row: (row.due_on, row.pk or MOST))
    # The old numbers make way before the new ones are given, so that no two rows share one on the way.
    for number, row in enumerate(rows, start=1):
        row.number = 2 * MOST + number
    Instalment.objects.bulk_update([*settled, *kept], ["number", "due_on", "amount"], batch_size=500)
    for number, row in enumerate(rows, start=1):
        row.number = number
    Instalment.objects.bulk_update([*settled, *kept], ["number"], batch_size=500)
    Instalment.objects.bulk_create(added)


def facts(pledge: Pledge) -> dict[str, Any]:
    """Return what the audit keeps of a pledge: its total, its funds, its schedule."""
    funds = pledge.allocations.select_related("fund").order_by("pk")
    return {
        "amount": pledge.money.plain,
        "currency": pledge.currency,
        "pledged_on": pledge.pledged_on,
        "funds": {part.fund.code: str(part.amount) for part in funds},
        "instalments": [
            f"{due_on.isoformat()} {quantize(amount, pledge.currency)}"
            for due_on, amount in pledge.instalments.order_by("number").values_list("due_on", "amount")
        ],
    }


def funds_of(pledge: Pledge, money: Money) -> list[tuple[Fund, Decimal]]:
    """Return how an amount that pays the pledge is shared by its funds."""
    parts = list(pledge.allocations.select_related("fund"))
    shares = money.split([part.amount for part in parts])
    return [(part.fund, share.amount) for part, share in zip(parts, shares, strict=True) if share]
