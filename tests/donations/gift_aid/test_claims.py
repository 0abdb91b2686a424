"""Claims: gathered once, sent as HMRC reads them, owed back when a gift goes back."""

from __future__ import annotations

import csv
import datetime as dt
import io
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from odfdo import Document

from constituents.services.merging import merge
from core.money import Money
from core.triggers import ProtectedRowError
from donations.errors import GiftAidError
from donations.gift_aid.claiming import (
    draft_schedule,
    gather_again,
    gather_claim,
    note_payment,
    preview_claim,
    send_claim,
    withdraw_claim,
)
from donations.gift_aid.declaring import cancel_declaration, mend_address
from donations.gift_aid.eligibility import eligibility, portions_of
from donations.gift_aid.files import file_bytes, finish_files
from donations.gift_aid.joint import share_gift, split_payment
from donations.gift_aid.rules import Reason
from donations.gift_aid.schedule import western
from donations.gift_aid.small import small_donations
from donations.models import ClaimLine, ClaimState, FileFormat, GiftAidClaim, GiftAidSettings, Grouping, OwedBack
from donations.services.adjusting import adjust_gift
from donations.services.books import check_books
from donations.services.gifts import charge_back_gift, refund_gift, reinstate_gift, void_gift
from tests.donations.gift_aid.conftest import TODAY, pounds
from tests.factories.constituents import make_organisation, make_person
from tests.factories.gift_aid import make_declaration, make_sent_claim

pytestmark = pytest.mark.usefixtures("charity")


def sterling(amount: str) -> Money:
    return Money(Decimal(amount), "GBP")


def gathered(up_to: dt.date = TODAY, **details) -> GiftAidClaim:
    return gather_claim(by=None, up_to=up_to, **details)


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


# The files ---------------------------------------------------------------------------------------------------------


def hmrc_reads(content: bytes) -> dict[str, object]:
    """Read a file as HMRC's own reader does: elements counted, not cells; texts for dates, values for amounts."""
    space = {
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    }
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist()[0] == "mimetype"
        assert archive.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"
        root = ET.fromstring(archive.read("content.xml"))
    table = root.find(".//table:table", space)
    rows = [row.findall("table:table-cell", space) for row in table.findall("table:table-row", space)]

    def text(cell) -> str:
        return "\n".join("".join(p.itertext()) for p in cell.findall("text:p", space))

    def value(cell) -> str:
        return cell.get(f"{{{space['office']}}}value", "")

    return {
        "sheet": table.get(f"{{{space['table']}}}name"),
        "earliest": text(rows[12][3]),
        "over_claimed": value(rows[16][3]),
        "rows": [[text(cell) for cell in row[1:10]] + [value(row[10])] for row in rows[24:1024]],
    }


def test_the_spreadsheet_says_to_hmrcs_reader_what_was_claimed() -> None:
    person = make_person("Zoë", "Łukasz-Pascoe", title="Professor")
    abroad = make_person("Anne-Marie", "O'Hara", title="Baroness")
    make_declaration(person, house="The Old Barn", postcode="tr113xx")
    make_declaration(abroad, house="4 Rue de la Paix, 75002 Paris, France", postcode="", is_abroad=True)
    pounds(person, "80", dt.date(2026, 3, 1))
    pounds(abroad, "1234.5", dt.date(2026, 4, 2))
    claim = make_sent_claim(TODAY)
    seen = hmrc_reads(file_bytes(claim.files.get(format=FileFormat.ODS)))
    assert seen == {
        "sheet": "R68GAD_V1_00_0_EN",
        "earliest": "01/03/26",
        "over_claimed": "",
        "rows": [
            ["1", "Prof", "Zoë", "Lukasz Pascoe", "The Old Barn", "TR11 3XX", "", "", "01/03/26", "80.00"],
            ["2", "", "Anne Marie", "O'Hara", "4 Rue de la Paix, 75002 Paris, France", "X", "", "", "02/04/26", "1234.50"],  # noqa: E501
        ],
    }  # fmt: skip


