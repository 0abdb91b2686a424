"""Claim on the small donations of a tax year: gather, send, withdraw; nothing is claimed on twice.

As a claim of Gift Aid: a draft says what it would hold and can be thrown away, sending it freezes its lines. HMRC's
form for the scheme asks for the year and one sum and takes no schedule; the lines are the record an inspector asks for.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, clock
from core.money import Money, quantize
from core.theme.figures import day_in_words
from donations.errors import GiftAidError
from donations.gift_aid.claims import locked_draft, locked_unpaid, mark_withdrawn, one_at_a_time
from donations.gift_aid.eligibility import gift_aid_is_on
from donations.gift_aid.small import Source, claim_by, collected, left_of, open_years, sources_of, standing_of
from donations.gift_aid.tax import tax_on
from donations.gift_aid.years import tax_year_bounds, tax_year_name
from donations.models import ClaimState, SmallClaim, SmallClaimLine, SmallCollection, SmallGiveBack
from donations.models.hmrc_claim import CURRENCY

_STEP = 500


@transaction.atomic
def gather_small_claim(*, by: User | None, tax_year: int) -> SmallClaim:
    """Begin a claim with what of a tax year can be claimed on now, the oldest first.

    Raises GiftAidError when the year is closed or to come, another draft stands for it, or nothing may be claimed.
    """
    if not gift_aid_is_on():
        raise GiftAidError(_("Gift Aid is for organisations in the United Kingdom that keep their books in pounds."))
    one_at_a_time()
    _check_open(tax_year)
    if SmallClaim.objects.filter(state=ClaimState.DRAFT, tax_year=tax_year).exists():
        raise GiftAidError(_("A claim for that year is being gathered already: send or withdraw it."), "tax_year")
    claim = SmallClaim.objects.create(tax_year=tax_year, made_by=by)
    _fill(claim)
    audit.record("small_claim.gathered", claim, by=by, new={"year": tax_year, "amount": claim.amount})
    return claim


@transaction.atomic
def gather_small_claim_again(claim: SmallClaim, *, by: User | None) -> SmallClaim:
    """Look once more: takes in what came since, leaves out what went back or can be claimed under a declaration."""
    locked = locked_draft(claim)
    old = locked.amount
    locked.lines.all().delete()
    _fill(locked)
    audit.record("small_claim.gathered", locked, by=by, old={"amount": old}, new={"amount": locked.amount})
    return locked


def _check_open(year: int) -> None:
    if year not in open_years(clock.today()):
        if claim_by(year) < clock.today():
            day = day_in_words(claim_by(year), "medium")
            raise GiftAidError(_("That year could be claimed on until %(day)s.") % {"day": day}, "tax_year")
        raise GiftAidError(_("That year is still to come."), "tax_year")


def _fill(claim: SmallClaim) -> None:
    """Put in what may be claimed on. Raises GiftAidError when there is nothing, saying which limit it meets."""
    sources = sources_of(claim.tax_year)
    stands = standing_of(claim.tax_year, sources)
    if not stands.claimable:
        if not sources:
            raise GiftAidError(_("Nothing is left of that year to claim on."), "tax_year")
        if not stands.gift_aided:
            raise GiftAidError(
                _("Claim Gift Aid on gifts of that year first: small donations are topped up beside it."), "tax_year"
            )
        limit = Money(stands.limit, CURRENCY)
        raise GiftAidError(
            _("The most for that year, %(limit)s, is claimed on already.") % {"limit": limit}, "tax_year"
        )
    lines = SmallClaimLine.objects.bulk_create(_lines(claim, sources, stands.claimable), batch_size=_STEP)
    claim.amount = sum((line.amount for line in lines), Decimal(0))
    claim.top_up = tax_on(claim.amount, tax_year_bounds(claim.tax_year)[1])
    claim.most, claim.gift_aided = stands.most, stands.gift_aided
    claim.owed_back = sum((owed.tax for owed in _to_give_back(claim, claim.top_up)), Decimal(0))
    claim.full_clean()
    claim.save()


def _lines(claim: SmallClaim, sources: list[Source], room: Decimal) -> Iterator[SmallClaimLine]:
    """Yield the lines up to a limit: a gift whole or not at all, of a collection what still fits."""
    for source in sources:
        fits = min(source.amount, room) if source.collection else source.amount
        if 0 < fits <= room:
            room -= fits
            yield SmallClaimLine(claim=claim, gift=source.gift, collection=source.collection, amount=fits)


@transaction.atomic
def send_small_claim(claim: SmallClaim, *, by: User | None, reference: str = "") -> SmallClaim:
    """Close a draft over what may still be claimed on: its lines stay for ever, and no other claim takes them."""
    locked = locked_draft(claim)
    _check_open(locked.tax_year)
    locked.lines.all().delete()
    _fill(locked)
    for line in locked.lines.filter(collection__isnull=False):
        _claim_of(line, line.amount)
    locked.lines.update(is_final=True)
    for owed in _to_give_back(locked, locked.top_up):
        owed.save()
        _move_back(owed.line, owed.amount)
    locked.state = ClaimState.SUBMITTED
    locked.submitted_on, locked.submitted_by = clock.today(), by
    locked.reference = reference.strip()
    locked.full_clean()
    locked.save()
    new = {"state": locked.state, "amount": locked.amount, "top_up": locked.top_up, "owed_back": locked.owed_back}
    audit.record("small_claim.claimed", locked, by=by, old={"state": ClaimState.DRAFT}, new=new)
    return locked


def _to_give_back(claim: SmallClaim, top_up: Decimal) -> list[SmallGiveBack]:
    """Return what a claim of so much top-up gives back of earlier ones, the oldest first; the rest waits."""
    found, total = [], Decimal(0)
    for line, gone in gone_back():
        tax = tax_on(gone, tax_year_bounds(line.claim.tax_year)[1])
        if total + tax <= top_up:
            total += tax
            found.append(SmallGiveBack(claim=claim, line=line, amount=gone, tax=tax))
    return found


def gone_back() -> Iterator[tuple[SmallClaimLine, Decimal]]:
    """Yield the lines whose gift went back since, with how much of it HMRC has not been given back yet, in pounds."""
    lines = SmallClaimLine.objects.filter(is_live=True, is_final=True).select_related(
        "claim", "gift", "collection__gift"
    )
    missing: dict[int, Decimal] = {}
    for line in lines.exclude(gift__isnull=True, collection__gift__isnull=True).order_by("pk").iterator(_STEP):
        held = line.amount - line.went_back
        if line.collection is not None:
            # Several claims may hold parts of one collection: only what they hold together has to be there.
            there = line.collection
            missing.setdefault(there.pk, there.claimed_amount - collected(there))
            gone = min(held, missing[there.pk])
            missing[there.pk] -= max(gone, Decimal(0))
        else:
            gone = held - min(held, left_of(line.gift)) if line.gift else Decimal(0)
        if gone > 0:
            yield line, quantize(gone, CURRENCY)


def _move_back(line: SmallClaimLine, amount: Decimal) -> None:
    """Take so much off what a line holds; below nothing puts it on again, as long as no other claim took the gift."""
    line.went_back += amount
    taken = SmallClaimLine.objects.filter(gift=line.gift, gift__isnull=False, is_live=True).exclude(pk=line.pk)
    line.is_live = line.went_back < line.amount and not taken.exists()
    line.save(update_fields=["went_back", "is_live"])
    _claim_of(line, -amount)


def _claim_of(line: SmallClaimLine, amount: Decimal) -> None:
    """Let the collection of a line, where it is of one, know how much more of it is claimed on."""
    if line.collection_id is None:
        return
    SmallCollection.objects.filter(pk=line.collection_id).update(claimed_amount=F("claimed_amount") + amount)


@transaction.atomic
def withdraw_small_claim(claim: SmallClaim, *, by: User | None, reason: str) -> SmallClaim:
    """Discard a draft, or take back a claim that HMRC refused: its gifts and collections may be claimed on again.

    What it gave back of earlier claims is owed again. Raises GiftAidError once anything of it was paid.
    """
    locked = locked_unpaid(claim)
    locked.lines.filter(is_final=False).delete()
    for line in locked.lines.filter(is_live=True, collection__isnull=False):
        _claim_of(line, line.went_back - line.amount)
    locked.lines.update(is_live=False)
    for owed in locked.gives_back.select_related("line"):
        _move_back(owed.line, -owed.amount)
        owed.delete()
    mark_withdrawn(locked, by=by, reason=reason)
    return locked


def name_of_year(claim: SmallClaim) -> str:
    """Return the claim's tax year as people write it: `2025/26`."""
    return tax_year_name(claim.tax_year)
