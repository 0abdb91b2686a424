"""Receipts in Canada: split receipting at its edges, every element of the checklist, in English and in French."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine

from core.money import Money
from core.organisation.models import Organisation
from donations.errors import ReceiptError
from donations.models import Receipt, ReceiptCounter, Valuation, ValuationMethod
from donations.receipts.delivery import send_receipt
from donations.receipts.regimes import language_for, regime_named
from donations.services.books import check_books
from donations.services.gifts import refund_gift
from donations.services.receipt_files import receipt_bytes
from donations.services.receipts import issue_receipt, reissue_receipt
from tests.donations.receipt_papers import CANADIAN, become, facts, issued, make_donor, words_of
from tests.factories.donations import make_fund, make_gift

CA = regime_named("ca")
AGENCY = "Canada Revenue Agency: canada.ca/charities-giving"
AGENCE = "Agence du revenu du Canada : canada.ca/organismes-bienfaisance-dons"


@pytest.fixture
def canadian(db: None) -> Iterator[Organisation]:
    """A registered charity in Halifax, on a day in June 2026."""
    with time_machine.travel(dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC), tick=False):
        yield become(CANADIAN)


# What counts


@pytest.mark.parametrize(
    ("amount", "advantage", "eligible"),
    [
        ("100.00", "10.00", "100.00"),  # a tenth counts as nothing
        ("100.00", "10.01", "89.99"),
        ("5000.00", "75.00", "5000.00"),  # and so do 75 dollars
        ("5000.00", "75.01", "4924.99"),
        ("100.00", "80.00", "20.00"),  # with four fifths back there still was a gift
    ],
)
def test_what_the_donor_got_back_is_taken_off_unless_it_is_nominal(amount: str, advantage: str, eligible: str) -> None:
    gift = facts(amount, advantage=Decimal(advantage), advantage_description="a dinner")
    line = CA.assess(gift)
    assert CA.refusal(gift) == ""
    assert (line.eligible.plain, line.amount - line.advantage) == (eligible, line.eligible)


@pytest.mark.parametrize("advantage", ["80.01", "81.00", "100.00"])
def test_above_eighty_percent_there_was_no_gift(advantage: str) -> None:
    assert "80 %" in CA.refusal(facts(advantage=Decimal(advantage), advantage_description="a dinner"))


def test_before_split_receipting_whatever_came_back_made_it_no_gift() -> None:
    before = facts(advantage=Decimal(1), advantage_description="a pen", received_on=dt.date(2002, 12, 20))
    assert "80 %" in CA.refusal(before)


def test_some_gifts_get_no_receipt_and_say_why() -> None:
    assert "Canadian dollars" in CA.refusal(facts(currency="USD"))
    assert "donor-advised" in CA.refusal(facts(method="daf"))
    assert "not described" in CA.refusal(facts(method="in_kind"))
    assert "what the donor got back" in CA.refusal(facts(advantage=Decimal(50)))


def test_the_donors_language_decides_then_the_usual_one() -> None:
    assert [language_for(CA, *wished) for wished in [("fr", "en"), ("", "fr"), ("de", ""), ("", "")]] == [
        "fr-ca", "fr-ca", "en-ca", "en-ca",
    ]  # fmt: skip


# What it says


def test_a_receipt_has_every_element_of_the_checklist(canadian: Organisation) -> None:
    gift = make_gift(
        make_donor("Ann Q.", "O’Leary"), "250.00", currency="CAD", on=dt.date(2026, 2, 3),
        advantage_amount=Decimal(40), advantage_description="Dinner at the gala",
    )  # fmt: skip
    with time_machine.travel(dt.datetime(2026, 6, 2, 2, 59, tzinfo=dt.UTC)):  # still the first of June in Halifax
        receipt = issue_receipt(gift, by=None)
    words = words_of(receipt_bytes(receipt))
    for element in [
        "Official receipt for income tax purposes",
        "Harbour Light Foundation",
        "12 Quay Street Halifax NS B3H 1A1",
        "Charity registration number 123456789 RR 0001",
        f"Receipt number {receipt.serial}",
        "Place receipt issued Halifax",
        "Date gift received February 3, 2026",
        "Date receipt issued June 1, 2026",
        "Ann Q. O’Leary 2 Mill Lane",
        "Amount of gift $250.00",
        "Value of advantage $40.00",
        "Description of advantage Dinner at the gala",
        "Eligible amount of gift for tax purposes $210.00",
        "Miriam Castellane, Treasurer Authorized signature",
        AGENCY,
        "Page 1 of 1",
    ]:
        assert element in words
    assert receipt.eligible_money == Money(Decimal(210), "CAD")


def test_a_french_receipt_says_all_of_it_in_french(canadian: Organisation) -> None:
    donor = make_donor("Renée", "Bélanger", language="fr")
    gift = make_gift(
        donor, "1250.50", currency="CAD", on=dt.date(2025, 12, 1), fund=make_fund("Toit"),
        advantage_amount=Decimal(200), advantage_description="Deux billets",
    )  # fmt: skip
    with time_machine.travel(dt.datetime(2026, 12, 24, 12, tzinfo=dt.UTC)):
        old = issue_receipt(gift, by=None)
        receipt = reissue_receipt(old, by=None, reason="Mal orthographié")
    words = words_of(receipt_bytes(receipt)).replace("\u00a0", " ")
    for element in [
        "Reçu officiel aux fins de l’impôt sur le revenu",
        "Merci de votre don : 1 250,50 $.",
        f"Numéro du reçu {receipt.serial}",
        "Numéro d’enregistrement d’organisme de bienfaisance 123456789 RR 0001",
        "Date de réception du don 1er décembre 2025",
        "Date de délivrance du reçu 24 décembre 2026",
        "Lieu de délivrance du reçu Halifax",
        "Renée Bélanger 2 Mill Lane",
        "Montant du don 1 250,50 $",
        "Valeur de l’avantage 200,00 $",
        "Description de l’avantage Deux billets",
        "Montant admissible du don aux fins de l’impôt 1 050,50 $",
        f"Ce reçu annule et remplace le reçu nº {old.serial}.",
        "Signature autorisée",
        AGENCE,
        "Page 1 sur 1",
    ]:
        assert element in words
    assert "ANNULÉ" in words_of(receipt_bytes(Receipt.objects.get(pk=old.pk)))
    assert "COPIE" in words_of(receipt_bytes(receipt, copy=True))


def test_the_e_mail_that_brings_it_speaks_french_too(canadian: Organisation) -> None:
    receipt = issue_receipt(make_gift(make_donor("Renée", "Roy", language="fr"), currency="CAD"), by=None)
    message = send_receipt(receipt, by=None, to="renee@example.org")
    assert message.subject == "Harbour Light vous remercie"
    for words in ("Bonjour Renée,", "Merci de votre don", f"Votre reçu {receipt.serial} est joint"):
        assert words in message.text


def test_a_replacement_cancels_the_old_and_the_spoiled_copy_is_kept_cancelled(canadian: Organisation) -> None:
    old = issue_receipt(make_gift(make_donor(), currency="CAD"), by=None)
    new = reissue_receipt(old, by=None, reason="Misspelt")
    assert f"This receipt cancels and replaces receipt #{old.serial}." in words_of(receipt_bytes(new))
    old.refresh_from_db()
    assert "CANCELLED" in words_of(receipt_bytes(old))
    assert (bool(old.file), len(old.sha256)) == (True, 64)


def test_without_an_advantage_none_is_mentioned(canadian: Organisation) -> None:
    gift = make_gift(make_donor(), "100", currency="CAD", advantage_amount=Decimal(10), advantage_description="a pen")
    words = words_of(receipt_bytes(issue_receipt(gift, by=None)))
    assert "advantage" not in words
    assert "Eligible amount of gift for tax purposes $100.00" in words


def test_property_has_its_value_description_and_a_receipt_of_its_own(canadian: Organisation) -> None:
    donor = make_donor()
    piano = make_gift(donor, "1800", currency="CAD", method="in_kind", description="An upright piano, 1998")
    money = make_gift(donor, "50", currency="CAD")
    with pytest.raises(ReceiptError, match="cannot share"):
        issue_receipt([piano, money], by=None)
    words = words_of(receipt_bytes(issue_receipt(piano, by=None)))
    assert "Description of property An upright piano, 1998" in words
    assert "Fair market value of property $1,800.00" in words
    assert "Amount of gift" not in words
    assert check_books() == []


def test_an_appraiser_is_named_with_address_and_so_is_the_quantity(canadian: Organisation) -> None:
    gift = make_gift(
        make_donor(), "1800", currency="CAD", method="securities", description="Harbour Rail", ticker="HRL",
        quantity=Decimal(120), quantity_unit="shares",
    )  # fmt: skip
    valuation = {"gift": gift, "amount": gift.amount, "valued_on": gift.received_on, "valuer": "L. Roy, 4 Quay Street"}
    Valuation.objects.create(method=ValuationMethod.APPRAISAL, **valuation)
    words = words_of(receipt_bytes(issue_receipt(gift, by=None)))
    assert "Description of property 120 shares of Harbour Rail (HRL)" in words
    assert "Appraised by L. Roy, 4 Quay Street" in words


def test_a_years_receipt_takes_the_money_and_each_thing_gets_its_own(canadian: Organisation) -> None:
    donor = make_donor()
    for amount, day in (("10", "2025-01-01"), ("200", "2025-12-31")):
        make_gift(
            donor, amount, currency="CAD", on=dt.date.fromisoformat(day),
            advantage_amount=Decimal(100 if amount == "200" else 0), advantage_description="a dinner",
        )  # fmt: skip
    make_gift(donor, "900", currency="CAD", on=dt.date(2025, 5, 5), method="in_kind", description="A piano")
    make_gift(donor, "1", currency="CAD", on=dt.date(2026, 1, 1))
    receipts = issued(2025)
    receipts = receipts
    assert sorted(str(receipt.eligible) for receipt in receipts) == ["110.000", "900.000"]
    words = words_of(receipt_bytes(min(receipts, key=lambda receipt: receipt.eligible)))
    assert "Year gifts received 2025" in words
    assert "Advantage for the gift of December 31, 2025: a dinner." in words
    assert "Total 210.00 100.00 110.00" in words


def test_a_refund_cancels_and_replaces_over_the_rest(canadian: Organisation) -> None:
    gift = make_gift(make_donor(), "100", currency="CAD")
    old = issue_receipt(gift, by=None)
    refund_gift(gift, money=Money(Decimal(30), "CAD"), by=None, reason="Paid twice")
    old.refresh_from_db()
    words = words_of(receipt_bytes(old.replaced_by))
    assert "Eligible amount of gift for tax purposes $70.00" in words
    assert f"cancels and replaces receipt #{old.serial}" in words


# What is missing


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"registration_number": "12345"}, "123456789 RR 0001"),
        ({"city": ""}, "place of issue"),
        ({"signatory_name": ""}, "who signs"),
    ],
)
def test_a_charity_with_something_missing_takes_no_number(
    canadian: Organisation, change: dict[str, str], missing: str
) -> None:
    become(CANADIAN | change)
    with pytest.raises(ReceiptError, match=missing):
        issue_receipt(make_gift(make_donor(), currency="CAD"), by=None)
    assert not ReceiptCounter.objects.exists()


def test_a_donor_without_an_address_takes_no_number(canadian: Organisation) -> None:
    with pytest.raises(ReceiptError, match="address of"):
        issue_receipt(make_gift(currency="CAD"), by=None)
    assert not ReceiptCounter.objects.exists()


def test_a_refund_is_not_held_up_when_no_receipt_may_be_issued_any_more(canadian: Organisation) -> None:
    gift = make_gift(make_donor(), "100", currency="CAD")
    old = issue_receipt(gift, by=None)
    become({"registration_number": ""})
    refund_gift(gift, money=Money(Decimal(30), "CAD"), by=None, reason="Paid twice")
    old.refresh_from_db()
    assert old.is_void
    assert Receipt.objects.count() == 1
