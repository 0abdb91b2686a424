"""Keep giving totals beside the ledger, recomputed for the donors touched in the same transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Max, Min, QuerySet, Sum

from core.money import quantize
from core.organisation import current_organisation
from donations.models import Gift, GivingTotals, SoftCredit

_CHUNK = 500
_FIELDS = [
    "gift_count", "lifetime", "largest", "first_gift_on", "last_gift_on", "last_amount",
    "recognition_count", "recognition_amount", "recognition_last_on",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drift:
    """A donor whose kept totals are not what the rows say."""

    constituent_id: int
    kept: dict[str, object]
    true: dict[str, object]


def whose_totals(gifts: Iterable[Gift]) -> set[int]:
    """Return whose totals these gifts stand in: their donors, and who is recognised for them."""
    gifts = list(gifts)
    whose = {gift.donor_id for gift in gifts}
    for keys in _chunks(gift.pk for gift in gifts):
        whose.update(SoftCredit.objects.filter(gift__in=keys).order_by().values_list("constituent", flat=True))
    return whose


def recompute_totals(donor_ids: Iterable[int]) -> None:
    """Write the totals of these donors anew from their gifts, and from those they are recognised for."""
    for ids in _chunks(donor_ids):
        fresh = _from_rows(ids)
        GivingTotals.objects.bulk_create(
            fresh.values(), update_conflicts=True, unique_fields=["constituent"], update_fields=_FIELDS
        )


def rebuild_totals() -> int:
    """Write every donor's totals anew; returns how many rows there are."""
    with transaction.atomic():
        recompute_totals(_everyone_concerned())
    return GivingTotals.objects.count()


def drifted_totals() -> list[Drift]:
    """Return the donors whose kept totals differ from their gifts; empty when all is well."""
    drifts = []
    for ids in _chunks(_everyone_concerned()):
        kept = GivingTotals.objects.in_bulk(ids)
        for donor_id, true in _from_rows(ids).items():
            have = kept.get(donor_id) or GivingTotals(constituent_id=donor_id)
            if _values(have) != _values(true):
                drifts.append(Drift(donor_id, _values(have), _values(true)))
    return drifts


def _everyone_concerned() -> set[int]:
    donors = Gift.objects.order_by().values_list("donor", flat=True).distinct()
    recognised = SoftCredit.objects.order_by().values_list("constituent", flat=True).distinct()
    return {*donors, *recognised, *GivingTotals.objects.values_list("constituent", flat=True)}


def _values(totals: GivingTotals) -> dict[str, object]:
    return {name: getattr(totals, name) for name in _FIELDS}


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    every = sorted(set(ids))
    for start in range(0, len(every), _CHUNK):
        yield every[start : start + _CHUNK]


def _from_rows(ids: list[int]) -> dict[int, GivingTotals]:
    currency = current_organisation().base_currency
    totals = {pk: GivingTotals(constituent_id=pk) for pk in ids}
    # On SQLite sums of decimals come back with more digits than money has: bring them to the currency's unit.
    gifts = Gift.objects.counted().filter(donor__in=ids).order_by()
    for row in gifts.values("donor").annotate(
        number=Count("pk"),
        total=Sum("net_base_amount"),
        biggest=Max("net_base_amount"),
        first=Min("received_on"),
        last=Max("received_on"),
    ):
        kept = totals[row["donor"]]
        kept.gift_count = row["number"]
        kept.lifetime = _amount(row["total"], currency)
        kept.largest = _amount(row["biggest"], currency)
        kept.first_gift_on = row["first"]
        kept.last_gift_on = row["last"]
        # A single gift is the last one; of several it is looked up which is.
        kept.last_amount = kept.lifetime
    last_days = {(pk, kept.last_gift_on) for pk, kept in totals.items() if kept.gift_count > 1}
    if last_days:
        _add_last_amounts(totals, gifts, last_days, currency)
    _add_recognition(totals, currency)
    return totals


def _add_last_amounts(
    totals: dict[int, GivingTotals], gifts: QuerySet[Gift], last_days: set[tuple[int, dt.date | None]], currency: str
) -> None:
    newest = gifts.filter(received_on__in={day for _pk, day in last_days}).order_by("pk")
    for donor, day, amount in newest.values_list("donor", "received_on", "net_base_amount"):
        if (donor, day) in last_days:
            totals[donor].last_amount = _amount(amount, currency)


def _add_recognition(totals: dict[int, GivingTotals], currency: str) -> None:
    """Add what each is recognised for: of the gift's net in base currency, in proportion.

    Somebody recognised twice for one gift, in two roles, is recognised for the larger part: a gift is thanked for once.
    """
    credits = SoftCredit.objects.counted().filter(constituent__in=totals).order_by()
    largest: dict[tuple[int, int], tuple[Decimal, dt.date]] = {}
    for whose, gift, part, whole, net, day in credits.values_list(
        "constituent", "gift", "amount", "gift__amount", "gift__net_base_amount", "gift__received_on"
    ):
        amount = _amount(net * part / whole, currency)
        largest[whose, gift] = max(largest.get((whose, gift), (amount, day)), (amount, day))
    for (whose, _gift), (amount, day) in largest.items():
        kept = totals[whose]
        kept.recognition_count += 1
        kept.recognition_amount = _amount(kept.recognition_amount + amount, currency)
        kept.recognition_last_on = max(kept.recognition_last_on or day, day)


def _amount(amount: Decimal, currency: str) -> Decimal:
    # Three places, as the column keeps it, so that kept and computed totals compare equal.
    return quantize(amount, currency).quantize(Decimal("0.001"))
