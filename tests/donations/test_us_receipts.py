"""Receipts in the United States: which gifts, which amounts, which sentences."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from core.money import Money
from donations.models import ReceiptSettings
from donations.models.gift import AdvantageKind, GiftKind, Method
from donations.receipts.regimes import Facts, Issuer, Occasion, regime_named
from donations.receipts.regimes.us import token_limits
from donations.receipts.saying import within

US = regime_named("us")


def facts(amount: str = "100", advantage: str = "0", *, year: int = 2023, **details: object) -> Facts:
    values = {
        "gift_id": 1,
        "received_on": dt.date(year, 5, 4),
        "left": Money(Decimal(amount), "USD"),
        "kind": GiftKind.GIFT,
        "method": Method.CHEQUE,
        "description": "",
        "advantage": Decimal(advantage),
        "advantage_kind": AdvantageKind.GOODS,
        "advantage_description": "a concert ticket",
        "donor_is_person": True,
        "purpose": "General fund",
    } | details
    return Facts(**values)


def occasion(year: int | None = None) -> Occasion:
    issuer = Issuer(
        "Harbour Light", ("12 Quay Street",), "Portbury", "04-1234567", "M. Castellane", False, ReceiptSettings()
    )
    return Occasion(issuer=issuer, issued_on=dt.date(2023, 12, 31), language="en", year=year)


def said(*many: Facts, year: int | None = None) -> str:
    lines = [US.assess(one) for one in many]
    return " ".join(US.wording(lines, occasion(year)).statements)


def test_the_eligible_amount_is_the_gift_less_what_came_back() -> None:
    line = US.assess(facts("100", "40"))
    assert (line.amount.plain, line.advantage.plain, line.eligible.plain) == ("100.00", "40.00", "60.00")


@pytest.mark.parametrize(
    ("amount", "advantage", "kind", "counts"),
    [
        ("100", "2.00", AdvantageKind.GOODS, False),  # two percent of the gift
        ("100", "2.01", AdvantageKind.GOODS, True),
        ("6250", "125.00", AdvantageKind.GOODS, False),
        ("10000", "125.01", AdvantageKind.GOODS, True),  # two percent, but above the year's limit
        ("62.50", "12.50", AdvantageKind.TOKEN, False),
        ("62.49", "12.50", AdvantageKind.TOKEN, True),  # too small a gift for a mug
        ("62.50", "12.51", AdvantageKind.TOKEN, True),  # too dear a mug
        ("62.50", "12.50", AdvantageKind.GOODS, True),  # no mug at all
    ],
)
def test_token_benefits_of_2023_count_as_nothing(amount: str, advantage: str, kind: str, counts: bool) -> None:
    line = US.assess(facts(amount, advantage, advantage_kind=kind))
    assert bool(line.advantage) is counts


def test_the_limits_are_those_of_the_gifts_own_year() -> None:
    assert not US.assess(facts("66", "13.20", year=2024, advantage_kind=AdvantageKind.TOKEN)).advantage
    assert US.assess(facts("66", "13.20", year=2023, advantage_kind=AdvantageKind.TOKEN)).advantage


def test_a_year_not_yet_published_takes_the_last_limits_known_and_one_before_them_allows_nothing() -> None:
    assert token_limits(dt.date(2040, 1, 1)) == token_limits(dt.date(2026, 1, 1))
    assert token_limits(dt.date(1999, 1, 1)) is None


def test_one_gift_gets_exactly_one_sentence_about_goods_and_services() -> None:
    assert said(facts()) == "No goods or services were provided in return for this contribution."
    religious = facts(advantage_kind=AdvantageKind.RELIGIOUS)
    assert said(religious) == "You received intangible religious benefits only in return for this contribution."
    small = said(facts("60", "40"))
    assert small == "In return you received a concert ticket, which we estimate in good faith at $40.00."


def test_a_payment_above_75_dollars_partly_for_goods_carries_the_disclosure() -> None:
    assert "limited to the excess" not in said(facts("75", "40"))
    assert "limited to the excess" in said(facts("75.01", "40"))
    assert "limited to the excess" in said(facts("100", "40"))
    assert "limited to the excess" not in said(facts("500"))


def test_goods_are_described_and_never_valued() -> None:
    piano = facts("900", method=Method.IN_KIND, description="An upright piano")
    line = US.assess(piano)
    assert (line.is_described, line.description, line.amount.plain) == (True, "An upright piano", "0.00")
    assert "900" not in said(piano)
    assert "your gift of an upright piano on" in US.wording([line], occasion()).opening


def test_many_gifts_say_for_each_what_came_back() -> None:
    plain, dinner = facts(), facts("200", "80", advantage_description="a dinner", received_on=dt.date(2023, 9, 1))
    assert said(plain, plain) == "No goods or services were provided in return for these contributions."
    words = said(plain, dinner, year=2023)
    assert "In return for your gift of Sept. 1, 2023 you received a dinner" in words
    assert "No goods or services were provided in return for the other gifts." in words
    assert words.count("goods or services were provided in return for the other") == 1


def test_what_gets_no_receipt_says_why() -> None:
    assert "donor-advised fund" in US.refusal(facts(method=Method.DONOR_ADVISED_FUND))
    assert not US.refusal(facts(method=Method.DONOR_ADVISED_FUND, donor_is_person=False))
    assert "worth the whole gift" in US.refusal(facts("40", "40"))
    assert "not described" in US.refusal(facts(method=Method.IN_KIND))


def test_dues_are_receipted_beyond_what_the_membership_is_worth() -> None:
    line = US.assess(facts("100", "35", kind=GiftKind.DUES))
    assert (line.is_dues, line.eligible.plain) == (True, "65.00")


def test_an_article_typed_large_stands_small_within_a_sentence() -> None:
    assert [within(text) for text in ("A dinner", "An oak table", "Opera tickets", "")] == [
        "a dinner",
        "an oak table",
        "Opera tickets",
        "",
    ]
    large = said(facts("100", "40", advantage_description="A dinner"))
    assert large.startswith("In return you received a dinner, which we estimate")
