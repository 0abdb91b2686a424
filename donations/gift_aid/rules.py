"""May the tax on this gift be claimed? Plain facts in, a verdict with the reason out; nothing here asks the database.

Every rule has a name (`Reason`), so that screens can count and lists can filter by it, and a sentence that says what
to do where something can be done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from donations.gift_aid.benefits import most_for_gift, most_in_year
from donations.gift_aid.years import first_covered_before
from donations.models import DeclarationMethod, GiftKind, Method


class Reason(Enum):
    """Why nothing can be claimed."""

    NOT_HERE = "not_here"
    ORGANISATION = "organisation"
    GOODS = "goods"
    PAYROLL = "payroll"
    OTHERS_CLAIM = "others_claim"
    LEGACY = "legacy"
    BENEFITS = "benefits"
    BENEFITS_OF_YEAR = "benefits_of_year"
    NOT_ENOUGH_TAX = "not_enough_tax"
    TOO_LATE = "too_late"
    CLAIMED = "claimed"
    TOPPED_UP = "topped_up"
    NO_DECLARATION = "no_declaration"
    BEFORE_DECLARATION = "before_declaration"
    NOT_COVERED = "not_covered"
    CANCELLED = "cancelled"
    UNCONFIRMED = "unconfirmed"
    NO_ADDRESS = "no_address"

    @property
    def words(self) -> str | Promise:
        """The reason in a sentence for staff, with what to do where something can be done."""
        return _WORDS[self]


_WORDS: dict[Reason, str | Promise] = {
    Reason.NOT_HERE: _("Nothing of the gift is here."),
    Reason.ORGANISATION: _("Gift Aid is for people: an organisation pays no income tax."),
    Reason.GOODS: _("Only gifts of money count: goods and shares have reliefs of their own."),
    Reason.PAYROLL: _("Given through the payroll, before tax: there is none to claim back."),
    Reason.OTHERS_CLAIM: _("It came from a donor-advised fund or charity account, which has claimed the tax itself."),
    Reason.LEGACY: _("It came after the donor’s death: a legacy, not a gift of a taxpayer."),
    Reason.BENEFITS: _(
        "What the donor got in return is worth more than the limit. If they knew its price, split the payment."
    ),
    Reason.BENEFITS_OF_YEAR: _("What the donor got in return this tax year is worth more than the limit for a year."),
    Reason.NOT_ENOUGH_TAX: _("The donor told us that they do not pay enough tax."),
    Reason.TOO_LATE: _("The four years in which it could be claimed are over."),
    Reason.CLAIMED: _("It is in a claim already."),
    Reason.TOPPED_UP: _("It counts as a small donation: HMRC tops a gift up once."),
    Reason.NO_DECLARATION: _("There is no declaration: ask the donor for one."),
    Reason.BEFORE_DECLARATION: _("It was given more than four years before the declaration."),
    Reason.NOT_COVERED: _("The declaration does not cover it: ask the donor for a further one."),
    Reason.CANCELLED: _("The declaration was cancelled before it came."),
    Reason.UNCONFIRMED: _("Declared by word of mouth: send the donor the written record, then it counts."),
    Reason.NO_ADDRESS: _("The declaration lacks the house name or number, or the postcode of the donor’s home."),
}
_GOODS = frozenset({Method.IN_KIND, Method.SECURITIES})


@dataclass(frozen=True, slots=True)
class GivenFacts:
    """One person's gift, or their share of a joint one, in pounds, after refunds."""

    given_on: dt.date
    left: Decimal
    method: str
    person_is_human: bool
    kind: str = GiftKind.GIFT
    gift_id: int = 0
    advantage: Decimal = Decimal(0)
    is_split: bool = False  # the donor knew the price of what they got: only the rest is a gift
    advantages_of_year: Decimal = Decimal(0)  # all that the donor got in the tax year, this one included
    died_on: dt.date | None = None
    is_claimed: bool = False
    is_topped_up: bool = False  # it stands in a claim on small donations
    last_claim_day: dt.date = dt.date.max

    @property
    def claimable(self) -> Decimal:
        """What the tax could be claimed on if nothing else were against it."""
        return max(self.left - self.advantage if self.is_split else self.left, Decimal(0))


