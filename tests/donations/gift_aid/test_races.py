"""Claims of several people at once, on both databases. Each race has a control that shows it really happens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import transaction

from donations.errors import DonationsError, GiftAidError
from donations.gift_aid.claiming import gather_claim
from donations.gift_aid.small import standing_of
from donations.gift_aid.small_claiming import gather_small_claim, send_small_claim
from donations.gift_aid.small_collecting import add_collection, collect_from_gift
from donations.models import ClaimLine, ClaimState, Gift, GiftAidClaim, SmallClaim, SmallClaimLine, SmallCollection
from donations.services.books import check_books
from tests.donations.gift_aid.conftest import TODAY, pounds
from tests.factories.constituents import make_person
from tests.factories.gift_aid import make_declaration, make_sent_claim

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("charity")]


def test_one_claim_takes_a_gift_however_many_are_gathered_at_once(run_together: Callable) -> None:
    pounds(make_declaration().donor, "80")
    outcomes = run_together(6, lambda _number: gather_claim(by=None, up_to=TODAY).pk)
    assert len([outcome for outcome in outcomes if outcome.value]) == 1
    assert all(isinstance(outcome.error, DonationsError) for outcome in outcomes if outcome.error)
    assert ClaimLine.objects.count() == 1
    assert check_books() == []


def test_control_look_then_claim_takes_it_again_and_again(run_together: Callable) -> None:
    declaration = make_declaration()
    gift = pounds(declaration.donor, "80")
    claim = GiftAidClaim.objects.create(up_to=TODAY, state=ClaimState.WITHDRAWN, withdraw_reason="A control")
    everyone_has_looked = Barrier(6)

    def look_then_claim(_number: int) -> bool:
        free = not ClaimLine.objects.filter(gift=gift).exists()
        everyone_has_looked.wait(timeout=30)
        if free:  # a line that is not live is one the index does not see
            ClaimLine.objects.create(claim=claim, gift=gift, declaration=declaration, amount=Decimal(80), is_live=False)
        return free

    assert [outcome.value for outcome in run_together(6, look_then_claim)] == [True] * 6
    assert ClaimLine.objects.filter(gift=gift).count() == 6


# Small donations (GASDS): a year has a limit, and a gift is claimed on once

YEAR = 2027
SUMMER = dt.date(2026, 6, 1)


@pytest.fixture
def gift_aided(charity: object) -> None:
    """Gift Aid of the tax year was claimed on 100 pounds: small donations may be claimed on up to 1,000."""
    pounds(make_declaration().donor, "100", on=dt.date(2026, 4, 10))
    make_sent_claim(TODAY)


def collected(amount: str) -> SmallCollection:
    return add_collection(by=None, place="The quay", collected_on=SUMMER, amount=Decimal(amount), banked_on=SUMMER)


@transaction.atomic
def claim_what_there_is() -> SmallClaim:
    return send_small_claim(gather_small_claim(by=None, tax_year=YEAR), by=None)


@pytest.mark.usefixtures("gift_aided")
def test_small_claims_at_once_stay_within_what_the_year_allows(run_together: Callable) -> None:
    def collect_and_claim(_number: int) -> Decimal:
        collected("400")
        return claim_what_there_is().amount

    outcomes = run_together(4, collect_and_claim)
    assert sum(outcome.value for outcome in outcomes if outcome.value) == 1_000
    assert all(isinstance(outcome.error, GiftAidError) for outcome in outcomes if outcome.error)
    assert standing_of(YEAR).claimed == standing_of(YEAR).limit == 1_000
    assert check_books() == []


@pytest.mark.usefixtures("gift_aided")
def test_control_look_then_claim_goes_above_what_the_year_allows(run_together: Callable) -> None:
    collections = [collected("400") for _ in range(4)]
    everyone_has_looked = Barrier(4)

    def look_then_claim(number: int) -> None:
        room = standing_of(YEAR).claimable
        everyone_has_looked.wait(timeout=30)
        assert room >= 400
        claim_without_lock(collection=collections[number], amount=Decimal(400))

    run_together(4, look_then_claim)
    assert standing_of(YEAR).claimed == 1_600 > standing_of(YEAR).limit


@pytest.mark.usefixtures("gift_aided")
def test_a_gift_is_claimed_on_for_itself_or_as_a_collection_and_never_as_both(run_together: Callable) -> None:
    gift = pounds(make_person(), "20", on=SUMMER, method="cash")

    def take(number: int) -> object:
        if number % 2:
            return claim_what_there_is()
        return collect_from_gift(gift, by=None, amount=Decimal(20), place="The quay", collected_on=SUMMER)

    run_together(4, take)
    assert standing_of(YEAR).claimed == 20
    assert check_books() == []


@pytest.mark.usefixtures("gift_aided")
def test_control_look_then_take_has_a_gift_twice(run_together: Callable) -> None:
    gift = pounds(make_person(), "20", on=SUMMER, method="cash")
    both_have_looked = Barrier(2)

    def take(number: int) -> None:
        free = not is_taken(gift)
        both_have_looked.wait(timeout=30)
        assert free
        if number:
            claim_without_lock(gift=gift, amount=Decimal(20))
        else:
            add_collection(by=None, amount=Decimal(20), gift=gift, place="The quay", collected_on=SUMMER)

    run_together(2, take)
    assert (gift.small_claim_lines.count(), SmallCollection.objects.filter(gift=gift).count()) == (1, 1)


def is_taken(gift: Gift) -> bool:
    return gift.small_claim_lines.exists() or SmallCollection.objects.filter(gift=gift).exists()


def claim_without_lock(**line: object) -> None:
    """As a claim would be sent by whoever has only looked."""
    details = {"state": ClaimState.SUBMITTED, "submitted_on": TODAY, "most": 8_000, "gift_aided": 100}
    claim = SmallClaim.objects.create(tax_year=YEAR, amount=line["amount"], **details)
    SmallClaimLine.objects.create(claim=claim, is_final=True, **line)
