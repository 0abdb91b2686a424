"""What was promised for campaigns, told apart from what came: pledges, and gifts announced and not here yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from core.money import quantize
from core.organisation import current_organisation
from donations.models import Gift, Pledge
from donations.models.rate import rate_on

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Promised:
    """Promises in the base currency. What was paid of pledges stands in the gifts too."""

    pledged: Decimal = _ZERO
    paid: Decimal = _ZERO
    written_off: Decimal = _ZERO
    #: Gifts promised by transfer or cheque that have not come.
    expected: Decimal = _ZERO

    @property
    def open(self) -> Decimal:
        """What is still to come of pledges."""
        return self.pledged - self.paid - self.written_off

    @property
    def to_come(self) -> Decimal:
        """All that is still to come."""
        return self.open + self.expected

    def __add__(self, other: Promised) -> Promised:
        return Promised(
            self.pledged + other.pledged,
            self.paid + other.paid,
            self.written_off + other.written_off,
            self.expected + other.expected,
        )


def promised_by_campaign(campaigns: Iterable[int]) -> dict[int, Promised]:
    """Return what was promised for each of the campaigns alone; two queries, and a rate for each foreign currency."""
    keys = list(campaigns)
    base = current_organisation().base_currency
    found: dict[int, Promised] = defaultdict(Promised)
    pledges = Pledge.objects.filter(campaign__in=keys).order_by().values("campaign", "currency", "pledged_on")
    for row in pledges.annotate(promised=Sum("amount"), came=Sum("paid_amount"), given_up=Sum("written_off_amount")):
        rate = Decimal(1) if row["currency"] == base else rate_on(row["currency"], row["pledged_on"])
        amounts = (quantize(row[name] * rate, base) for name in ("promised", "came", "given_up"))
        found[row["campaign"]] += Promised(*amounts)
    expected = Gift.objects.expected().filter(campaign__in=keys).order_by().values_list("campaign")
    for key, amount in expected.annotate(total=Sum("base_amount")):
        found[key] += Promised(expected=quantize(amount, base))
    return dict(found)
