"""Receipts: last year's, for the demo's supporter and a few dozen others."""

from __future__ import annotations

from constituents.models import Constituent
from core import clock
from core.demo import DemoPlan
from donations.models import Gift
from donations.services.receipts import issue_receipt, why_not_receiptable
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
        if gifts:
            issue_receipt(gifts, by=None)
            count += 1
    return {"receipts": count}
