"""Check the books: every identity of money that the rows alone can prove."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Round

from constituents.models import MergeMove
from core import triggers
from donations.models import EntryKind, Gift, GiftAllocation, GiftStatus, LedgerEntry
from donations.models.gift import COUNTED_STATUSES
from donations.services.rollups import drifted_totals

# How many rows a finding names.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the books that does not hold, with the rows it shows in."""

    check: str
    message: str
    rows: list[str]


def check_books() -> list[Finding]:
    """Return what does not hold; an empty list when the books are right."""
    return [finding for check in CHECKS for finding in check()]


def _found(check: str, message: str, rows: QuerySet[Gift]) -> Iterator[Finding]:
    wrong = [f"gift {pk}" for pk in rows.order_by("pk").values_list("pk", flat=True)[:SHOWN]]
    if wrong:
        yield Finding(check, message, wrong)


def amount_sum(field: str, condition: Q | None = None) -> Round:
    """Return the sum of an amount as an exact figure: on SQLite sums of decimals come with digits money has not."""
    amount = DecimalField(max_digits=18, decimal_places=3)
    return Round(Coalesce(Sum(field, filter=condition), Value(0), output_field=amount), precision=3)


def _allocations_add_up() -> Iterator[Finding]:
    gifts = Gift.objects.annotate(parts=amount_sum("allocations__amount")).exclude(
        parts=Round(F("amount"), precision=3)
    )
    yield from _found("M4 allocations", "The parts do not add up to the gift.", gifts)


def _ledger_holds_what_is_left() -> Iterator[Finding]:
    gifts = Gift.objects.annotate(
        entered=amount_sum("entries__amount"), base_entered=amount_sum("entries__base_amount")
    )
    counted = gifts.filter(status__in=COUNTED_STATUSES)
    yield from _found(
        "M1 ledger",
        "The ledger does not hold the gift less its refunds and charge-backs.",
        counted.exclude(entered=Round(F("amount") - F("refunded_amount") - F("charged_back_amount"), precision=3)),
    )
    yield from _found(
        "M1 ledger",
        "The gift's net amount in base currency is not the ledger's.",
        gifts.exclude(base_entered=Round(F("net_base_amount"), precision=3)),
    )
    yield from _found(
        "M1 ledger",
        "A voided, refunded, adjusted or expected gift still has money in the ledger.",
        gifts.exclude(status__in=COUNTED_STATUSES).exclude(entered=0),
    )


def _posted_once() -> Iterator[Finding]:
    # A gift comes into the books by being posted, or as the replacement of one that was adjusted.
    is_posting = Q(entries__kind=EntryKind.POSTED) | Q(entries__kind=EntryKind.ADJUSTMENT, entries__amount__gt=0)
    gifts = Gift.objects.annotate(
        postings=Count("entries", filter=is_posting), posted=amount_sum("entries__amount", is_posting)
    )
    fixed = ~Q(status__in=[GiftStatus.PENDING, GiftStatus.CANCELLED])
    yield from _found(
        "M1 posting",
        "What was posted is not the gift's amount.",
        gifts.filter(fixed).exclude(posted=Round(F("amount"), precision=3)),
    )
    yield from _found("M1 posting", "An expected gift stands in the ledger.", gifts.filter(~fixed, postings__gt=0))


def _funds_agree() -> Iterator[Finding]:
    wrong = (
        LedgerEntry.objects.filter(Q(kind=EntryKind.POSTED) | Q(kind=EntryKind.ADJUSTMENT, amount__gt=0))
        .exclude(gift__allocations__fund=F("fund"))
        .values_list("pk", flat=True)[:SHOWN]
    )
    if rows := [f"ledger entry {pk}" for pk in wrong]:
        yield Finding("M5 funds", "An entry is in a fund its gift does not name.", rows)


def _funds_got_their_parts() -> Iterator[Finding]:
    """Of each gift, a fund got what the gift says, and never gave back more than that."""
    came = Q(kind=EntryKind.POSTED) | Q(kind=EntryKind.ADJUSTMENT, amount__gt=0)
    of_part = LedgerEntry.objects.filter(came, gift=OuterRef("gift"), fund=OuterRef("fund")).order_by().values("gift")
    entered = Subquery(of_part.annotate(total=amount_sum("amount")).values("total"))
    parts = GiftAllocation.objects.filter(gift__posted_at__isnull=False).annotate(entered=entered)
    other = parts.exclude(entered=Round(F("amount"), precision=3), entered__isnull=False)
    yield from _found("M1 funds", "A fund got another part than the gift says.", _gifts_of(other))
    left = LedgerEntry.objects.order_by().values("gift", "fund").annotate(left=amount_sum("amount"))
    yield from _found("M1 funds", "More went out of a fund than the gift put in.", _gifts_of(left.filter(left__lt=0)))


