"""Which promise a payment looks like: asked by the bank import, by batch entry and by the form for a gift.

for expected in expected_for(donor=donor, money=money, on=day, reference="P00042"):
    expected.words      "instalment 3 of the pledge of May 12, 2026, due July 31"
    expected.is_sure    True: the reference names it and the amount fits
    expected.key        for a form; `apply_expected(gift, key, by=user)` does it
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.models import Constituent
from core import clock
from core.money import Money
from core.theme.figures import day_in_words
from donations.models import Gift, Instalment, Pledge, RecurringGift, RecurringKind, RecurringStatus
from donations.promises.errors import PaymentError
from donations.promises.expecting import ExpectedGift, changes_of, gifts_of, next_dates, pair
from donations.promises.paying import apply_payment
from donations.promises.standing import match_recurring

# How near its date a payment is thought to be meant for it.
_NEAR = dt.timedelta(days=45)
_BY_REFERENCE, _BY_AMOUNT, _BY_DATE = 100, 20, 5
#: From this score on a promise is likely enough to be offered as chosen.
LIKELY = _BY_AMOUNT
_NOT_OVER = (RecurringStatus.ACTIVE, RecurringStatus.FAILING, RecurringStatus.PAUSED, RecurringStatus.LAPSED)


@dataclass(frozen=True, slots=True)
class Expected:
    """A promise that a payment may keep, and why we think so."""

    promise: Pledge | RecurringGift
    due_on: dt.date
    #: What is still open of it: of the instalment, or one gift of the series.
    open: Money
    score: int
    is_sure: bool
    instalment: Instalment | None = None

    @property
    def key(self) -> str:
        """Names it in a form."""
        if self.instalment is not None:
            return f"instalment-{self.instalment.pk}"
        return f"recurring-{self.promise.pk}"

    @property
    def donor(self) -> Constituent:
        """Who promised."""
        return self.promise.donor

    @property
    def words(self) -> str:
        """What it is, as it goes on after “This looks like”."""
        due_on = day_in_words(self.due_on, "medium")
        if self.instalment is None:
            words = {"money": self.promise.money, "often": self.promise.frequency, "due": due_on}  # type: ignore[union-attr]
            return _("the recurring gift of %(money)s %(often)s, expected on %(due)s") % words
        pledged_on = day_in_words(self.instalment.pledge.pledged_on, "medium")
        words = {"number": self.instalment.number, "pledged": pledged_on, "due": due_on}
        return _("instalment %(number)d of the pledge of %(pledged)s, due on %(due)s") % words


def expected_for(
    *,
    donor: Constituent | None = None,
    money: Money | None = None,
    on: dt.date | None = None,
    reference: str = "",
    limit: int = 5,
) -> list[Expected]:
    """Return the promises that a payment looks like, the likeliest first; those of the donor, or named by reference.

    Without a donor only a reference leads to a promise. One that is sure may be applied without asking.
    """
    on = on or clock.today()
    tokens = tokens_of(reference)
    if donor is None and not tokens:
        return []
    found = [*_pledges(donor, money, on, tokens), *_recurring(donor, money, on, tokens)]
    found.sort(key=lambda each: (-each.score, each.due_on, each.key))
    return found[:limit]


def tokens_of(reference: str) -> list[str]:
    """Return what of a payment's text may be a reference: up to four words in a row, in upper case as they are kept."""
    words = re.findall(r"[\w./-]+", reference.upper())
    runs = (" ".join(words[start : start + length]) for length in range(1, 5) for start in range(len(words)))
    return list(dict.fromkeys(runs))


def _whose(donor: Constituent | None, tokens: list[str]) -> Q:
    asked = Q(pk__in=[])
    if donor is not None:
        asked |= Q(donor=donor)
    if tokens:
        asked |= Q(reference__in=tokens)
    return asked


def _pledges(donor: Constituent | None, money: Money | None, on: dt.date, tokens: list[str]) -> list[Expected]:
    pledges = Pledge.objects.open().filter(_whose(donor, tokens)).select_related("donor").order_by("pk")
    found = []
    for pledge in pledges[:20]:
        if money is not None and pledge.currency != money.currency:
            continue
        rows = list(pledge.instalments.open())
        chosen = next((row for row in rows if money is not None and row.left == money), rows[0])
        chosen.pledge = pledge
        named = bool(pledge.reference) and pledge.reference in tokens
        fits = money is not None and (chosen.left == money or pledge.left == money or _makes_whole(rows, money.amount))
        near = abs(chosen.due_on - on) <= _NEAR
        score = _score(named, fits, near)
        found.append(Expected(pledge, chosen.due_on, chosen.left, score, named and fits, chosen))
    return found


def _makes_whole(rows: list[Instalment], amount: Decimal) -> bool:
    """Return whether the amount pays exactly the next few instalments."""
    total = Decimal(0)
    for row in rows:
        total += row.left_amount
        if total >= amount:
            return total == amount
    return False


def _recurring(donor: Constituent | None, money: Money | None, on: dt.date, tokens: list[str]) -> list[Expected]:
    waited_for = RecurringGift.objects.filter(kind=RecurringKind.STANDING_ORDER, status__in=_NOT_OVER)
    rows = waited_for.filter(_whose(donor, tokens)).select_related("donor")
    found = []
    for recurring in rows.order_by("pk")[:20]:
        if money is not None and recurring.currency != money.currency:
            continue
        nearest = _nearest_open_date(recurring, on)
        if nearest is None:
            continue
        named = bool(recurring.reference) and recurring.reference in tokens
        fits = money is not None and money.amount == nearest.amount
        score = _score(named, fits, abs(nearest.on - on) <= _NEAR)
        open_money = Money(nearest.amount, recurring.currency)
        found.append(Expected(recurring, nearest.on, open_money, score, named and fits))
    return found


def _nearest_open_date(recurring: RecurringGift, on: dt.date) -> ExpectedGift | None:
    changes = changes_of(recurring)
    dates = next_dates(recurring, changes, on)
    pair(dates, gifts_of(recurring), recurring.frequency)
    free = [each for each in dates if each.gift is None]
    return min(free, key=lambda each: (abs(each.on - on), each.on), default=None)


def _score(named: bool, fits: bool, near: bool) -> int:
    return named * _BY_REFERENCE + fits * _BY_AMOUNT + near * _BY_DATE


@transaction.atomic
def apply_expected(gift: Gift, key: str, *, by: User | None) -> None:
    """Let a gift keep the promise a form names. Raises PaymentError when there is no such promise any more."""
    kind, _dash, pk = key.partition("-")
    if not pk.isdigit():
        raise PaymentError(_("Choose what it is for."))
    if kind == "instalment":
        instalment = Instalment.objects.select_related("pledge").filter(pk=pk).first()
        if instalment is not None:
            apply_payment(gift, instalment=instalment, by=by)
            return
    elif kind == "recurring" and (recurring := RecurringGift.objects.filter(pk=pk).first()) is not None:
        match_recurring(gift, recurring=recurring, by=by)
        return
    raise PaymentError(_("This is expected no more: look again."))
