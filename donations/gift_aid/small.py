"""Small donations on which HMRC tops up without a declaration (GASDS): how much of a tax year may be claimed on.

Sources: Small Charitable Donations Act 2012 as amended in 2017; HMRC's detailed guidance, chapter 8 (27 March 2024);
gov.uk, Claim top-up payments for the Gift Aid Small Donations Scheme: gifts of 30 pounds or less (20 before 6 April
2019), in cash or by contactless or chip and PIN, without a valid declaration and without anything in return, no dues,
no part of a larger gift; on at most 8,000 pounds a tax year (5,000 before 6 April 2016) and ten times what Gift Aid was
claimed on of that year's gifts; within two years of its end.

A gift on record counts when it is cash. A card gift does not say whether it was contactless, and money from a box is
one sum: both stand here as collections.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Sum

from constituents.models import Kind
from core.money import quantize
from core.spreading import batched
from donations.gift_aid.eligibility import portions_of
from donations.gift_aid.rules import Reason
from donations.gift_aid.tax import tax_on
from donations.gift_aid.years import SMALL_DONATION_YEARS, tax_year, tax_year_bounds, tax_year_name, years_later
from donations.models import ClaimLine, Gift, GiftKind, Method, SmallClaimLine, SmallCollection
from donations.models.gift import COUNTED_STATUSES, GiftQuerySet
from donations.models.hmrc_claim import CURRENCY

# By the day from which they hold, the newest first: what a small donation is, and on how much of a year one may claim.
SMALL = ((dt.date(2019, 4, 6), Decimal(30)), (dt.date(2013, 4, 6), Decimal(20)))
MOST = ((dt.date(2016, 4, 6), Decimal(8_000)), (dt.date(2013, 4, 6), Decimal(5_000)))
#: A charity may claim on ten times what it received in Gift Aid donations in the year.
TIMES_GIFT_AID = 10
_STEP = 1_000


@dataclass(frozen=True, slots=True)
class Source:
    """A small gift, or what is left of a collection, on which nothing was claimed yet."""

    on: dt.date
    amount: Decimal
    gift: Gift | None = None
    collection: SmallCollection | None = None


@dataclass(frozen=True, slots=True)
class SmallDonations:
    """The small donations of one tax year, in pounds."""

    year: int
    gifts: int
    collections: int
    unclaimed: Decimal
    claimed: Decimal
    gift_aided: Decimal
    most: Decimal

    @property
    def name(self) -> str:
        """The tax year as people write it: `2025/26`."""
        return tax_year_name(self.year)

    @property
    def received(self) -> Decimal:
        """What came in small donations, claimed on or not."""
        return self.unclaimed + self.claimed

    @property
    def limit(self) -> Decimal:
        """On how much of the year one may claim in all."""
        return min(self.most, self.gift_aided * TIMES_GIFT_AID)

    @property
    def claimable(self) -> Decimal:
        """On how much of what is left one may claim now."""
        return min(self.unclaimed, max(self.limit - self.claimed, Decimal(0)))

    @property
    def over_claimed(self) -> Decimal:
        """What was claimed beyond the limit: Gift Aid was given back or withdrawn since."""
        return max(self.claimed - self.limit, Decimal(0))

    @property
    def top_up(self) -> Decimal:
        """What HMRC pays on what is left to claim on."""
        return tax_on(self.claimable, tax_year_bounds(self.year)[1])

    @property
    def claim_by(self) -> dt.date:
        """The last day to claim."""
        return claim_by(self.year)


def claim_by(year: int) -> dt.date:
    """Return the last day on which small donations of the tax year that ends in `year` can be claimed on."""
    return years_later(tax_year_bounds(year)[1], SMALL_DONATION_YEARS)


def most_of(year: int) -> Decimal:
    """Return on how much of a tax year anyone may claim at most, in pounds."""
    return _holding(MOST, tax_year_bounds(year)[0])


def open_years(today: dt.date) -> list[int]:
    """Return the tax years that can be claimed on a day, the one under way first."""
    year = tax_year(today)
    return [one for one in range(year, year - SMALL_DONATION_YEARS - 1, -1) if claim_by(one) >= today]


def small_donations(today: dt.date) -> list[SmallDonations]:
    """Return how the tax years stand that can be claimed on a day, the one under way first."""
    return [standing_of(year) for year in open_years(today)]


def standing_of(year: int, sources: list[Source] | None = None) -> SmallDonations:
    """Return how a tax year stands; `sources` when they were looked up already."""
    first, last = tax_year_bounds(year)
    left = sources_of(year) if sources is None else sources
    lines = SmallClaimLine.objects.filter(is_live=True, is_final=True, claim__tax_year=year)
    claimed = lines.aggregate(total=Sum(F("amount") - F("went_back")))["total"] or Decimal(0)
    gift_aid = ClaimLine.objects.filter(is_live=True, is_final=True, gift__received_on__range=(first, last))
    aided = gift_aid.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    return SmallDonations(
        year=year,
        gifts=sum(1 for source in left if source.gift),
        collections=sum(1 for source in left if source.collection),
        unclaimed=sum((source.amount for source in left), Decimal(0)),
        claimed=quantize(claimed, CURRENCY),
        gift_aided=quantize(aided, CURRENCY),
        most=most_of(year),
    )


def sources_of(year: int) -> list[Source]:
    """Return what of a tax year nothing was claimed on yet, the oldest first; reads every small gift of the year."""
    return sorted([*_collections(year), *_gifts(year)], key=lambda source: source.on)


def _collections(year: int) -> Iterator[Source]:
    """Yield what is left of each collection; no more than is left of the gift it was entered as."""
    rows = (
        SmallCollection.objects.filter(collected_on__range=tax_year_bounds(year)).select_related("gift").order_by("pk")
    )
    for row in rows:
        left = collected(row) - row.claimed_amount
        if left > 0:
            yield Source(row.collected_on, quantize(left, CURRENCY), collection=row)


def collected(collection: SmallCollection) -> Decimal:
    """Return what a collection stands for today: no more than is left of the gift it was entered as."""
    return collection.amount if collection.gift is None else min(collection.amount, left_of(collection.gift))


def left_of(gift: Gift) -> Decimal:
    """Return what is left of a gift, in pounds."""
    return quantize(gift.net_base_amount, CURRENCY) if gift.status in COUNTED_STATUSES else Decimal(0)


def small_gifts(year: int) -> GiftQuerySet:
    """Return the gifts of a tax year that are small, as far as the database can tell, claimed on or not."""
    first, last = tax_year_bounds(year)
    return (
        Gift.objects.filter(method=Method.CASH, kind=GiftKind.GIFT, status__in=COUNTED_STATUSES)
        .filter(base_amount__lte=_holding(SMALL, first), net_base_amount__gt=0, advantage_amount=0)
        .filter(donor__kind=Kind.PERSON)
        .between(first, last)
    )


def _gifts(year: int) -> Iterator[Source]:
    """Yield each small cash gift for which nothing is or can be claimed under a declaration."""
    claimed = SmallClaimLine.objects.filter(gift=OuterRef("pk"), is_live=True, is_final=True)
    gifts = small_gifts(year).filter(~Exists(claimed), small_collection=None).select_related("donor").order_by("pk")
    for some in batched(gifts.iterator(_STEP), _STEP):
        aided = {
            portion.gift.pk
            for portion in portions_of(some)
            if portion.verdict.is_eligible or portion.verdict.reason is Reason.CLAIMED
        }
        yield from (Source(gift.received_on, left_of(gift), gift=gift) for gift in some if gift.pk not in aided)


def _holding(rules: tuple[tuple[dt.date, Decimal], ...], day: dt.date) -> Decimal:
    return next((amount for since, amount in rules if since <= day), Decimal(0))