def _gifts_of(rows: QuerySet) -> QuerySet[Gift]:
    return Gift.objects.filter(pk__in=rows.values("gift"))


def _refunds_within_gifts() -> Iterator[Finding]:
    refunds = amount_sum("entries__amount", Q(entries__kind__in=[EntryKind.REFUND, EntryKind.REFUND_RETURNED]))
    gifts = Gift.objects.annotate(returned=refunds).exclude(returned=Round(-F("refunded_amount"), precision=3))
    yield from _found("M3 refunds", "The refunds in the ledger are not what the gift says was returned.", gifts)
    taken = amount_sum("entries__amount", Q(entries__kind__in=[EntryKind.CHARGE_BACK, EntryKind.REINSTATED]))
    others = Gift.objects.annotate(taken=taken).exclude(taken=Round(-F("charged_back_amount"), precision=3))
    yield from _found("M3 charge-backs", "The charge-backs in the ledger are not what the gift says.", others)


def _adjusted_gifts_have_a_successor() -> Iterator[Finding]:
    status = GiftStatus.ADJUSTED
    lost = Gift.objects.filter(status=status, adjusted_by__isnull=True)
    lost |= Gift.objects.filter(adjusted_by__isnull=False).exclude(status=status)
    yield from _found("M5 adjustments", "A gift is adjusted and no other stands for it, or the reverse.", lost)
    replaces = Q(kind=EntryKind.ADJUSTMENT, amount__gt=0)
    entered = Gift.objects.filter(Exists(LedgerEntry.objects.filter(replaces, gift=OuterRef("pk"))))
    unsaid = entered.filter(adjustment__isnull=True)
    yield from _found("M5 adjustments", "A gift came by an adjustment, and no row says of which.", unsaid)


def _donors_are_those_recorded() -> Iterator[Finding]:
    """The donor of a posted gift is whose it was when it was entered; only a recorded merge, or its undo, moves it."""
    own = Q(donor=F("entries__donor")) | Q(donor=F("entries__donor__merged_into"))
    told = Q(entries__kind__in=[EntryKind.POSTED, EntryKind.ADJUSTMENT])
    moved = Gift.objects.filter(told).exclude(pk__in=Gift.objects.filter(own & told).values("pk")).distinct()
    journal = MergeMove.objects.filter(model=Gift._meta.label, row=OuterRef("pk"))
    recorded = journal.filter(Q(merge__kept=OuterRef("donor")) | Q(merge__merged=OuterRef("donor")))
    yield from _found("M5 donors", "The donor was changed, and no merge says so.", moved.exclude(Exists(recorded)))
    signposts = Gift.objects.filter(donor__merged_into__isnull=False)
    yield from _found("M10 merges", "A gift is left with a record that was merged into another.", signposts)


def _totals_have_not_drifted() -> Iterator[Finding]:
    if drifts := drifted_totals():
        rows = [f"constituent {drift.constituent_id}" for drift in drifts[:SHOWN]]
        yield Finding("totals", "Giving totals differ from the gifts; run rebuild_rollups.", rows)


def _guards_are_in_place() -> Iterator[Finding]:
    if missing := triggers.missing():
        yield Finding("triggers", "Protection of posted rows is missing; run migrate.", missing)


CHECKS: list[Callable[[], Iterator[Finding]]] = [
    _allocations_add_up,
    _ledger_holds_what_is_left,
    _posted_once,
    _funds_agree,
    _funds_got_their_parts,
    _refunds_within_gifts,
    _adjusted_gifts_have_a_successor,
    _donors_are_those_recorded,
    _totals_have_not_drifted,
    _guards_are_in_place,
]


def register_check(check: Callable[[], Iterator[Finding]]) -> None:
    """Let a room above add what must hold of its money; called from its AppConfig.ready()."""
    if check not in CHECKS:
        CHECKS.append(check)
