"""What must hold of Gift Aid, proved from the rows and the kept files alone; part of `check_books`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Round

from donations.gift_aid.small import most_of
from donations.models import (
    ClaimFile,
    ClaimLine,
    ClaimState,
    GiftAidClaim,
    OwedBack,
    SmallClaim,
    SmallClaimLine,
    SmallCollection,
)
from donations.models.gift import COUNTED_STATUSES
from donations.services.books import SHOWN, Finding, amount_sum


def _found(check: str, message: str, rows: QuerySet, name: str) -> Iterator[Finding]:
    if wrong := list(rows.order_by("pk").values_list("pk", flat=True)[:SHOWN]):
        yield Finding(check, message, [f"{name} {pk}" for pk in wrong])


def rows_add_up() -> Iterator[Finding]:
    """The rows of a claim that was sent add up to it, and each row to the gifts it stands for."""
    sent = GiftAidClaim.objects.exclude(state=ClaimState.DRAFT).filter(submitted_on__isnull=False)
    wrong = sent.annotate(sum=amount_sum("rows__amount")).exclude(sum=Round(F("gift_amount"), precision=3))
    yield from _found("G1 rows", "The rows do not add up to the claim.", wrong, "claim")
    by_gifts = sent.annotate(sum=amount_sum("lines__amount")).exclude(sum=Round(F("gift_amount"), precision=3))
    yield from _found("G1 gifts", "The gifts do not add up to the claim.", by_gifts, "claim")


def live_claims_hold_what_is_here() -> Iterator[Finding]:
    """A gift in a live claim is here, and what the claim holds on it is no more than what is left of it."""
    live = ClaimLine.objects.filter(is_live=True)
    gone = live.exclude(gift__status__in=COUNTED_STATUSES)
    yield from _found("G2 gifts", "A live claim holds a gift that is not here.", gone, "claim line")
    owed = amount_sum("owed_back__amount", Q(owed_back__taken_back_on__isnull=True))
    more = (
        live.filter(share__isnull=True)
        .annotate(owed=owed)
        .filter(amount__gt=Round(F("gift__net_base_amount") + F("owed"), precision=3))
    )
    yield from _found("G2 gifts", "A claim holds more than is left of the gift.", more, "claim line")


def declarations_are_of_the_donors() -> Iterator[Finding]:
    """A live line without a share leads to a declaration of the gift's own donor, with one to that of its person."""
    own = Q(declaration__donor=F("gift__donor")) | Q(declaration__donor__merged_into=F("gift__donor"))
    whole = ClaimLine.objects.filter(is_live=True, share__isnull=True).exclude(own)
    yield from _found("G3 declarations", "A gift was claimed under somebody else’s declaration.", whole, "claim line")
    theirs = Q(declaration__donor=F("share__person")) | Q(declaration__donor__merged_into=F("share__person"))
    shares = ClaimLine.objects.filter(is_live=True, share__isnull=False).exclude(theirs)
    yield from _found("G3 declarations", "A share was claimed under somebody else’s declaration.", shares, "claim line")
    whole_too = ClaimLine.objects.filter(gift=OuterRef("gift"), is_live=True, share__isnull=True)
    twice = ClaimLine.objects.filter(is_live=True, share__isnull=False).filter(Exists(whole_too))
    yield from _found("G3 twice", "A gift was claimed whole and in shares.", twice, "claim line")


def what_is_owed_is_given_back_once() -> Iterator[Finding]:
    """What earlier claims got too much adds up, in the claim that gives it back, to the figure in its file."""
    sent = GiftAidClaim.objects.with_hmrc()
    wrong = sent.annotate(sum=amount_sum("settles__tax")).exclude(sum=Round(F("owed_back"), precision=3))
    yield from _found("G4 owed back", "What a claim gives back is not what it settles.", wrong, "claim")
    too_much = OwedBack.objects.filter(amount__gt=F("line__amount"))
    yield from _found("G4 owed back", "More is owed back than was claimed.", too_much, "owed back")


def files_are_those_kept() -> Iterator[Finding]:
    """Every file of a claim is there, with the bytes that were hashed."""
    wrong = []
    for file in ClaimFile.objects.order_by("pk").iterator():
        if not file.file.storage.exists(str(file.file.name)):
            wrong.append(f"file {file}")
            continue
        with file.file.open("rb") as kept:
            if hashlib.file_digest(kept, "sha256").hexdigest() != file.sha256:
                wrong.append(f"file {file}")
    if wrong:
        yield Finding("G5 files", "The file of a claim is missing or is not the one kept.", wrong[:SHOWN])


def small_claims_add_up() -> Iterator[Finding]:
    """The lines of a claim on small donations that was sent add up to it, what it gives back to its own figure."""
    sent = SmallClaim.objects.exclude(state=ClaimState.DRAFT).filter(submitted_on__isnull=False)
    wrong = sent.annotate(sum=amount_sum("lines__amount")).exclude(sum=Round(F("amount"), precision=3))
    yield from _found("G6 small donations", "The lines do not add up to the claim.", wrong, "small claim")
    back = SmallClaim.objects.with_hmrc().annotate(sum=amount_sum("gives_back__tax"))
    wrong = back.exclude(sum=Round(F("owed_back"), precision=3))
    yield from _found("G6 small donations", "What a claim gives back is not its figure.", wrong, "small claim")


def nothing_is_topped_up_twice() -> Iterator[Finding]:
    """No gift is claimed on both ways, no collection for more than it brought, no year beyond what the law allows."""
    live = SmallClaimLine.objects.filter(is_live=True, is_final=True)
    both = live.filter(Exists(ClaimLine.objects.filter(gift=OuterRef("gift"), is_live=True)))
    yield from _found("G7 twice", "Gift Aid is claimed on it, and it is topped up too.", both, "small claim line")
    held = amount_sum("lines__amount", Q(lines__is_live=True, lines__is_final=True))
    back = amount_sum("lines__went_back", Q(lines__is_live=True, lines__is_final=True))
    wrong = SmallCollection.objects.annotate(held=held, back=back).exclude(
        claimed_amount=Round(F("held") - F("back"), precision=3)
    )
    yield from _found("G7 collections", "What is claimed on it is not what its claims hold.", wrong, "collection")
    years = live.order_by().values("claim__tax_year").annotate(sum=Sum(F("amount") - F("went_back")))
    for row in years:
        if row["sum"] > most_of(row["claim__tax_year"]):
            yield Finding("G7 limit", "More is claimed on than a year allows.", [f"tax year {row['claim__tax_year']}"])


CHECKS = [
    rows_add_up,
    live_claims_hold_what_is_here,
    declarations_are_of_the_donors,
    what_is_owed_is_given_back_once,
    files_are_those_kept,
    small_claims_add_up,
    nothing_is_topped_up_twice,
]
