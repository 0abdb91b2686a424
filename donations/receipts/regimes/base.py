"""What a country's receipt rules answer, and the plain facts they answer from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from core.money import Money
from donations.models.gift import AdvantageKind, Gift, GiftKind, Method

# What is given in goods is described on a receipt; its value is kept in the books.
GOODS_METHODS = frozenset({Method.IN_KIND, Method.SECURITIES})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is left of a gift after refunds, as the rules see it."""

    gift_id: int
    received_on: dt.date
    left: Money
    kind: str
    method: str
    description: str
    advantage: Decimal
    advantage_kind: str
    advantage_description: str
    donor_is_person: bool
    purpose: str

    @classmethod
    def of(cls, gift: Gift) -> Facts:
        """Return the facts of a gift; donor and funds are best loaded with it (`for_receipt`)."""
        return cls(
            gift_id=gift.pk,
            received_on=gift.received_on,
            left=gift.left,
            kind=gift.kind,
            method=gift.method,
            description=gift.description,
            advantage=gift.advantage_amount,
            advantage_kind=gift.advantage_kind,
            advantage_description=gift.advantage_description,
            donor_is_person=gift.donor.is_person,
            purpose=gift.fund_names,
        )

    @property
    def is_goods(self) -> bool:
        """Whether goods were given rather than money."""
        return self.method in GOODS_METHODS

    @property
    def is_dues(self) -> bool:
        """Whether it was paid for a membership."""
        return self.kind == GiftKind.DUES


@dataclass(frozen=True, slots=True)
class Line:
    """One gift as the receipt certifies it: `eligible` is `amount` less `advantage`; goods are described, at zero."""

    gift_id: int
    received_on: dt.date
    amount: Money
    advantage: Money
    eligible: Money
    description: str = ""
    purpose: str = ""
    advantage_description: str = ""
    advantage_kind: str = AdvantageKind.GOODS
    is_described: bool = False
    is_dues: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one receipt, in the donor's language, as they will be printed for ever."""

    title: str
    opening: str
    statements: tuple[str, ...]
    registration: str
    registration_label: str
    closing: str


class Regime(Protocol):
    """A country's rules. Amounts come in and go out as exact money; nothing here touches the database."""

    code: str

    def refusal(self, facts: Facts) -> str:
        """Return why the gift cannot be receipted, in words for staff, or an empty string when it can."""

    def assess(self, facts: Facts) -> Line:
        """Return the line a receiptable gift gets."""

    def wording(self, lines: Sequence[Line], *, organisation: str, year: int | None) -> Wording:
        """Return what a receipt over these lines has to say; `year` names the year a yearly one covers."""

    def year_bounds(self, year: int) -> tuple[dt.date, dt.date]:
        """Return the first and last day of the donor's tax year."""
