"""Gather what can be claimed under a declaration, send it; withdraw what HMRC refused. Payment: `claims.py`.

A claim is gathered as a draft, whose gifts no other claim can take. Sending it freezes its rows; the files are drawn
from them outside any lock (`files.py`). Only gifts whose row is complete go with it, the others wait for the next one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, clock
from core.money import Money
from donations.errors import GiftAidError
from donations.gift_aid.claims import locked_draft, locked_unpaid, mark_withdrawn, one_at_a_time
from donations.gift_aid.eligibility import Portion, gift_aid_is_on, portions_of
from donations.gift_aid.rules import Reason
from donations.gift_aid.schedule import Mend, Schedule, ScheduleRow, schedule_of
from donations.gift_aid.tax import basic_rate, tax_on
from donations.gift_aid.years import first_claimable_day
from donations.models import (
    ClaimLine,
    ClaimRow,
    ClaimState,
    Gift,
    GiftAidClaim,
    GiftAidDeclaration,
    GiftAidSettings,
    Grouping,
    JointShare,
    Method,
    OwedBack,
    SmallClaimLine,
)
from donations.models.gift import COUNTED_STATUSES, GiftQuerySet
from donations.models.hmrc_claim import CURRENCY

_STEP = 1_000
_NEVER = (Method.IN_KIND, Method.SECURITIES, Method.PAYROLL, Method.DONOR_ADVISED_FUND)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a claim would hold if it were gathered now."""

    lines: list[ClaimLine]
    schedule: Schedule
    owed_back: Decimal
    held_back: list[Mend]

    @property
    def gifts_money(self) -> Money:
        """What the donors gave, of the rows that are complete."""
        return Money(self.schedule.amount, CURRENCY)

    @property
    def tax_money(self) -> Money:
        """What would be claimed on it."""
        return Money(tax_of(self.schedule.rows), CURRENCY)


def candidates(up_to: dt.date) -> GiftQuerySet:
    """Return the gifts up to a day that could be claimed, as far as the database can tell; the rules have the word."""
    period = GiftAidSettings.load().period
    declared = GiftAidDeclaration.objects.filter(donor=OuterRef("donor"))
    shared = JointShare.objects.filter(gift=OuterRef("pk"), person__gift_aid_declarations__isnull=False)
    claimed = ClaimLine.objects.filter(gift=OuterRef("pk"), is_live=True, share__isnull=True)
    topped_up = SmallClaimLine.objects.filter(gift=OuterRef("pk"), is_live=True, is_final=True)
    return (
        Gift.objects.filter(Q(Exists(declared)) | Q(Exists(shared)), ~Exists(claimed), ~Exists(topped_up))
        .filter(status__in=COUNTED_STATUSES, net_base_amount__gt=0, small_collection=None)
        .exclude(method__in=_NEVER)
        .between(first_claimable_day(clock.today(), period), up_to)
        .select_related("donor")
        .order_by("donor__sort_name", "donor", "received_on", "pk")
    )


def claimable(up_to: dt.date) -> Iterator[Portion]:
    """Yield the gifts and shares up to a day whose tax can be claimed today, by name of donor."""
    step: list[Gift] = []
    for gift in candidates(up_to).iterator(_STEP):
        step.append(gift)
        if len(step) == _STEP:
            yield from (portion for portion in portions_of(step) if portion.verdict.is_eligible)
            step = []
    yield from (portion for portion in portions_of(step) if portion.verdict.is_eligible)


def held_back(up_to: dt.date) -> list[Mend]:
    """Return the gifts up to a day that wait for their donor's declaration to be completed or confirmed."""
    unready = GiftAidDeclaration.objects.standing().unready().select_related("donor")
    by_donor = {declaration.donor_id: declaration for declaration in unready}
    gifts = candidates(up_to).filter(donor__in=list(by_donor))
    return [
        Mend.of(ClaimLine(gift=portion.gift, declaration=by_donor[portion.person.pk], amount=portion.claimable_amount))
        for portion in portions_of(gifts)
        if portion.verdict.reason in (Reason.NO_ADDRESS, Reason.UNCONFIRMED) and portion.person.pk in by_donor
    ]


