"""Recognition, tributes and matching: thanks go further than money, and never add to it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from constituents.models import Constituent, HouseholdRole, Relationship, RelationshipType
from constituents.services.merging import merge
from core import clock
from core.money import Money
from donations.errors import MatchError, SoftCreditError, TributeError
from donations.metrics import giving_in
from donations.models import (
    Gift,
    GiftKind,
    GivingTotals,
    Match,
    MatchingRule,
    MatchState,
    SoftCredit,
    SoftCreditRole,
    TributeNotice,
)
from donations.services.adjusting import adjust_gift
from donations.services.books import check_books
from donations.services.bulk import NewGift, post_gifts
from donations.services.gifts import charge_back_gift, refund_gift, reinstate_gift, void_gift
from donations.services.matching import claim_match, close_match, receive_match
from donations.services.recognition import credit, withdraw_credit
from donations.services.rollups import drifted_totals
from donations.services.tributes import dedicate, forget_notice, mark_notified, notify_of, remove_dedication
from donations.services.valuing import value_gift
from tests.factories.constituents import make_household, make_organisation, make_person
from tests.factories.donations import make_fund, make_gift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def recognised(person: Constituent) -> tuple[int, Decimal]:
    totals = GivingTotals.objects.filter(constituent=person).first() or GivingTotals()
    return totals.recognition_count, totals.recognition_amount


# Soft credits


def test_recognition_stands_beside_money_and_never_in_it() -> None:
    asker = make_person()
    gift = make_gift(amount="300")
    credit(gift, constituent=asker, role=SoftCreditRole.SOLICITOR, by=None)
    assert recognised(asker) == (1, Decimal(300))
    assert (asker.giving.gift_count, asker.giving.lifetime, asker.giving.with_recognition) == (0, 0, 300)
    assert giving_in(2026).raised == 300
    assert drifted_totals() == []


def test_recognition_shrinks_with_the_gift_and_goes_with_it() -> None:
    asker, gift = make_person(), make_gift(amount="200")
    credit(gift, constituent=asker, role=SoftCreditRole.SOLICITOR, money=usd("100"), by=None)
    refund_gift(gift, money=usd("50"), by=None, reason="Overpaid")
    assert recognised(asker) == (1, Decimal(75))
    void_gift(gift, by=None, reason="The cheque bounced")
    assert recognised(asker) == (0, Decimal(0))
    assert drifted_totals() == []


def test_somebody_recognised_twice_for_a_gift_is_thanked_for_it_once() -> None:
    asker, gift = make_person(), make_gift(amount="200")
    first = credit(gift, constituent=asker, role=SoftCreditRole.SPOUSE, by=None)
    credit(gift, constituent=asker, role=SoftCreditRole.SOLICITOR, money=usd("50"), by=None)
    assert recognised(asker) == (1, Decimal(200))
    withdraw_credit(first, by=None)
    assert recognised(asker) == (1, Decimal(50))


def test_what_cannot_be_recognised_says_why() -> None:
    gift, other = make_gift(amount="20"), make_person()
    with pytest.raises(SoftCreditError, match="theirs already"):
        credit(gift, constituent=gift.donor, role=SoftCreditRole.OTHER, by=None)
    with pytest.raises(SoftCreditError, match="at most"):
        credit(gift, constituent=other, role=SoftCreditRole.OTHER, money=usd("21"), by=None)
    credit(gift, constituent=other, role=SoftCreditRole.OTHER, by=None)
    with pytest.raises(ValidationError, match="already"):
        credit(gift, constituent=other, role=SoftCreditRole.OTHER, by=None)


def test_the_other_adults_at_home_are_recognised_by_themselves() -> None:
    ann, bo, cy = make_person("Ann"), make_person("Bo"), make_person("Cy")
    household = make_household(ann, bo, cy)
    household.memberships.filter(person=cy).update(role=HouseholdRole.CHILD)
    gift = make_gift(ann, "80")
    assert [(each.constituent, each.role) for each in gift.soft_credits.all()] == [(bo, SoftCreditRole.HOUSEHOLD)]
    make_gift(ann, "80", kind=GiftKind.DUES)
    assert recognised(bo) == (1, Decimal(80))
    household.memberships.filter(person=bo).update(until=dt.date(2026, 3, 31))
    make_gift(ann, "80", on=dt.date(2026, 4, 1))
    assert recognised(bo) == (1, Decimal(80))


def test_gifts_posted_in_bulk_recognise_as_single_ones_do() -> None:
    ann, bo = make_person("Ann"), make_person("Bo")
    make_household(ann, bo)
    fund = make_fund()
    gift = Gift(donor=ann, amount=Decimal(40), currency="USD", received_on=dt.date(2026, 2, 1))
    post_gifts([NewGift(gift, [(fund, Decimal(40))])], by=None)
    assert recognised(bo) == (1, Decimal(40))
    assert drifted_totals() == []


def test_recognition_follows_an_adjustment_in_proportion() -> None:
    ann, bo, asker, other = make_person("Ann"), make_person("Bo"), make_person(), make_person()
    make_household(ann, bo)
    gift = make_gift(ann, "500")
    credit(gift, constituent=asker, role=SoftCreditRole.SOLICITOR, money=usd("250"), by=None)
    corrected = adjust_gift(gift, money=usd("50"), by=None, reason="A zero too many")
    assert (recognised(asker), recognised(bo)) == ((1, Decimal(25)), (1, Decimal(50)))
    adjust_gift(corrected, donor=other, by=None, reason="Another Ann")
    assert (recognised(asker), recognised(bo)) == ((1, Decimal(25)), (0, Decimal(0)))
    assert drifted_totals() == []


def test_when_donor_and_recognised_turn_out_to_be_one_the_gift_is_only_theirs() -> None:
    kept, merged = make_person(), make_person()
    gift = make_gift(kept, "60")
    credit(gift, constituent=merged, role=SoftCreditRole.SPOUSE, by=None)
    merge(kept=kept, merged=merged, by=None)
    assert not SoftCredit.objects.exists()
    assert drifted_totals() == []


# Tributes


def test_a_dedication_says_the_same_in_words_and_waits_until_the_family_is_told() -> None:
    gift = make_gift()
    tribute = dedicate(gift, kind="memory", honouree_name="Rose Tanaka", by=None)
    notice = notify_of(tribute, name="Ken Tanaka", street="4 Quay Street", city="Portbury", by=None)
    gift.refresh_from_db()
    assert gift.tribute == "In memory of Rose Tanaka"
    assert list(TributeNotice.objects.waiting()) == [notice]
    told = mark_notified(notice, by=None, how="phone")
    assert (told.notified_how, list(TributeNotice.objects.waiting())) == ("phone", [])
    again = mark_notified(notice, by=None, how="letter")
    assert (again.notified_how, again.notified_at) == ("phone", told.notified_at)
    for verb in (lambda: forget_notice(notice, by=None), lambda: remove_dedication(gift, by=None)):
        with pytest.raises(TributeError):
            verb()


def test_nobody_is_told_of_a_gift_that_is_not_here_and_the_tribute_follows_an_adjustment() -> None:
    gift = make_gift(amount="500")
    notify_of(dedicate(gift, kind="honour", honouree=make_person(), by=None), name="Ken Tanaka", by=None)
    corrected = adjust_gift(gift, money=usd("50"), by=None, reason="A zero too many")
    assert TributeNotice.objects.waiting().get().tribute.gift == corrected
    void_gift(corrected, by=None, reason="The cheque bounced")
    assert not TributeNotice.objects.waiting().exists()


def test_a_dedication_names_somebody() -> None:
    with pytest.raises(ValidationError, match="Say who is honoured"):
        dedicate(make_gift(), kind="memory", by=None)


# Goods


def test_a_valuation_is_kept_beside_the_gift_and_changes_no_books() -> None:
    gift = make_gift(amount="850", method="in_kind", description="Oak table", quantity=Decimal(1))
    value_gift(gift, amount=Decimal(900), method="appraisal", valuer="O. Marchand", valued_on=clock.today(), by=None)
    assert (gift.valuation.amount, gift.net_base_amount) == (900, 850)
    with pytest.raises(ValidationError, match="who appraised"):
        value_gift(gift, amount=Decimal(900), method="appraisal", valued_on=clock.today(), by=None)
    shares = Gift(quantity=Decimal("120.0000"), quantity_unit="shares", description="Northern Ferries", ticker="NFI")
    assert shares.goods == "120 shares of Northern Ferries (NFI)"


# Matching


@pytest.fixture
def employer() -> Constituent:
    return make_organisation("Northern Ferries")


@pytest.fixture
def employee(employer: Constituent) -> Constituent:
    person = make_person("Ann")
    job = RelationshipType.objects.get(key="employee")
    Relationship.objects.create(type=job, first=person, second=employer, since=dt.date(2026, 1, 1))
    return person


def make_rule(employer: Constituent, **details: Any) -> MatchingRule:
    return MatchingRule.objects.create(employer=employer, currency="USD", **details)


def test_a_rule_holds_to_its_ratio_and_limits(employer: Constituent, employee: Constituent) -> None:
    limits = {"minimum": Decimal(25), "maximum": Decimal(300), "maximum_a_year": Decimal(500)}
    make_rule(employer, ratio=Decimal(2), claim_within_days=90, **limits)
    for amount in ("24.99", "100", "400", "30"):
        make_gift(employee, amount)
    make_gift(employee, "100", on=dt.date(2025, 12, 31))
    assert [match.amount for match in Match.objects.order_by("pk")] == [200, 300]
    assert Match.objects.first().claim_by == dt.date(2026, 5, 30)


def test_a_match_follows_the_gift_it_is_for(employer: Constituent, employee: Constituent) -> None:
    make_rule(employer)
    gift = make_gift(employee, "100")
    refund_gift(gift, money=usd("40"), by=None, reason="Overpaid")
    assert Match.objects.get().money == usd("60")
    corrected = adjust_gift(Gift.objects.get(pk=gift.pk), money=usd("80"), by=None, reason="It was eighty")
    match = Match.objects.get()
    assert (match.gift, match.money) == (corrected, usd("80"))
    charge_back_gift(corrected, by=None, reason="Stolen card")
    match.refresh_from_db()
    assert (match.state, match.closed_reason) == (MatchState.CLOSED, "Stolen card")
    reinstate_gift(corrected, by=None, reason="Won")
    match.refresh_from_db()
    assert match.state == MatchState.EXPECTED


def test_the_match_of_a_gift_that_was_anothers_is_given_up(employer: Constituent, employee: Constituent) -> None:
    make_rule(employer)
    adjust_gift(make_gift(employee, "100"), donor=make_person(), by=None, reason="Another Ann")
    assert Match.objects.get().state == MatchState.CLOSED


def test_a_match_is_claimed_received_and_recognised(employer: Constituent, employee: Constituent) -> None:
    make_rule(employer)
    match = claim_match(make_gift(employee, "100").match, claimed_on=clock.today(), by=None)
    other = make_gift(employee, "50").match
    with pytest.raises(MatchError, match="Choose a gift of"):
        receive_match(match, gift=make_gift(amount="100"), by=None)
    cheque = make_gift(employer, "120")
    received = receive_match(match, gift=cheque, by=None)
    assert (received.state, received.received_gift) == (MatchState.RECEIVED, cheque)
    assert recognised(employee) == (1, Decimal(100))
    with pytest.raises(MatchError, match="left for matches"):
        receive_match(other, gift=cheque, by=None)
    receive_match(other, gift=cheque, money=usd("20"), by=None)
    assert recognised(employee) == (1, Decimal(120))
    void_gift(cheque, by=None, reason="The cheque bounced")
    assert set(Match.objects.values_list("state", flat=True)) == {MatchState.CLAIMED, MatchState.EXPECTED}
    assert recognised(employee) == (0, Decimal(0))
    assert check_books() == []


def test_a_match_that_will_not_come_says_why(employer: Constituent, employee: Constituent) -> None:
    make_rule(employer)
    match = close_match(make_gift(employee, "100").match, reason="Too late", by=None)
    assert match.closed_reason == "Too late"
    with pytest.raises(IntegrityError), transaction.atomic():
        Match.objects.filter(pk=match.pk).update(closed_reason="")
