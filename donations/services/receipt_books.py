"""What must hold of receipts, proved from the rows and the stored files alone; part of `check_books`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import Round

from donations.models import Receipt, ReceiptCounter, ReceiptLine, ReceiptState
from donations.models.gift import COUNTED_STATUSES
from donations.services.books import SHOWN, Finding, amount_sum


def _found(check: str, message: str, receipts: QuerySet[Receipt]) -> Iterator[Finding]:
    if wrong := list(receipts.order_by("pk").values_list("serial", flat=True)[:SHOWN]):
        yield Finding(check, message, [f"receipt {serial}" for serial in wrong])


def numbers_have_no_gaps() -> Iterator[Finding]:
    """Every number from one to the counter stands on a receipt."""
    counters = {(row.series, row.year): row.last for row in ReceiptCounter.objects.all()}
    taken = Receipt.objects.order_by().values("series", "year").annotate(count=Count("pk"), highest=Max("number"))
    found = {(row["series"], row["year"]): (row["count"], row["highest"]) for row in taken}
    wrong = [
        f"{series}{year}: {found.get((series, year), (0, 0))[0]} receipts, counter {counters.get((series, year), 0)}"
        for series, year in sorted(counters.keys() | found.keys())
        if found.get((series, year), (0, 0)) != (counters.get((series, year), 0),) * 2
    ]
    if wrong:
        yield Finding("R1 numbers", "Receipt numbers have a gap or differ from their counter.", wrong)


def files_are_those_issued() -> Iterator[Finding]:
    """Every issued receipt's file is there, with the bytes that were hashed."""
    wrong = []
    for receipt in Receipt.objects.exclude(file="").only("serial", "file", "sha256", "state").iterator():
        if not receipt.file.storage.exists(str(receipt.file.name)):
            wrong.append(f"receipt {receipt.serial}")
            continue
        with receipt.file.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != receipt.sha256:
                wrong.append(f"receipt {receipt.serial}")
    if wrong:
        yield Finding("R2 files", "The file of a receipt is missing or is not the one issued.", wrong[:SHOWN])


def lines_follow_their_receipt() -> Iterator[Finding]:
    """Lines are live exactly while their receipt is, add up to it, and belong to its recipient's gifts."""
    is_void = Q(receipt__state=ReceiptState.VOID)
    lines = ReceiptLine.objects.filter(is_void & Q(is_live=True) | ~is_void & Q(is_live=False))
    yield from _found(
        "R5 live lines", "A line counts although its receipt is void, or the reverse.", _receipts_of(lines)
    )
    sums = Receipt.objects.annotate(
        amounts=amount_sum("lines__amount"),
        advantages=amount_sum("lines__advantage"),
        eligibles=amount_sum("lines__eligible"),
    )
    agrees = Q(
        amounts=Round(F("amount"), precision=3),
        advantages=Round(F("advantage"), precision=3),
        eligibles=Round(F("eligible"), precision=3),
    )
    yield from _found("R6 sums", "The lines do not add up to the receipt.", sums.exclude(agrees))
    # A receipt stays with the record it was made out to; when that was merged, its gifts are of the one kept.
    own = Q(gift__donor=F("receipt__recipient")) | Q(gift__donor=F("receipt__recipient__merged_into"))
    strangers = ReceiptLine.objects.filter(is_live=True).exclude(own)
    yield from _found(
        "R8 recipient", "A live receipt is not made out to the donor of its gifts.", _receipts_of(strangers)
    )


def live_receipts_certify_what_is_here() -> Iterator[Finding]:
    """A live line names a gift whose money is here, and exactly what is left of it."""
    live = ReceiptLine.objects.filter(is_live=True)
    gone = live.exclude(gift__status__in=COUNTED_STATUSES)
    yield from _found("R7 gifts", "A live receipt certifies a gift that is not here.", _receipts_of(gone))
    left = Round(F("gift__amount") - F("gift__refunded_amount") - F("gift__charged_back_amount"), precision=3)
    other = live.filter(is_described=False, gift__status__in=COUNTED_STATUSES).exclude(amount=left)
    yield from _found("R7 gifts", "A live receipt certifies another amount than is left.", _receipts_of(other))


def _receipts_of(lines: QuerySet[ReceiptLine]) -> QuerySet[Receipt]:
    return Receipt.objects.filter(pk__in=lines.values("receipt"))


CHECKS = [
    numbers_have_no_gaps,
    files_are_those_issued,
    lines_follow_their_receipt,
    live_receipts_certify_what_is_here,
]