def preview_claim(*, up_to: dt.date, grouping: str = Grouping.GIFT, aggregates: bool = False) -> Preview:
    """Return what a claim up to a day would hold; writes nothing."""
    lines = _lines(claimable(up_to))
    schedule = schedule_of(
        lines, grouping=grouping, aggregates=aggregates, rows_per_file=GiftAidSettings.load().rows_per_file
    )
    owed, _settled = _to_give_back(tax_of(schedule.rows))
    return Preview(lines, schedule, owed, held_back(up_to))


def _lines(portions: Iterable[Portion], claim: GiftAidClaim | None = None) -> list[ClaimLine]:
    found = list(portions)
    keys = {portion.verdict.declaration for portion in found}
    declarations = GiftAidDeclaration.objects.select_related("donor").in_bulk(keys)
    return [
        ClaimLine(
            claim=claim,
            gift=portion.gift,
            share=portion.share,
            declaration=declarations[portion.verdict.declaration or 0],
            amount=portion.verdict.amount,
        )
        for portion in found
    ]


def tax_of(rows: Iterable[ScheduleRow | ClaimRow]) -> Decimal:
    """Return the tax on the rows together, to the penny."""
    by_rate: dict[Decimal, tuple[Decimal, dt.date]] = {}
    for row in rows:
        rate = basic_rate(row.donated_on)
        by_rate[rate] = (by_rate.get(rate, (Decimal(0), row.donated_on))[0] + row.amount, row.donated_on)
    return sum((tax_on(amount, day) for amount, day in by_rate.values()), Decimal(0))


@transaction.atomic
def gather_claim(
    *, by: User | None, up_to: dt.date, grouping: str = Grouping.GIFT, aggregates: bool = False
) -> GiftAidClaim:
    """Begin a claim with every gift up to a day that can be claimed now.

    Raises GiftAidError when another one is being gathered, the day is to come, or there is nothing to claim.
    """
    if not gift_aid_is_on():
        raise GiftAidError(_("Gift Aid is for organisations in the United Kingdom that keep their books in pounds."))
    one_at_a_time()
    if up_to > clock.today():
        raise GiftAidError(_("Only what has come can be claimed: choose today or an earlier day."), "up_to")
    if GiftAidClaim.objects.filter(state=ClaimState.DRAFT).exists():
        raise GiftAidError(_("Another claim is being gathered already: send or discard it first."))
    claim = GiftAidClaim(up_to=up_to, grouping=grouping, aggregates=aggregates, made_by=by)
    claim.full_clean()
    claim.save()
    if not _fill(claim):
        raise GiftAidError(_("There is nothing to claim up to that day."), "up_to")
    audit.record("gift_aid.gathered", claim, by=by, new={"up_to": up_to, "gifts": claim.gift_amount})
    return claim


@transaction.atomic
def gather_again(claim: GiftAidClaim, *, by: User | None) -> GiftAidClaim:
    """Look once more what can be claimed: takes in what was mended, leaves out what was cancelled since."""
    locked = locked_draft(claim)
    locked.lines.all().delete()
    _fill(locked)
    audit.record("gift_aid.gathered", locked, by=by, new={"up_to": locked.up_to, "gifts": locked.gift_amount})
    return locked


def _fill(claim: GiftAidClaim, *, only: set[tuple[int, int | None]] | None = None) -> int:
    """Put what can be claimed into a draft; with `only`, nothing but these gifts and shares. Returns how many."""
    portions = claimable(claim.up_to)
    if only is not None:
        portions = (portion for portion in portions if (portion.gift.pk, _key(portion.share)) in only)
    lines = ClaimLine.objects.bulk_create(_lines(portions, claim), batch_size=_STEP)
    tally(claim)
    return len(lines)


def _key(share: JointShare | None) -> int | None:
    return share.pk if share else None


def tally(claim: GiftAidClaim) -> Schedule:
    """Write what a draft comes to from its gifts, and return its schedule."""
    schedule = draft_schedule(claim)
    claim.gift_amount = schedule.amount
    claim.tax_amount = tax_of(schedule.rows)
    claim.owed_back, _settled = _to_give_back(claim.tax_amount)
    claim.earliest_on = min((line.gift.received_on for row in schedule.rows for line in row.lines), default=None)
    claim.save(update_fields=["gift_amount", "tax_amount", "owed_back", "earliest_on"])
    return schedule


