"""The same cheque once more: same donor, amount and reference within thirty days.

`donations.services.duplicates` asks it of one gift; here it is asked of a whole batch, in two questions however long.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.money import Money
from core.theme.figures import day_in_words
from donations.models import Batch, BatchRow, BatchState, Gift, GiftStatus
from donations.services.duplicates import WITHIN

Sign = tuple[int, Any, str]


@dataclass(frozen=True, slots=True)
class Twin:
    """What a row looks like once more, in words, with the gift when it is one."""

    words: str
    gift: Gift | None = None


def twins_of(batch: Batch, rows: Sequence[BatchRow]) -> dict[int, list[Twin]]:
    """Return, by the key of the row, what each looks like once more; of two in one batch, the later one does."""
    told = [row for row in rows if row.donor_id and row.amount and row.reference.strip()]
    if not told:
        return {}
    found: dict[int, list[Twin]] = defaultdict(list)
    by_sign: dict[Sign, list[BatchRow]] = defaultdict(list)
    for row in told:
        for other in by_sign[_sign(row)]:
            if _near(row.received_on, other.received_on):
                found[row.pk].append(Twin(_("It stands in row %(row)s already.") % {"row": other.position}))
        by_sign[_sign(row)].append(row)
    for gift in _gifts(batch, told):
        for row in by_sign.get(_sign(gift), ()):
            if _near(row.received_on, gift.received_on):
                found[row.pk].append(Twin(_words(gift), gift))
    for elsewhere in _in_other_batches(batch, told):
        for row in by_sign.get(_sign(elsewhere), ()):
            if _near(row.received_on, elsewhere.received_on):
                words = _("It stands in %(batch)s, row %(row)s.")
                found[row.pk].append(Twin(words % {"batch": elsewhere.batch, "row": elsewhere.position}))
    return found


def _gifts(batch: Batch, rows: Sequence[BatchRow]) -> Iterable[Gift]:
    dates = [row.received_on for row in rows]
    return (
        Gift.objects.between(min(dates) - WITHIN, max(dates) + WITHIN)
        .filter(donor__in={row.donor_id for row in rows}, currency=batch.currency)
        .filter(amount__in={row.amount for row in rows})
        .exclude(status__in=[GiftStatus.VOIDED, GiftStatus.CANCELLED])
        .exclude(reference="")
    )


def _in_other_batches(batch: Batch, rows: Sequence[BatchRow]) -> Iterable[BatchRow]:
    return (
        BatchRow.objects.filter(batch__state=BatchState.OPEN, batch__currency=batch.currency)
        .filter(donor__in={row.donor_id for row in rows}, amount__in={row.amount for row in rows})
        .exclude(batch=batch)
        .exclude(reference="")
        .select_related("batch")
    )


def _sign(of: Gift | BatchRow) -> Sign:
    return of.donor_id or 0, of.amount, of.reference.strip().casefold()


def _near(one: dt.date, other: dt.date) -> bool:
    return abs(one - other) <= WITHIN


def _words(gift: Gift) -> str:
    said = {"money": Money(gift.amount, gift.currency), "date": day_in_words(gift.received_on, "medium")}
    return _("On record already: %(money)s of %(date)s, with the same reference.") % said
