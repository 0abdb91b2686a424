"""Claims on gifts of couples, on what a dinner left over, and after a merge."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from constituents.services.merging import merge
from donations.gift_aid.declaring import mend_address
from donations.gift_aid.eligibility import eligibility, portions_of
from donations.gift_aid.joint import share_gift, split_payment
from donations.gift_aid.rules import Reason
from donations.models import OwedBack
from donations.services.adjusting import adjust_gift
from donations.services.books import check_books
from donations.services.gifts import refund_gift
from tests.donations.gift_aid.conftest import TODAY, pounds, sterling
from tests.factories.constituents import make_person
from tests.factories.gift_aid import make_declaration, make_sent_claim

pytestmark = pytest.mark.usefixtures("charity")


def test_a_joint_gift_is_claimed_share_by_share_of_those_who_declared() -> None:
    ann, bo = make_person("Ann", "Lee"), make_person("Bo", "Lee")
    make_declaration(ann)
    gift = pounds(ann, "100.01")
    share_gift(gift, by=None, people=[ann, bo])
    assert [(portion.person, portion.verdict.reason) for portion in portions_of([gift])] == [
        (ann, None),
        (bo, Reason.NO_DECLARATION),
    ]
    assert make_sent_claim(TODAY).gift_amount == Decimal("50.01")
    make_declaration(bo)
    assert make_sent_claim(TODAY).gift_amount == 50
    refund_gift(gift, money=sterling("50"), by=None, reason="Half of it")
    assert sum(OwedBack.objects.values_list("amount", flat=True)) == 50
    assert check_books() == []


def test_the_shares_of_a_joint_gift_follow_its_correction_and_so_does_its_claim() -> None:
    ann, bo = make_person("Ann", "Lee"), make_person("Bo", "Lee")
    gift = pounds(ann, "90")
    share_gift(gift, by=None, people=[ann, bo], amounts=[Decimal(60), Decimal(30)])
    make_declaration(ann)
    claim = make_sent_claim(TODAY)
    right = adjust_gift(gift, by=None, reason="The cheque said 60", money=sterling("60"))
    assert [(share.person, share.amount) for share in right.gift_aid_shares.all()] == [(ann, 40), (bo, 20)]
    assert not gift.gift_aid_shares.exists()
    line = claim.lines.get()
    assert (line.gift, line.is_live, line.owed_back.get().amount) == (right, True, 20)
    moved = adjust_gift(right, by=None, reason="It came in April", received_on=dt.date(2026, 4, 10))
    assert sum(OwedBack.objects.values_list("amount", flat=True)) == 60
    make_declaration(bo)
    assert {portion.verdict.is_eligible for portion in portions_of([moved])} == {True}
    assert make_sent_claim(TODAY).gift_amount == 60
    assert check_books() == []


def test_shares_stay_behind_when_the_gift_turns_out_to_be_of_somebody_else() -> None:
    ann, bo = make_person("Ann", "Lee"), make_person("Bo", "Lee")
    gift = pounds(ann, "90")
    share_gift(gift, by=None, people=[ann, bo])
    right = adjust_gift(gift, by=None, reason="Wrong Lee", donor=make_person("Cy", "Lee"))
    assert not right.gift_aid_shares.exists()
    assert not gift.gift_aid_shares.exists()


def test_of_a_split_payment_the_part_beyond_the_price_is_claimed() -> None:
    gift = pounds(make_declaration().donor, "100", advantage_amount=Decimal(40), advantage_description="Dinner")
    assert eligibility(gift).reason is Reason.BENEFITS
    split_payment(gift, by=None, note="The price stood on the invitation")
    right = adjust_gift(gift, by=None, reason="They paid 110", money=sterling("110"))
    assert right.gift_aid_split.note == "The price stood on the invitation"
    assert make_sent_claim(TODAY).gift_amount == 70


def test_a_merge_brings_the_declaration_along_and_claims_nothing_twice() -> None:
    declared, doubled = make_person("Ann", "Lee"), make_person("Anne", "Lee")
    make_declaration(declared)
    pounds(declared, "40")
    make_sent_claim(TODAY)
    pounds(doubled, "60")
    merge(doubled, declared, by=None)
    assert doubled.gift_aid_declarations.count() == 1
    assert make_sent_claim(TODAY).gift_amount == 60
    assert check_books() == []


def test_an_incomplete_address_is_mended_and_the_gift_counts() -> None:
    declaration = make_declaration()
    type(declaration).objects.update(house="")
    gift = pounds(declaration.donor, "80")
    assert eligibility(gift).reason is Reason.NO_ADDRESS
    mend_address(declaration, by=None, house="Flat 2", postcode="tr11 3xx")
    assert eligibility(gift).is_eligible