def draft_schedule(claim: GiftAidClaim) -> Schedule:
    """Return the schedule a draft would be sent with now."""
    lines = claim.lines.select_related("gift", "share", "declaration__donor").order_by(
        "declaration__donor__sort_name", "declaration__donor", "gift__received_on", "pk"
    )
    return schedule_of(
        lines,
        grouping=claim.grouping,
        aggregates=claim.aggregates,
        rows_per_file=GiftAidSettings.load().rows_per_file,
    )


@transaction.atomic
def send_claim(claim: GiftAidClaim, *, by: User | None, reference: str = "") -> GiftAidClaim:
    """Close a draft: what is complete and still may be claimed becomes its rows, for ever; the rest waits.

    `donations.gift_aid.files.finish_files` has to follow. Raises GiftAidError when no row is complete.
    """
    locked = locked_draft(claim)
    chosen: set[tuple[int, int | None]] = set(locked.lines.values_list("gift", "share"))
    locked.lines.all().delete()
    _fill(locked, only=chosen)
    schedule = tally(locked)
    if not schedule.rows:
        raise GiftAidError(_("No row is complete. Mend what is missing first, then gather again."))
    ClaimLine.objects.filter(pk__in=[mend.line.pk for mend in schedule.mends]).delete()
    _freeze(locked, schedule.rows)
    owed, settled = _to_give_back(locked.tax_amount)
    OwedBack.objects.filter(pk__in=settled).update(settled_by=locked)
    locked.owed_back = owed
    locked.state = ClaimState.SUBMITTED
    locked.submitted_on = clock.today()
    locked.submitted_by = by
    locked.reference = reference.strip()
    locked.full_clean()
    locked.save()
    audit.record(
        "gift_aid.claimed",
        locked,
        by=by,
        old={"state": ClaimState.DRAFT},
        new={"state": locked.state, "gifts": locked.gift_amount, "tax": locked.tax_amount, "owed_back": owed},
    )
    return locked


def _freeze(claim: GiftAidClaim, rows: Sequence[ScheduleRow]) -> None:
    kept = ClaimRow.objects.bulk_create(
        [
            ClaimRow(
                claim=claim,
                file_number=row.file_number,
                item=row.item,
                title=row.title,
                first_name=row.first_name,
                last_name=row.last_name,
                house=row.house,
                postcode=row.postcode,
                aggregated=row.aggregated,
                donated_on=row.donated_on,
                amount=row.amount,
            )
            for row in rows
        ],
        batch_size=_STEP,
    )
    lines = []
    for row, frozen in zip(rows, kept, strict=True):
        for line in row.lines:
            line.row, line.is_final = frozen, True
            lines.append(line)
    ClaimLine.objects.bulk_update(lines, ["row", "is_final"], batch_size=_STEP)


def _to_give_back(tax: Decimal) -> tuple[Decimal, list[int]]:
    """Return what of earlier claims a claim of so much tax gives back, and which rows that settles, oldest first."""
    total, settled = Decimal(0), []
    open_ones = OwedBack.objects.filter(settled_by__isnull=True, taken_back_on__isnull=True)
    for pk, owed in open_ones.filter(line__is_final=True).order_by("pk").values_list("pk", "tax"):
        if total + owed <= tax:
            total += owed
            settled.append(pk)
    return total, settled


@transaction.atomic
def withdraw_claim(claim: GiftAidClaim, *, by: User | None, reason: str) -> GiftAidClaim:
    """Discard a draft, or take back a claim that HMRC refused as a whole: its gifts may be claimed again.

    Raises GiftAidError once anything of it was paid.
    """
    locked = locked_unpaid(claim)
    locked.lines.filter(is_final=False).delete()
    locked.lines.update(is_live=False)
    OwedBack.objects.filter(settled_by=locked).update(settled_by=None)
    OwedBack.objects.filter(line__claim=locked, settled_by__isnull=True).update(taken_back_on=clock.today())
    mark_withdrawn(locked, by=by, reason=reason)
    return locked