def test_the_spreadsheet_reads_back_in_a_library_under_hmrcs_headings() -> None:
    pounds(make_declaration(make_person("Ann", "Lee", title="Mrs.")).donor, "12.5")
    claim = make_sent_claim(TODAY)
    table = Document(io.BytesIO(file_bytes(claim.files.get(format=FileFormat.ODS)))).body.tables[0]
    assert table.get_values("B23:K23")[0] == [
        "Item",
        "Title",
        "First name",
        "Last name",
        "House name or number",
        "Postcode",
        "Aggregated donations",
        "Sponsored event",
        "Donation date",
        "Amount",
    ]
    values = table.get_values("B25:K25")[0]
    assert values[:6] == [1, "Mrs", "Ann", "Lee", "12", "SW1A 1AA"]
    assert values[6:8] == [None, None]
    assert (values[8].strftime("%Y-%m-%d"), values[9]) == ("2026-03-01", Decimal("12.5"))
    assert table.get_value("D20") == Decimal("12.5")


def test_the_table_has_the_same_rows_and_no_cell_runs_as_a_formula() -> None:
    pounds(make_declaration(make_person("=HYPERLINK", "Lee")).donor, "12.5")
    claim = make_sent_claim(TODAY)
    text = file_bytes(claim.files.get(format=FileFormat.CSV)).decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(text))
    assert head[0], head[-1] == ("Item", "Amount")
    assert row == ["1", "", "'=HYPERLINK", "Lee", "12", "SW1A 1AA", "", "", "01/03/26", "12.50"]


def test_a_claim_with_more_rows_than_a_file_holds_becomes_several_files() -> None:
    GiftAidSettings.load()
    GiftAidSettings.objects.update(rows_per_file=2)
    donor = make_declaration().donor
    for day in range(1, 6):
        pounds(donor, "10", dt.date(2026, 3, day))
    claim = make_sent_claim(TODAY)
    sheets = [hmrc_reads(file_bytes(file)) for file in claim.files.filter(format=FileFormat.ODS)]
    assert [[row[0] for row in sheet["rows"]] for sheet in sheets] == [["1", "2"], ["1", "2"], ["1"]]
    assert sum((file.amount for file in claim.files.filter(format=FileFormat.ODS)), Decimal(0)) == claim.gift_amount
    assert len(finish_files(claim)) == 6


def test_one_row_a_donor_keeps_financial_years_apart_and_says_the_last_day() -> None:
    donor = make_declaration().donor
    for on in (dt.date(2025, 11, 1), dt.date(2025, 12, 31), dt.date(2026, 1, 1)):
        pounds(donor, "10", on)
    claim = make_sent_claim(TODAY, grouping=Grouping.DONOR)
    assert list(claim.rows.values_list("donated_on", "amount")) == [
        (dt.date(2025, 12, 31), 20),
        (dt.date(2026, 1, 1), 10),
    ]


def test_small_gifts_are_added_together_without_names_up_to_a_thousand_pounds() -> None:
    donors = [make_declaration().donor for _ in range(2)]
    for number in range(36):
        pounds(donors[number % 2], "30", dt.date(2026, 3, 1))
    pounds(donors[0], "30.01")
    claim = make_sent_claim(TODAY, aggregates=True)
    together = claim.rows.exclude(aggregated="")
    assert sorted(together.values_list("amount", flat=True)) == [90, 990]
    assert {(row.first_name, row.last_name, row.house, row.postcode) for row in together} == {("", "", "", "")}
    assert claim.rows.filter(aggregated="").count() == 1
    assert claim.gift_amount == Decimal("1110.01")
    assert check_books() == []


def test_names_lose_nothing_to_hmrcs_reader() -> None:
    assert western("Łukasz") == "Lukasz"
    assert western("Zoë\tŠkoda ") == "Zoë Skoda"
    assert western("Ἀλέξανδρος").isascii()


def test_what_was_sent_stays() -> None:
    pounds(make_declaration().donor, "80")
    claim = make_sent_claim(TODAY)
    for change in (
        lambda: claim.rows.update(amount=1),
        lambda: claim.lines.update(amount=1),
        lambda: claim.files.update(sha256="x"),
        lambda: GiftAidClaim.objects.update(gift_amount=1),
        lambda: claim.lines.all().delete(),
    ):
        with pytest.raises(ProtectedRowError), transaction.atomic():
            change()


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


# Couples, dinners, merges ------------------------------------------------------------------------------------------


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
