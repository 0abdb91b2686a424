"""What a country's receipt rules answer, and the plain facts they answer from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from core.money import Money
from core.organisation.models import Organisation
from donations.models.gift import AdvantageKind, Gift, GiftKind, Method
from donations.models.receipt_settings import ReceiptSettings
from donations.models.valuation import ValuationMethod

# What an e-mail that brings a receipt says where the rules have own words, with `organisation`, `name` and `serial`.
MAIL_WORDS = ("mail_subject", "mail_greeting", "mail_attached")
# Not money. Whether a receipt names its value is for the rules to say.
GOODS_METHODS = frozenset({Method.IN_KIND, Method.SECURITIES})

# How a gift stands with Gift Aid, for the rules of the United Kingdom; empty when nothing is claimed on it.
CLAIMED, CLAIMABLE = "claimed", "claimable"


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
    # Of goods: whoever appraised them, with address, as the receipt names them.
    valued_by: str = ""
    goods_origin: str = ""
    value_is_documented: bool = False
    waives_expenses: bool = False
    gift_aid: str = ""
    # Of goods: how many, as the donor's papers count them: `120` and `shares`.
    quantity: str = ""
    unit: str = ""

    @classmethod
    def of(cls, gift: Gift) -> Facts:
        """Return the facts of a gift; donor and funds are best loaded with it (`for_receipt`)."""
        return cls(
            gift_id=gift.pk,
            received_on=gift.received_on,
            left=gift.left,
            kind=gift.kind,
            method=gift.method,
            description=_name_of(gift),
            advantage=gift.advantage_amount,
            advantage_kind=gift.advantage_kind,
            advantage_description=gift.advantage_description,
            donor_is_person=gift.donor.is_person,
            purpose=gift.fund_names,
            valued_by=_appraiser(gift),
            goods_origin=gift.goods_origin,
            value_is_documented=gift.value_is_documented,
            waives_expenses=gift.waives_expenses,
            quantity=f"{gift.quantity.normalize():f}" if gift.quantity is not None else "",
            unit=gift.quantity_unit,
        )

    @property
    def is_goods(self) -> bool:
        """Whether goods were given rather than money."""
        return self.method in GOODS_METHODS

    @property
    def is_dues(self) -> bool:
        """Whether it was paid for a membership."""
        return self.kind == GiftKind.DUES


def _name_of(gift: Gift) -> str:
    """Return what was given, without how many of it."""
    return (
        f"{gift.description} ({gift.ticker})" if gift.description and gift.ticker else gift.description or gift.ticker
    )


def _appraiser(gift: Gift) -> str:
    valuation = getattr(gift, "valuation", None)
    return valuation.valuer if valuation and valuation.method == ValuationMethod.APPRAISAL else ""


@dataclass(frozen=True, slots=True)
class Line:
    """One gift as the receipt certifies it: `eligible` is `amount` less `advantage`.

    Goods have `is_goods`. Where the rules let a receipt name no value for them they are `is_described`, at zero.
    """

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
    is_goods: bool = False
    valued_by: str = ""
    goods_origin: str = ""
    value_is_documented: bool = False
    waives_expenses: bool = False
    gift_aid: str = ""
    quantity: str = ""
    unit: str = ""


# How a language joins a count to what is counted: English says "of", German nothing; French would have to bend its
# "de" to the word that follows, and a comma is right before any.
OF, BESIDE, COMMA = "%(count)s of %(what)s", "%(count)s %(what)s", "%(count)s, %(what)s"


def said_goods(goods: Facts | Line, joined: str) -> str:
    """Return what was given with how many of it: `120 shares of Harbour Rail (HRL)`, `3 pianos`; as papers say it."""
    if not (goods.quantity and goods.unit and goods.description):
        return " ".join(filter(None, (goods.quantity, goods.unit, goods.description)))
    return joined % {"count": f"{goods.quantity} {goods.unit}", "what": goods.description}


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues, as far as rules ask: names and numbers of the organisation, and its receipt settings."""

    name: str
    address_lines: tuple[str, ...]
    city: str
    registration_number: str
    signatory: str
    has_signature: bool
    settings: ReceiptSettings

    @classmethod
    def of(cls, organisation: Organisation, settings: ReceiptSettings) -> Issuer:
        """Return the organisation as an issuer."""
        return cls(
            name=organisation.printed_name,
            address_lines=tuple(organisation.address_lines),
            city=organisation.city,
            registration_number=organisation.registration_number,
            signatory=organisation.signatory_name,
            has_signature=organisation.signature_id is not None,
            settings=settings,
        )

    @property
    def place(self) -> str:
        """Where receipts are issued: the organisation's own town unless the settings name another."""
        return self.settings.place_of_issue or self.city


@dataclass(frozen=True, slots=True)
class Occasion:
    """One receipt about to be worded: who issues it, when, in which of the rules' languages, and what for.

    `year` is the year that a yearly receipt covers; `replaces` the number of the void one it stands in for.
    """

    issuer: Issuer
    issued_on: dt.date
    language: str
    serial: str = ""
    year: int | None = None
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one receipt, in its language, as they will be printed for ever.

    `items` say for each line what was given. `facts` are further labels with their values, in the order they are
    printed. `words` are those that only the layout of these rules asks for, by name. `marks` are what is written across
    a page: `void`, `copy`, `specimen`; without them they are said in the language.
    """

    title: str
    opening: str = ""
    statements: tuple[str, ...] = ()
    registration: str = ""
    registration_label: str = ""
    closing: str = ""
    items: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)


class Regime(Protocol):
    """A country's rules. Amounts come in and go out as exact money; nothing here touches the database."""

    @property
    def code(self) -> str:
        """As the organisation's settings name it."""

    @property
    def layout(self) -> str:
        """The drawing in `donations.documents` that prints its receipts."""

    @property
    def languages(self) -> tuple[str, ...]:
        """What its receipts can be written in, the first unless donor or settings ask for another: en-ca, fr-ca."""

    @property
    def asks(self) -> tuple[str, ...]:
        """The fields of ReceiptSettings it needs, in the order staff fill them in."""

    @property
    def needs_address(self) -> bool:
        """Whether a receipt has to carry the donor's postal address."""

    def lacking(self, issuer: Issuer, on: dt.date) -> list[str]:
        """Return what keeps the organisation from issuing any receipt that day, each a sentence for staff."""

    def refusal(self, facts: Facts) -> str:
        """Return why the gift cannot be receipted, in words for staff, or an empty string when it can."""

    def assess(self, facts: Facts) -> Line:
        """Return the line a receiptable gift gets."""

    def shelf(self, facts: Facts) -> str:
        """Return what has to be the same of gifts that share a receipt; an empty string when any may."""

    def wording(self, lines: Sequence[Line], occasion: Occasion) -> Wording:
        """Return what a receipt over these lines has to say, with the occasion's language active."""

    def year_bounds(self, year: int) -> tuple[dt.date, dt.date]:
        """Return the first and last day of the donor's tax year."""


def language_for(regime: Regime, *wished: str) -> str:
    """Return the first of the wished languages that the rules can write, in their own form; else their first."""
    for wish in wished:
        for language in regime.languages:
            if wish and language.partition("-")[0] == wish.partition("-")[0]:
                return language
    return regime.languages[0]
