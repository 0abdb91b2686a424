"""What the donor of a row has promised: offered beside the row, taken with one key, kept when the batch is posted."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import User
from constituents.models import Constituent
from core.errors import DomainError
from core.money import Money
from core.theme.figures import day_in_words
from donations.models import Appeal, Batch, BatchRow, Fund, Gift, Instalment, RecurringGift, RecurringKind
from donations.promises import pledging, standing
from donations.promises.matching import Expected, apply_expected, expected_for


@dataclass(frozen=True, slots=True)
class Offer:
    """A promise that a row may keep: what it is, and what the row becomes when it is taken."""

    key: str
    words: str
    money: Money
    funds: Sequence[tuple[Fund, Decimal]]
    appeal: Appeal | None


def offer_for(
    batch: Batch,
    donor: Constituent,
    *,
    row: uuid.UUID | None = None,
    amount: Decimal | None = None,
    on: dt.date | None = None,
    reference: str = "",
) -> Offer | None:
    """Return the promise of the donor's that is due and likeliest meant, unless another row of the batch keeps it.

    None when nothing is due about the day: nobody is asked about a promise for next year.
    """
    on = on or batch.received_on
    money = None if amount is None else Money(amount, batch.currency)
    found = expected_for(donor=donor, money=money, on=on, reference=reference)
    others = batch.rows.exclude(promise="") if row is None else batch.rows.exclude(promise="").exclude(key=row)
    taken = set(others.values_list("promise", flat=True))
    due = (each for each in found if each.key not in taken and each.promise.currency == batch.currency)
    expected = next((each for each in due if each.score or each.due_on <= on), None)
    return _offer(expected, money) if expected else None


def _offer(expected: Expected, money: Money | None) -> Offer:
    promise, instalment = expected.promise, expected.instalment
    money = money or expected.open
    if isinstance(promise, RecurringGift):
        funds = standing.funds_of(promise, money)
        words = _standing_order(promise, due_on=expected.due_on)
    else:
        funds = pledging.funds_of(promise, money)
        words = _instalment(instalment) if instalment else expected.words
    return Offer(expected.key, words, money, funds, promise.appeal)


def _instalment(instalment: Instalment) -> str:
    return _("Instalment %(number)d of a pledge: %(money)s due on %(due)s") % {
        "number": instalment.number,
        "money": instalment.left,
        "due": day_in_words(instalment.due_on, "medium"),
    }


def _standing_order(recurring: RecurringGift, *, due_on: dt.date | None = None) -> str:
    words = {"money": recurring.money, "often": recurring.frequency}
    if due_on is None:
        return _("Standing order: %(money)s %(often)s") % words
    return _("Standing order: %(money)s expected on %(due)s") % (words | {"due": day_in_words(due_on, "medium")})


def words_of(rows: Iterable[BatchRow]) -> Mapping[int, str]:
    """Return in words what each row keeps, by the row's key; an empty string for what can be kept no more.

    Rows that keep nothing are left out, and nothing is asked when none does.
    """
    told = {row.pk: row for row in rows if row.promise and row.donor_id}
    if not told:
        return {}
    found = _instalments(told.values()) | _standing_orders(told.values())
    return {pk: found.get((row.promise, row.donor_id), "") for pk, row in told.items()}


def _keys(rows: Iterable[BatchRow], kind: str) -> set[int]:
    named = (row.promise.partition("-") for row in rows)
    return {int(pk) for what, _dash, pk in named if what == kind and pk.isdecimal()}


def _instalments(rows: Iterable[BatchRow]) -> dict[tuple[str, int | None], str]:
    keys = _keys(rows, "instalment")
    found = Instalment.objects.open().filter(pk__in=keys).select_related("pledge") if keys else ()
    return {(f"instalment-{one.pk}", one.pledge.donor_id): _instalment(one) for one in found}


def _standing_orders(rows: Iterable[BatchRow]) -> dict[tuple[str, int | None], str]:
    keys = _keys(rows, "recurring")
    found = RecurringGift.objects.filter(pk__in=keys, kind=RecurringKind.STANDING_ORDER) if keys else ()
    return {(f"recurring-{one.pk}", one.donor_id): _standing_order(one) for one in found}


def keep_promise(gift: Gift, row: BatchRow, *, by: User | None) -> str:
    """Let a gift that was just posted keep what its row names; returns why it cannot, in words, or nothing."""
    try:
        apply_expected(gift, row.promise, by=by)
    except DomainError as error:
        return str(error)
    return ""
