"""Small donations on which HMRC tops up without a declaration (GASDS): how much of a tax year may be claimed on.

Sources: Small Charitable Donations Act 2012 as amended in 2017; gov.uk, Claim top-up payments for the Gift Aid Small
Donations Scheme: cash of 30 pounds or less (20 before 6 April 2019) given without a valid declaration and without
anything in return, no dues, no part of a larger gift; on at most 8,000 pounds a tax year (5,000 before 6 April 2016)
and ten times the Gift Aid donations of that year; within two years of its end.

Contactless gifts count in law, but a card gift on record does not say that it was contactless; money from a box entered
as one gift is more than 30 pounds here. Both are for staff to add, from the collection's own records.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from core.money import quantize
from core.spreading import batched
from donations.gift_aid.eligibility import portions_of
from donations.gift_aid.rules import Reason
from donations.gift_aid.tax import tax_on
from donations.gift_aid.years import SMALL_DONATION_YEARS, tax_year, tax_year_bounds, tax_year_name, years_later
from donations.models import ClaimLine, Gift, GiftKind, Method
from donations.models.gift import COUNTED_STATUSES
from donations.models.gift_aid_claim import CURRENCY

# By the day from which they hold, the newest first: what a small donation is, and on how much of a year one may claim.
SMALL = ((dt.date(2019, 4, 6), Decimal(30)), (dt.date(2013, 4, 6), Decimal(20)))
MOST = ((dt.date(2016, 4, 6), Decimal(8_000)), (dt.date(2013, 4, 6), Decimal(5_000)))
#: A charity may claim on ten times what it received in Gift Aid donations in the year.
TIMES_GIFT_AID = 10
_STEP = 1_000


@dataclass(frozen=True, slots=True)
class SmallDonations:
    """The small donations of one tax year, in pounds."""

    year: int
    gifts: int
    received: Decimal
    gift_aided: Decimal
    most: Decimal

    @property
    def name(self) -> str:
        """The tax year as people write it: `2025/26`."""
        return tax_year_name(self.year)

    @property
    def claimable(self) -> Decimal:
        """On how much of them one may claim."""
        return min(self.received, self.most, self.gift_aided * TIMES_GIFT_AID)

    @property
    def top_up(self) -> Decimal:
        """What HMRC pays on it."""
        return tax_on(self.claimable, tax_year_bounds(self.year)[1])

    @property
    def claim_by(self) -> dt.date:
        """The last day to claim."""
        return years_later(tax_year_bounds(self.year)[1], SMALL_DONATION_YEARS)


def small_donations(today: dt.date) -> list[SmallDonations]:
    """Return the tax years that can be claimed on a day, the one under way first."""
    year = tax_year(today)
    years = [_of(one) for one in range(year, year - SMALL_DONATION_YEARS - 1, -1)]
    return [one for one in years if one.claim_by >= today]


def _of(year: int) -> SmallDonations:
    first, last = tax_year_bounds(year)
    count, received = 0, Decimal(0)
    for amount in _without_gift_aid(first, last):
        count += 1
        received += amount
    claimed = ClaimLine.objects.filter(is_live=True, is_final=True, gift__received_on__range=(first, last))
    total = claimed.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    return SmallDonations(year, count, received, quantize(total, CURRENCY), _holding(MOST, first))


def _without_gift_aid(first: dt.date, last: dt.date) -> Iterator[Decimal]:
    """Yield what is left of each small cash gift for which nothing is or can be claimed under a declaration."""
    small = _holding(SMALL, first)
    gifts = (
        Gift.objects.filter(method=Method.CASH, kind=GiftKind.GIFT, status__in=COUNTED_STATUSES)
        .filter(base_amount__lte=small, net_base_amount__gt=0, advantage_amount=0, donor__kind="person")
        .between(first, last)
        .select_related("donor")
        .order_by("pk")
    )
    for some in batched(gifts.iterator(_STEP), _STEP):
        aided = {
            portion.gift.pk
            for portion in portions_of(some)
            if portion.verdict.is_eligible or portion.verdict.reason is Reason.CLAIMED
        }
        yield from (quantize(gift.net_base_amount, CURRENCY) for gift in some if gift.pk not in aided)


def _holding(rules: tuple[tuple[dt.date, Decimal], ...], day: dt.date) -> Decimal:
    return next((amount for since, amount in rules if since <= day), Decimal(0))
