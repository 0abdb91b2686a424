"""Claims: gathered once, sent as HMRC reads them, owed back when a gift goes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from donations.errors import GiftAidError
from donations.gift_aid.claiming import (
    draft_schedule,
    gather_again,
    preview_claim,
    send_claim,
    withdraw_claim,
)
from donations.gift_aid.claims import note_payment
from donations.gift_aid.declaring import cancel_declaration
from donations.gift_aid.eligibility import eligibility
from donations.gift_aid.files import file_bytes
from donations.gift_aid.rules import Reason
from donations.gift_aid.small import small_donations
from donations.models import ClaimLine, ClaimState, FileFormat, GiftAidClaim, OwedBack
from donations.services.adjusting import adjust_gift
from donations.services.books import check_books
from donations.services.gifts import charge_back_gift, refund_gift, reinstate_gift, void_gift
from tests.donations.gift_aid.conftest import TODAY, gathered, pounds, sterling
from tests.donations.gift_aid.hmrc import hmrc_reads
from tests.factories.constituents import make_organisation, make_person
from tests.factories.gift_aid import make_declaration, make_sent_claim

pytestmark = pytest.mark.usefixtures("charity")


# What a claim takes ------------------------------------------------------------------------------------------------


def test_a_claim_takes_what_was_declared_and_leaves_the_rest() -> None:
    declared = make_declaration().donor
    pounds(declared, "80", dt.date(2026, 3, 1))
    pounds(declared, "20", dt.date(2026, 11, 20))
    pounds(declared, "500", dt.date(2021, 4, 5))  # its four years ended on 5 April 2025
    pounds(declared, "300", method="payroll")
    pounds(make_person(), "1000")
    pounds(make_organisation(), "1000")
    claim = gathered()
    assert (claim.gift_amount, claim.tax_amount, claim.earliest_on) == (100, 25, dt.date(2026, 3, 1))
    assert claim.lines.count() == 2
    assert check_books() == []


def test_a_preview_writes_nothing() -> None:
    pounds(make_declaration().donor, "80")
    preview = preview_claim(up_to=TODAY)
    assert (str(preview.tax_money), len(preview.schedule.rows)) == ("£20.00", 1)
    assert not GiftAidClaim.objects.exists()
    assert not ClaimLine.objects.exists()


def test_no_gift_is_claimed_twice() -> None:
    donor = make_declaration().donor
    gift = pounds(donor, "80")
    make_sent_claim(TODAY)
    assert eligibility(gift).reason is Reason.CLAIMED
    with pytest.raises(GiftAidError, match="nothing to claim"):
        gathered()
    line = ClaimLine.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ClaimLine.objects.create(claim=line.claim, gift=gift, declaration=line.declaration, amount=80)


def test_one_claim_is_gathered_at_a_time_and_none_of_days_to_come() -> None:
    donor = make_declaration().donor
    pounds(donor, "80")
    with pytest.raises(GiftAidError, match="today or an earlier day"):
        gathered(dt.date(2026, 11, 21))
    gathered()
    with pytest.raises(GiftAidError, match="being gathered already"):
        gathered()


def test_what_is_incomplete_waits_and_the_claim_says_who_and_what_to_mend() -> None:
    whole = make_declaration().donor
    nameless = make_declaration(make_person(given_name="", family_name="Pascoe"))
    pounds(whole, "40")
    pounds(nameless.donor, "60")
    claim = gathered()
    (mend,) = preview_claim_mends(claim)
    assert mend.startswith("Pascoe: the first name is missing")
    assert claim.gift_amount == 40
    send_claim(claim, by=None)
    assert set(ClaimLine.objects.values_list("amount", flat=True)) == {40}
    nameless.donor.given_name = "Jory"
    nameless.donor.save()
    assert gathered().gift_amount == 60


def test_gifts_whose_declaration_is_incomplete_or_unconfirmed_are_named() -> None:
    incomplete = make_declaration(make_person("Ann", "Nance"))
    type(incomplete).objects.update(house="")
    spoken = make_declaration(make_person("Bo", "Rowe"), method="oral")
    for declaration in (incomplete, spoken):
        pounds(declaration.donor, "40")
    assert [mend.message for mend in preview_claim(up_to=TODAY).held_back] == [
        "Ann Nance: the house name or number is missing. Complete the declaration.",
        "Bo Rowe: declared by word of mouth. Send them the written record, then note the day.",
    ]


def preview_claim_mends(claim: GiftAidClaim) -> list[str]:
    return [mend.message for mend in draft_schedule(claim).mends]


def test_a_declaration_cancelled_before_the_claim_is_sent_lets_go_of_its_gifts() -> None:
    kept, ended = make_declaration(), make_declaration()
    pounds(kept.donor, "40")
    pounds(ended.donor, "60")
    claim = gathered()
    cancel_declaration(ended, by=None, cancelled_from=dt.date(2026, 1, 1))
    assert send_claim(claim, by=None).gift_amount == 40
    assert check_books() == []


def test_sending_takes_nothing_that_was_not_gathered() -> None:
    donor = make_declaration().donor
    pounds(donor, "40")
    claim = gathered()
    pounds(donor, "60")
    assert send_claim(claim, by=None).gift_amount == 40


def test_gathering_again_takes_in_what_came_since() -> None:
    donor = make_declaration().donor
    pounds(donor, "40")
    claim = gathered()
    pounds(donor, "60")
    assert gather_again(claim, by=None).gift_amount == 100


# What comes of it --------------------------------------------------------------------------------------------------


def test_what_goes_back_after_the_claim_is_owed_back_with_the_next_one() -> None:
    donor = make_declaration().donor
    gift = pounds(donor, "100")
    first = make_sent_claim(TODAY)
    note_payment(first, by=None, paid_on=TODAY, amount=Decimal(25))
    refund_gift(gift, money=sterling("40"), by=None, reason="Asked for it")
    assert list(OwedBack.objects.values_list("amount", "tax")) == [(40, 10)]
    pounds(donor, "80", dt.date(2026, 11, 19))
    second = make_sent_claim(TODAY)
    assert (second.tax_amount, second.owed_back, str(second.expected_money)) == (20, 10, "£10.00")
    assert hmrc_reads(file_bytes(second.files.get(format=FileFormat.ODS)))["over_claimed"] == "10.00"
    void_gift(gift, by=None, reason="The cheque bounced")
    assert not ClaimLine.objects.filter(gift=gift, is_live=True).exists()
    pounds(donor, "200", dt.date(2026, 11, 19))
    assert make_sent_claim(TODAY).owed_back == 15
    assert check_books() == []


def test_no_more_is_given_back_than_a_claim_brings() -> None:
    donor = make_declaration().donor
    gift = pounds(donor, "1000")
    make_sent_claim(TODAY)
    void_gift(gift, by=None, reason="Bounced")
    pounds(donor, "40")
    assert make_sent_claim(TODAY).owed_back == 0
    pounds(donor, "2000")
    assert make_sent_claim(TODAY).owed_back == 250


def test_a_refund_that_leaves_too_little_for_what_the_donor_got_owes_back_all_of_it() -> None:
    donor = make_declaration().donor
    gift = pounds(donor, "100", advantage_amount=Decimal(25), advantage_description="A print")
    make_sent_claim(TODAY)
    refund_gift(gift, money=sterling("1"), by=None, reason="Overcharged")
    assert OwedBack.objects.get().amount == 100
    assert check_books() == []


def test_a_draft_lets_go_of_a_gift_that_goes_back() -> None:
    donor = make_declaration().donor
    gift, other = pounds(donor, "100"), pounds(donor, "60")
    claim = gathered()
    void_gift(gift, by=None, reason="Typed twice")
    refund_gift(other, money=sterling("20"), by=None, reason="Asked")
    claim.refresh_from_db()
    assert (claim.gift_amount, list(claim.lines.values_list("amount", flat=True))) == (40, [40])
    assert not OwedBack.objects.exists()


def test_money_that_comes_after_all_is_owed_back_no_more() -> None:
    donor = make_declaration().donor
    gift = pounds(donor, "100")
    make_sent_claim(TODAY)
    charge_back_gift(gift, by=None, reason="Not me, said the holder of the card")
    assert OwedBack.objects.get().tax == 25
    reinstate_gift(gift, by=None, reason="The bank ruled for us")
    assert check_books() == []
    assert not OwedBack.objects.filter(taken_back_on=None).exists()
    assert ClaimLine.objects.get().is_live


def test_a_claim_goes_on_over_a_gift_corrected_downwards_and_owes_back_the_difference() -> None:
    gift = pounds(make_declaration().donor, "100")
    make_sent_claim(TODAY)
    right = adjust_gift(gift, by=None, reason="The cheque said 80", money=sterling("80"))
    line = ClaimLine.objects.get(is_live=True)
    assert (line.gift, list(OwedBack.objects.values_list("amount", flat=True))) == (right, [20])
    assert check_books() == []


def test_a_claim_lets_go_of_a_gift_that_was_somebody_elses() -> None:
    declared, other = make_declaration().donor, make_declaration().donor
    gift = pounds(declared, "100")
    make_sent_claim(TODAY)
    right = adjust_gift(gift, by=None, reason="It was the neighbour’s", donor=other)
    assert (OwedBack.objects.get().amount, ClaimLine.objects.filter(is_live=True).exists()) == (100, False)
    assert eligibility(right).is_eligible
    assert check_books() == []


def test_a_refused_claim_is_withdrawn_and_its_gifts_are_claimed_again() -> None:
    pounds(make_declaration().donor, "80")
    claim = make_sent_claim(TODAY)
    withdraw_claim(claim, by=None, reason="HMRC could not read it")
    again = make_sent_claim(TODAY)
    assert again.gift_amount == 80
    note_payment(again, by=None, paid_on=TODAY, amount=Decimal(15))
    again.refresh_from_db()
    assert again.state == ClaimState.PARTLY_PAID
    with pytest.raises(GiftAidError, match="paid or withdrawn"):
        withdraw_claim(again, by=None, reason="Too late")
    assert check_books() == []


# Small donations, topped up without a declaration ------------------------------------------------------------------


def test_small_cash_gifts_without_a_declaration_are_claimed_on_within_ten_times_gift_aid(
    staff_client: Callable[..., Client],
) -> None:
    declared = make_declaration().donor
    pounds(declared, "5", on=dt.date(2026, 4, 10))
    make_sent_claim(TODAY)
    for amount, details in (
        ("30", {}), ("30", {}), ("30.01", {}), ("20", {"method": "cheque"}), ("10", {"kind": "dues"}),
        ("10", {"advantage_amount": Decimal(1), "advantage_description": "A pin"}), ("25", {"on": dt.date(2026, 4, 5)}),
    ):  # fmt: skip
        details = {"method": "cash", "on": dt.date(2026, 5, 1)} | details
        pounds(make_person(), amount, **details)
    pounds(declared, "15", method="cash", on=dt.date(2026, 5, 1))  # a declaration covers it
    this, last, before = small_donations(TODAY)
    assert (this.name, this.gifts, this.received, this.gift_aided) == ("2026/27", 2, 60, 5)
    assert (this.claimable, this.top_up, this.claim_by) == (50, Decimal("12.50"), dt.date(2029, 4, 5))
    assert (last.gifts, last.claimable, before.gifts) == (1, 0, 0)
    page = staff_client().get("/admin/giving/gift-aid/small/").text
    assert "2026/27" in page
    assert "12.50" in page
