"""What becomes of a gift becomes of what it paid; and a fund that closes hands on what would still come for it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from core.money import Money
from donations.campaigns.closing import close_fund
from donations.errors import FundStateError
from donations.models import ChangeKind, Pledge, RecurringGift
from donations.promises.matching import apply_expected, expected_for
from donations.promises.paying import apply_payment, unapplied
from donations.promises.standing import match_recurring
from donations.services.adjusting import adjust_gift
from donations.services.books import check_books
from donations.services.gifts import charge_back_gift, reinstate_gift
from tests.factories.constituents import make_person
from tests.factories.donations import make_fund, make_gift
from tests.factories.promises import make_pledge, make_recurring

pytestmark = pytest.mark.django_db

USD = "USD"


@pytest.fixture(autouse=True)
def _today(time_machine: Any) -> None:
    time_machine.move_to(dt.datetime(2026, 3, 15, 12, tzinfo=dt.UTC), tick=False)


def paid(pledge: Pledge) -> list[int]:
    """What of each instalment is paid."""
    return [int(row.paid_amount) for row in pledge.instalments.order_by("number")]


def dollars(amount: int) -> Money:
    return Money(Decimal(amount), USD)


def test_a_charge_back_frees_and_its_reversal_pays_again() -> None:
    pledge = make_pledge(amount="300", number=3)
    gift = make_gift(pledge.donor, "200")
    apply_payment(gift, by=None, pledge=pledge)
    charge_back_gift(gift, by=None, reason="Disputed")
    assert paid(pledge) == [0, 0, 0]
    reinstate_gift(gift, by=None, reason="The bank agreed with us")
    assert paid(pledge) == [100, 100, 0]
    assert check_books() == []


def test_a_corrected_gift_pays_what_the_original_paid_and_another_donors_does_not() -> None:
    pledge = make_pledge(amount="300", number=3)
    gift = make_gift(pledge.donor, "300")
    apply_payment(gift, by=None, pledge=pledge)
    smaller = adjust_gift(gift, by=None, reason="Typed wrong", money=dollars(130))
    assert paid(pledge) == [100, 30, 0]
    assert unapplied(smaller) == Money.zero(USD)
    adjust_gift(smaller, by=None, reason="Her sister’s cheque", donor=make_person())
    assert paid(pledge) == [0, 0, 0]
    assert check_books() == []


def test_a_corrected_gift_stays_with_its_recurring_gift_unless_it_is_somebody_elses() -> None:
    recurring = make_recurring(starts_on=dt.date(2026, 3, 1))
    gift = match_recurring(make_gift(recurring.donor, "25"), recurring=recurring, by=None)
    later = adjust_gift(gift, by=None, reason="Wrong day", received_on=dt.date(2026, 3, 4))
    recurring.refresh_from_db()
    assert (later.recurring, recurring.last_paid_on) == (recurring, dt.date(2026, 3, 4))
    theirs = adjust_gift(later, by=None, reason="Another Lee", donor=make_person())
    recurring.refresh_from_db()
    assert (theirs.recurring, recurring.last_paid_on) == (None, None)


def test_a_payment_is_recognised_by_reference_amount_and_donor() -> None:
    pledge = make_pledge(amount="300", number=3)
    recurring = make_recurring(pledge.donor, "25", starts_on=dt.date(2026, 3, 1), reference="Lee monthly")
    by_reference = expected_for(money=dollars(100), reference=f"Transfer {pledge.reference} thank you")
    assert [(each.instalment.number, each.is_sure) for each in by_reference if each.instalment] == [(1, True)]
    whole = expected_for(money=dollars(300), reference=pledge.reference.lower())
    assert whole[0].is_sure
    of_donor = expected_for(donor=pledge.donor, money=dollars(25), on=dt.date(2026, 3, 3))
    assert [each.promise for each in of_donor] == [recurring, pledge]
    assert not of_donor[0].is_sure
    assert expected_for(money=dollars(25), on=dt.date(2026, 3, 3), reference="SEPA lee  monthly 03/26")[0].is_sure
    assert expected_for(money=dollars(100)) == []
    assert expected_for(donor=make_person(), money=dollars(100)) == []


def test_what_was_recognised_is_applied_by_its_key() -> None:
    pledge = make_pledge(amount="300", number=3)
    gift = make_gift(pledge.donor, "100")
    apply_expected(gift, expected_for(donor=pledge.donor, money=gift.money)[0].key, by=None)
    assert paid(pledge) == [100, 0, 0]


def test_a_fund_that_closes_asks_where_its_recurring_gifts_go() -> None:
    make_fund(is_default=True)
    old, new = make_fund("Old boat"), make_fund("New boat")
    recurring = make_recurring(fund=old)
    both = make_recurring(allocations=[(old, Decimal(10)), (new, Decimal(15))])
    with pytest.raises(FundStateError, match="recurring"):
        close_fund(old, by=None)
    close_fund(old, by=None, closed_into=new)
    assert recurring.allocations.get().fund == new
    assert both.allocations.get().amount == 25
    kinds = set(RecurringGift.objects.values_list("changes__kind", flat=True))
    assert ChangeKind.REDIRECTED in kinds
