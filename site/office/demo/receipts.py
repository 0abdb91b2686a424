"""Receipts: last year's, for the demo's supporter and a few dozen others."""

from __future__ import annotations

from constituents.models import Constituent
from constituents.services.addresses import address_on
from core import clock
from core.demo import DemoPlan
from donations.models import Gift
from donations.receipts.regimes import current_regime
from donations.services.receipt_numbers import why_not_receiptable
from donations.services.receipts import issue_receipt
from office.demo.setting import MEMBER

_RECEIPTED = 30


def add_receipts(plan: DemoPlan) -> dict[str, int]:
    """Issue one receipt each for what they gave last year, so that lists and portal have some to show."""
    first, last = clock.calendar_year_bounds(plan.today.year - 1)
    given = Gift.objects.counted().between(first, last)
    member = Constituent.objects.filter(user__email=MEMBER).values_list("pk", flat=True)
    donors = [*member, *given.exclude(donor__in=member).order_by("donor").values_list("donor", flat=True).distinct()]
    count = 0
    for donor in donors[: _RECEIPTED + 1]:
        mine = given.filter(donor=donor).select_related("donor").order_by("received_on", "pk")
        gifts = [gift for gift in mine if not why_not_receiptable(gift)]
        # Where a receipt has to carry the address, those without one wait, as they would in life.
        if gifts and (address_on(gifts[0].donor, plan.today) or not current_regime().needs_address):
            issue_receipt(gifts, by=None)
            count += 1
    return {"receipts": count}