@dataclass(frozen=True, slots=True)
class DeclaredFacts:
    """A declaration as the rules see it."""

    pk: int
    declared_on: dt.date
    covers_past: bool
    covers_this: bool
    covers_future: bool
    gift_id: int | None = None  # the gift it names
    method: str = DeclarationMethod.WRITTEN
    is_confirmed: bool = True
    has_address: bool = True
    cancelled_from: dt.date | None = None
    counts_never: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A time for which the donor said that they pay too little tax."""

    since: dt.date
    until: dt.date | None = None

    def covers(self, day: dt.date) -> bool:
        """Return whether the day is in it."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say: the amount the tax may be claimed on and the declaration that allows it, or why not."""

    reason: Reason | None
    amount: Decimal = Decimal(0)
    declaration: int | None = None

    @property
    def is_eligible(self) -> bool:
        """Whether the tax may be claimed."""
        return self.reason is None

    def __str__(self) -> str:
        return str(self.reason.words) if self.reason else ""


def judge(
    given: GivenFacts, declarations: Sequence[DeclaredFacts], told: Iterable[Told] = (), *, today: dt.date
) -> Verdict:
    """Say whether the tax on a gift may be claimed today, and under which declaration; the oldest that covers it."""
    if reason := _of_the_gift(given, today):
        return Verdict(reason)
    if not given.claimable:
        return Verdict(Reason.BENEFITS)
    if any(time.covers(given.given_on) for time in told):
        return Verdict(Reason.NOT_ENOUGH_TAX)
    counted = [declaration for declaration in declarations if not declaration.counts_never]
    covering = [declaration for declaration in counted if not _lack(declaration, given)]
    usable = [declaration for declaration in covering if declaration.is_confirmed and declaration.has_address]
    if usable:
        chosen = min(usable, key=lambda declaration: (declaration.declared_on, declaration.pk))
        return Verdict(None, given.claimable, chosen.pk)
    if covering:
        confirmed = [declaration for declaration in covering if declaration.is_confirmed]
        return Verdict(Reason.NO_ADDRESS if confirmed else Reason.UNCONFIRMED)
    return Verdict(_nearest_lack(counted, given))


def _of_the_gift(given: GivenFacts, today: dt.date) -> Reason | None:
    """What the gift itself says against it, before anybody asks for a declaration."""
    rules: list[tuple[bool, Reason]] = [
        (given.left <= 0, Reason.NOT_HERE),
        (not given.person_is_human, Reason.ORGANISATION),
        (given.method in _GOODS, Reason.GOODS),
        (given.method == Method.PAYROLL, Reason.PAYROLL),
        (given.method == Method.DONOR_ADVISED_FUND, Reason.OTHERS_CLAIM),
        (given.died_on is not None and given.given_on > given.died_on, Reason.LEGACY),
        (given.is_claimed, Reason.CLAIMED),
        (given.is_topped_up, Reason.TOPPED_UP),
        (today > given.last_claim_day, Reason.TOO_LATE),
        (not given.is_split and given.advantage > most_for_gift(given.left, given.given_on), Reason.BENEFITS),
        (
            not given.is_split and given.advantage > 0 and given.advantages_of_year > most_in_year(given.given_on),
            Reason.BENEFITS_OF_YEAR,
        ),
    ]
    return next((reason for holds, reason in rules if holds), None)


def _lack(declaration: DeclaredFacts, given: GivenFacts) -> Reason | None:
    """Why the declaration does not cover the gift; None when it does.

    What counts as “this gift” is the gift that is named, on whatever day it comes, or any of the very day. The gifts to
    come begin with that day, those of the past end before it.
    """
    if declaration.cancelled_from is not None and given.given_on >= declaration.cancelled_from:
        return Reason.CANCELLED
    if declaration.covers_this and declaration.gift_id == given.gift_id and given.gift_id:
        return None
    if given.given_on == declaration.declared_on:
        this = declaration.covers_this and not declaration.gift_id
        return None if this or declaration.covers_future else Reason.NOT_COVERED
    if given.given_on > declaration.declared_on:
        return None if declaration.covers_future else Reason.NOT_COVERED
    if not declaration.covers_past:
        return Reason.NOT_COVERED
    return None if given.given_on >= first_covered_before(declaration.declared_on) else Reason.BEFORE_DECLARATION


_NEARNESS = (Reason.CANCELLED, Reason.BEFORE_DECLARATION, Reason.NOT_COVERED)


def _nearest_lack(declarations: Sequence[DeclaredFacts], given: GivenFacts) -> Reason:
    """Of several declarations none of which covers the gift: the reason that says most."""
    lacks = {_lack(declaration, given) for declaration in declarations}
    return next((reason for reason in _NEARNESS if reason in lacks), Reason.NO_DECLARATION)
