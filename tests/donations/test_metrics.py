"""The numbers about giving: one definition, and identities that always hold."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from constituents.models import Constituent
from constituents.services.splitting import split_household
from core.money import Money
from donations import metrics
from donations.metrics import Switches
from donations.models import Fund, Gift, GiftKind
from donations.services.gifts import record_gift, refund_gift, void_gift
from tests.factories.constituents import make_household, make_person
from tests.harness.examples import drawn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fund() -> Fund:
    return Fund.objects.create(name="Where it is needed most", code="general", is_default=True)


def give(donor: Constituent, amount: str, on: str, **details: object) -> Gift:
    return record_gift(
        donor=donor, money=Money(Decimal(amount), "USD"), received_on=dt.date.fromisoformat(on), by=None, **details
    )


def test_raised_leaves_out_expected_voided_and_refunded_money_and_dues() -> None:
    ann = make_person()
    give(ann, "100", "2026-03-01")
    give(ann, "50", "2026-03-02", post=False)
    give(ann, "30", "2026-03-03", kind=GiftKind.DUES)
    void_gift(give(ann, "70", "2026-03-04"), by=None, reason="Typed twice")
    refund_gift(give(ann, "40", "2026-03-05"), money=Money(Decimal(15), "USD"), by=None, reason="Asked for it")
    giving = metrics.giving_in(2026)
    assert (giving.raised, giving.gifts, giving.donors) == (Decimal(125), 2, 1)
    assert metrics.giving_in(2026, Switches(dues=True)).raised == Decimal(155)


def test_two_givers_of_one_household_are_one_donor_unless_people_are_counted() -> None:
    ann, bo = make_person("Ann", "Lee"), make_person("Bo", "Lee")
    make_household(ann, bo)
    give(ann, "10", "2026-01-05")
    give(bo, "20", "2026-01-06")
    assert metrics.giving_in(2026).donors == 1
    assert metrics.giving_in(2026, Switches(household=False)).donors == 2


def test_a_gift_belongs_to_the_household_of_its_day() -> None:
    ann, bo = make_person("Ann", "Lee"), make_person("Bo", "Lee")
    household = make_household(ann, bo)
    give(ann, "10", "2026-01-05")
    give(bo, "10", "2026-01-05")
    split_household(household, leavers=[bo], by=None, on=dt.date(2026, 2, 1))
    give(bo, "20", "2026-02-06")
    assert metrics.giving_between(dt.date(2026, 1, 1), dt.date(2026, 1, 31)).donors == 1
    assert metrics.giving_in(2026).donors == 2


def test_a_spouses_gift_takes_the_household_off_the_lybunt_list_and_a_promise_does_not() -> None:
    ann, bo, cy = make_person("Ann", "Lee"), make_person("Bo", "Lee"), make_person("Cy", "Ray")
    household = make_household(ann, bo)
    give(ann, "100", "2025-05-01")
    give(cy, "80", "2025-05-01")
    give(cy, "80", "2026-05-01", post=False)
    assert {row["unit"] for row in metrics.lybunt(2026)} == {-household.pk, cy.pk}
    give(bo, "5", "2026-06-01")
    assert {row["unit"] for row in metrics.lybunt(2026)} == {cy.pk}


def test_sybunt_holds_lybunt_unless_told_otherwise() -> None:
    ann, bo = make_person("Ann", "Lee"), make_person("Bo", "Ray")
    give(ann, "100", "2023-05-01")
    give(bo, "80", "2025-05-01")
    assert [row["unit"] for row in metrics.sybunt(2026)] == [ann.pk, bo.pk]
    assert [row["unit"] for row in metrics.sybunt(2026, without_lybunt=True)] == [ann.pk]


def test_months_without_gifts_are_zero() -> None:
    give(make_person(), "12", "2026-02-28")
    months = metrics.raised_by_month(2026)
    assert [amount for _month, amount in months] == [Decimal(0), Decimal(12)] + [Decimal(0)] * 10


def test_a_fiscal_year_is_named_by_the_year_it_ends_in() -> None:
    from core.organisation import current_organisation

    organisation = current_organisation()
    organisation.fiscal_year_start_month = 7
    organisation.save()
    give(make_person(), "12", "2025-07-01")
    assert metrics.giving_in(2026).raised == Decimal(12)
    assert metrics.giving_in(2026, Switches(calendar=True)).raised == Decimal(0)


gifts = st.lists(
    st.tuples(st.integers(0, 4), st.integers(1, 50_000), st.dates(dt.date(2023, 1, 1), dt.date(2026, 10, 31))),
    max_size=12,
)


@drawn(10)
@given(gifts)
def test_gains_less_losses_is_always_the_change_in_what_was_raised(given_gifts: list[tuple[int, int, dt.date]]) -> None:
    with transaction.atomic():
        people = [make_person() for _ in range(5)]
        make_household(people[0], people[1])
        for donor, cents, date in given_gifts:
            money = Money(Decimal(cents) / 100, "USD")
            record_gift(donor=people[donor], money=money, received_on=date, by=None)
        moved = metrics.movement(2026)
        assert moved.gains - moved.losses == moved.raised - moved.raised_before
        assert moved.donors == moved.kept + moved.new_donors + moved.recaptured_donors
        assert moved.donors_before == moved.kept + moved.lapsed_donors
        assert moved.raised == metrics.giving_in(2026).raised
        assert moved.lapsed_donors == metrics.lybunt(2026).count()
        transaction.set_rollback(True)
