"""May the tax on this gift be claimed? The rules at their edges, without a database."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from donations.gift_aid.benefits import most_for_gift
from donations.gift_aid.rules import DeclaredFacts, GivenFacts, Reason, Told, judge
from donations.gift_aid.tax import tax_on
from donations.gift_aid.years import last_claim_day, tax_year, tax_year_bounds, years_later
from donations.models import ClaimPeriod, GiftKind, Method

DECLARED = dt.date(2025, 6, 1)
TODAY = dt.date(2026, 11, 20)


def gift(on: dt.date = dt.date(2026, 3, 1), amount: str = "100", **facts) -> GivenFacts:
    return GivenFacts(
        given_on=on, left=Decimal(amount), **{"method": Method.CHEQUE, "person_is_human": True, "gift_id": 7} | facts
    )


def declaration(on: dt.date = DECLARED, *, past: bool = True, this: bool = True, future: bool = True, **facts):
    return DeclaredFacts(1, on, past, this, future, **facts)


def reason(given: GivenFacts, *declarations: DeclaredFacts, told: tuple[Told, ...] = ()) -> Reason | None:
    return judge(given, declarations or (declaration(),), told, today=TODAY).reason


# Days around the edges of a declaration of 1 June 2025: four years back, the day itself, the day it is cancelled.
NEAR = st.one_of(
    *(
        st.integers(-3, 3).map(lambda days, edge=edge: edge + dt.timedelta(days=days))
        for edge in (dt.date(2021, 6, 1), DECLARED, dt.date(2026, 2, 28), dt.date(2026, 4, 5))
    )
)


@settings(max_examples=150)
@given(
    on=NEAR,
    past=st.booleans(),
    this=st.booleans(),
    future=st.booleans(),
    cancelled=st.one_of(st.none(), NEAR),
)
def test_a_declaration_covers_exactly_the_days_it_names(on, past, this, future, cancelled) -> None:
    covered = (
        (dt.date(2021, 6, 1) <= on < DECLARED and past)
        or (on == DECLARED and (this or future))
        or (on > DECLARED and future)
    ) and not (cancelled and on >= cancelled)
    said = declaration(past=past, this=this, future=future, cancelled_from=cancelled)
    assert (reason(gift(on), said) is None) == covered


def test_four_years_back_count_to_the_day() -> None:
    assert reason(gift(dt.date(2021, 6, 1))) is None
    assert reason(gift(dt.date(2021, 5, 31), last_claim_day=dt.date.max)) is Reason.BEFORE_DECLARATION
    leap = declaration(dt.date(2024, 2, 29))
    assert reason(gift(dt.date(2020, 2, 29)), leap) is None
    assert reason(gift(dt.date(2020, 2, 28)), leap) is Reason.BEFORE_DECLARATION


def test_the_gift_a_declaration_names_is_covered_on_whatever_day_it_comes() -> None:
    only_this = declaration(past=False, future=False, gift_id=7)
    assert reason(gift(dt.date(2025, 9, 9)), only_this) is None
    assert reason(gift(DECLARED, gift_id=8), only_this) is Reason.NOT_COVERED


def test_several_declarations_cover_what_any_of_them_covers_and_the_oldest_is_named() -> None:
    ended = DeclaredFacts(1, dt.date(2023, 1, 1), True, True, True, cancelled_from=dt.date(2024, 1, 1))
    again = DeclaredFacts(2, dt.date(2025, 1, 1), False, True, True)
    assert judge(gift(dt.date(2023, 5, 5)), [ended, again], today=TODAY).declaration == 1
    assert reason(gift(dt.date(2024, 5, 5)), ended, again) is Reason.CANCELLED
    assert judge(gift(dt.date(2025, 5, 5)), [ended, again], today=TODAY).declaration == 2


def test_what_was_taken_back_from_the_beginning_covers_nothing() -> None:
    assert reason(gift(), declaration(cancelled_from=TODAY, counts_never=True)) is Reason.NO_DECLARATION


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"amount": "0"}, Reason.NOT_HERE),
        ({"person_is_human": False}, Reason.ORGANISATION),
        ({"method": Method.IN_KIND}, Reason.GOODS),
        ({"method": Method.SECURITIES}, Reason.GOODS),
        ({"method": Method.PAYROLL}, Reason.PAYROLL),
        ({"method": Method.DONOR_ADVISED_FUND}, Reason.OTHERS_CLAIM),
        ({"died_on": dt.date(2026, 2, 28)}, Reason.LEGACY),
        ({"died_on": dt.date(2026, 3, 1)}, None),
        ({"is_claimed": True}, Reason.CLAIMED),
        ({"last_claim_day": dt.date(2026, 11, 19)}, Reason.TOO_LATE),
        ({"last_claim_day": TODAY}, None),
        ({"kind": GiftKind.DUES}, None),
        ({"kind": GiftKind.DUES, "advantage": Decimal("25.01")}, Reason.BENEFITS),
        ({"advantage": Decimal("25.00")}, None),
        ({"advantage": Decimal(10), "advantages_of_year": Decimal("2500.01")}, Reason.BENEFITS_OF_YEAR),
        ({"advantage": Decimal(99), "is_split": True}, None),
        ({"advantage": Decimal(100), "is_split": True}, Reason.BENEFITS),
        ({"method": Method.CASH}, None),
    ],
)
def test_what_the_gift_itself_says_against_it(facts, expected) -> None:
    assert reason(gift(**facts)) is expected


def test_of_a_split_payment_only_what_is_beyond_the_price_is_claimed() -> None:
    verdict = judge(gift(advantage=Decimal(40), is_split=True), [declaration()], today=TODAY)
    assert (verdict.amount, verdict.declaration) == (Decimal(60), 1)


def test_whoever_pays_too_little_tax_is_left_out_for_just_that_time() -> None:
    told = (Told(dt.date(2025, 4, 6), dt.date(2026, 4, 5)),)
    assert reason(gift(dt.date(2025, 4, 5)), told=told) is None
    assert reason(gift(dt.date(2025, 4, 6)), told=told) is Reason.NOT_ENOUGH_TAX
    assert reason(gift(dt.date(2026, 4, 5)), told=told) is Reason.NOT_ENOUGH_TAX
    assert reason(gift(dt.date(2026, 4, 6)), told=told) is None


def test_a_word_of_mouth_counts_once_it_is_confirmed_and_an_address_is_needed() -> None:
    assert reason(gift(), declaration(is_confirmed=False)) is Reason.UNCONFIRMED
    assert reason(gift(), declaration(has_address=False)) is Reason.NO_ADDRESS
    assert reason(gift(), declaration(has_address=False), DeclaredFacts(2, DECLARED, True, True, True)) is None


@settings(max_examples=80)
@given(amount=st.decimals(min_value=1, max_value=60_000, places=2))
def test_the_limit_for_what_the_donor_got_holds_to_the_penny(amount: Decimal) -> None:
    most = min(amount, Decimal(100)) * Decimal("0.25") + max(amount - 100, Decimal(0)) * Decimal("0.05")
    most = min(most, Decimal(2500))
    on = dt.date(2026, 3, 1)
    assert most_for_gift(amount, on) == most
    assert reason(gift(on, str(amount), advantage=most)) is None
    assert reason(gift(on, str(amount), advantage=most + Decimal("0.01"))) is Reason.BENEFITS


def test_the_limits_of_before_april_2019_hold_for_gifts_of_that_time() -> None:
    assert most_for_gift(Decimal(500), dt.date(2019, 4, 5)) == 25
    assert most_for_gift(Decimal(500), dt.date(2019, 4, 6)) == 45


@settings(max_examples=80)
@given(day=st.dates(dt.date(2010, 1, 1), dt.date(2040, 12, 31)))
def test_every_day_is_in_its_tax_year_and_can_be_claimed_for_four_years_after_it(day: dt.date) -> None:
    first, last = tax_year_bounds(tax_year(day))
    assert first <= day <= last
    assert last_claim_day(day, ClaimPeriod.TAX_YEAR) == years_later(last, 4)


def test_the_tax_year_turns_on_the_sixth_of_april() -> None:
    assert [tax_year(dt.date(2026, 4, day)) for day in (5, 6)] == [2026, 2027]
    assert last_claim_day(dt.date(2022, 4, 5), ClaimPeriod.TAX_YEAR) == dt.date(2026, 4, 5)
    assert last_claim_day(dt.date(2022, 4, 6), ClaimPeriod.TAX_YEAR) == dt.date(2027, 4, 5)


def test_the_tax_is_a_quarter_of_what_was_given() -> None:
    assert tax_on(Decimal(100), TODAY) == Decimal("25.00")
    assert tax_on(Decimal("0.01"), TODAY) == Decimal("0.00")
    assert tax_on(Decimal("33.33"), TODAY) == Decimal("8.33")
