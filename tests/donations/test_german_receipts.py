"""Confirmations in Germany: the binding words in their order, one page, an annex that adds up, amounts in words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import Money
from donations.errors import ReceiptError
from donations.models import NoticeKind, ReceiptCounter, ReceiptSettings
from donations.receipts.regimes import Issuer, Occasion, de, regime_named
from donations.receipts.words import german_euros
from donations.services.books import check_books
from donations.services.receipt_files import receipt_bytes
from donations.services.receipt_numbers import why_not_receiptable
from donations.services.receipts import issue_receipt, reissue_receipt
from donations.waiting import tax_notice
from tests.donations.receipt_papers import (
    CANADIAN,
    GERMAN,
    NOTICE,
    become,
    facts,
    issued,
    make_donor,
    pages_of,
    words_of,
)
from tests.factories.donations import make_gift

DE = regime_named("de")
TODAY = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def german(db: None) -> Any:
    """A recognised association, on a day in June 2026."""
    become(GERMAN, **NOTICE)
    with time_machine.travel(TODAY, tick=False):
        yield


def in_order(words: str, *parts: str) -> None:
    """Assert that the parts stand in the words, one after the other."""
    at = 0
    for part in parts:
        found = words.find(part, at)
        assert found >= 0, f"“{part}” is missing or out of order in: {words}"
        at = found + len(part)


# Words


_SMALL = (
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn"
)
_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"
_NUMBERS = {"ein": 1, "eine": 1} | {name: value for value, name in enumerate(_SMALL.split())}
_NUMBERS |= {name: 10 * value for value, name in enumerate(_TENS.split(), start=2)}


def read_number(word: str) -> int:
    """Read a German number below a thousand million, as somebody who hears it would: by its largest part first."""
    for part, size in ((" Millionen", 1_000_000), (" Million", 1_000_000), ("tausend", 1_000), ("hundert", 100)):
        before, found, after = word.partition(part)
        if found:
            return read_number(before) * size + (read_number(after.strip()) if after.strip() else 0)
    if word in _NUMBERS:
        return _NUMBERS[word]
    ones, _, tens = word.partition("und")
    return _NUMBERS[ones] + _NUMBERS[tens]


def read_euros(words: str) -> Decimal:
    """Read an amount in words back."""
    euros, _, cents = words.rpartition(" Euro")
    if not euros:
        return Decimal(read_number(words.removesuffix(" Cent"))) / 100
    cents = cents.removeprefix(" und ").removesuffix(" Cent")
    return read_number(euros) + Decimal(read_number(cents) if cents else 0) / 100


@settings(max_examples=400, deadline=None)
@given(st.integers(1, 999_999_999))
def test_an_amount_in_words_reads_back_to_the_amount(cents: int) -> None:
    amount = Decimal(cents) / 100
    assert read_euros(german_euros(Money(amount, "EUR"))) == amount


def test_every_number_below_two_thousand_reads_back() -> None:
    for euros in range(1, 2_000):
        assert read_euros(german_euros(Money(Decimal(euros), "EUR"))) == euros


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1322", "eintausenddreihundertzweiundzwanzig Euro"),
        ("1.01", "ein Euro und ein Cent"),
        ("0.30", "dreißig Cent"),
        ("17016", "siebzehntausendsechzehn Euro"),
        ("1000001", "eine Million eins Euro"),
        ("101000", "einhunderteintausend Euro"),
    ],
)
def test_amounts_are_written_as_one_writes_them(amount: str, words: str) -> None:
    assert german_euros(Money(Decimal(amount), "EUR")) == words


# The models


def test_a_confirmation_of_money_has_the_words_of_the_model_in_their_order(german: None) -> None:
    receipt = issue_receipt(make_gift(make_donor("Łukasz", "Żółć", country="DE"), "1322", currency="EUR"), by=None)
    (page,) = pages_of(receipt_bytes(receipt))
    in_order(
        page,
        de.ISSUER, "Hafenlicht e. V. Kaistraße 12 12345 Musterstadt",
        "Bestätigung über Geldzuwendungen/Mitgliedsbeitrag", de.WITHIN,
        de.DONOR, "Łukasz Żółć 2 Mill Lane",
        "Betrag der Zuwendung - in Ziffern -", "- in Buchstaben -", "Tag der Zuwendung:",
        de.WAIVER, "☐ Ja ☒ Nein",
        "☒ Wir sind wegen Förderung der Jugendhilfe und des Naturschutzes nach dem Freistellungsbescheid des "
        "Finanzamtes Musterstadt, StNr. 12/345/67890, vom 04.03.2025 für den letzten Veranlagungszeitraum 2021 bis "
        "2023 nach § 5 Abs. 1 Nr. 9 des Körperschaftsteuergesetzes von der Körperschaftsteuer und nach § 3 Nr. 6 "
        "des Gewerbesteuergesetzes von der Gewerbesteuer befreit.",
        "Es wird bestätigt, dass die Zuwendung nur zur Förderung der Jugendhilfe und des Naturschutzes verwendet wird.",
        "Musterstadt, 01.06.2026", de.SIGNED, de.NOTE_HEAD, de.LIABILITY, de.VALIDITY,
        "Seite 1 von 1",
    )  # fmt: skip
    for part in ("1.322,00 €", "XXX eintausenddreihundertzweiundzwanzig Euro XXX", "01.03.2026", receipt.serial):
        assert part in page.replace("\u00a0", " ")
    for absent in ("Vielen Dank", "maschinell", de.NO_DUES, de.NO_OTHER):
        assert absent not in page


@pytest.mark.django_db  # dates are written as the organisation's country writes them
def test_a_finding_on_the_statutes_and_an_annex_say_their_own_sentence() -> None:
    values = NOTICE | {"notice_kind": NoticeKind.STATUTES, "statute_purposes": "die Jugendhilfe"}
    sentence = de.notice_sentence(ReceiptSettings(**values))
    assert "nach § 60a AO gesondert festgestellt. Wir fördern nach unserer Satzung die Jugendhilfe." in sentence
    annex = de.notice_sentence(ReceiptSettings(**NOTICE | {"notice_kind": NoticeKind.ANNEX}))
    assert "nach der Anlage zum Körperschaftsteuerbescheid des Finanzamtes" in annex


def test_goods_have_their_own_model_with_value_origin_and_papers(german: None) -> None:
    gift = make_gift(
        make_donor(country="DE"), "480.50", currency="EUR", method="in_kind", goods_origin="private",
        description="Klavier, Baujahr 1998, guter Zustand, Kaufpreis 5.200 €", value_is_documented=True,
    )  # fmt: skip
    (page,) = pages_of(receipt_bytes(issue_receipt(gift, by=None)))
    in_order(
        page, "Bestätigung über Sachzuwendungen", de.WITHIN, de.DONOR, "Wert der Zuwendung - in Ziffern -",
        de.WHAT, "Klavier, Baujahr 1998", f"☒ {de.ORIGIN['private']}", f"☒ {de.PAPERS}", "☒ Wir sind wegen Förderung",
        de.SIGNED, de.LIABILITY,
    )  # fmt: skip
    assert de.WAIVER not in page


def test_a_years_collective_confirmation_has_an_annex_whose_sum_is_the_total(german: None) -> None:
    donor = make_donor(country="DE")
    for month in range(1, 8):
        make_gift(
            donor, f"{month}.10", currency="EUR", on=dt.date(2025, 1 + month % 12, month), waives_expenses=month == 4,
            kind="dues" if month == 5 else "gift",
        )  # fmt: skip
    make_gift(donor, "7", currency="EUR", on=dt.date(2026, 1, 1))
    chair = {"method": "in_kind", "description": "Stuhl", "goods_origin": "unstated"}
    make_gift(donor, "9", currency="EUR", on=dt.date(2025, 3, 3), **chair)
    receipts = sorted(issued(2025), key=lambda receipt: receipt.amount)
    assert [str(receipt.amount) for receipt in receipts] == ["9.000", "28.700"]
    front, *annex = pages_of(receipt_bytes(receipts[1]))
    in_order(
        front, "Sammelbestätigung über Geldzuwendungen/Mitgliedsbeiträge", de.WITHIN, de.DONOR,
        "Gesamtbetrag der Zuwendung - in Ziffern -", "- in Buchstaben -", "Zeitraum der Sammelbestätigung:",
        "☒ Wir sind wegen Förderung", "Es wird bestätigt, dass die Zuwendung nur", de.NO_OTHER, de.WAIVER_IN_ANNEX,
        de.SIGNED, de.LIABILITY, de.VALIDITY,
    )  # fmt: skip
    assert "XXX achtundzwanzig Euro und siebzig Cent XXX" in front
    assert "01.01.2025 bis 31.12.2025" in front
    assert de.WAIVER + " " not in front
    listed = " ".join(annex)
    assert f"Anlage zur Sammelbestätigung vom 1. Juni 2026, Nr. {receipts[1].serial}" in listed
    assert "05.06.2025 Mitgliedsbeitrag nein 5,10" in listed
    assert "04.05.2025 Geldzuwendung ja 4,10" in listed
    assert "Gesamtsumme 28,70" in listed
    assert listed.count("Geldzuwendung nein") == 5
    assert check_books() == []


def test_a_confirmation_stays_on_one_page_with_the_longest_of_everything(german: None) -> None:
    become(
        GERMAN | {"legal_name": "Verein zur Förderung " + "der Nachbarschaftshilfe " * 8},
        **NOTICE | {"purposes": ("der Jugendhilfe und des Naturschutzes, " * 11)[:400], "dues_are_deductible": False},
    )
    gift = make_gift(
        make_donor("Maximiliane" * 3, "von und zu Beispielhausen", country="DE"), "9999999.99", currency="EUR",
        method="in_kind", description=("Klavier, Baujahr 1998, " * 12)[:255], goods_origin="business",
        value_is_documented=True,
    )  # fmt: skip
    assert len(pages_of(receipt_bytes(issue_receipt(gift, by=None)))) == 1
    two = [make_gift(gift.donor, "4999999.99", currency="EUR") for _ in range(2)]
    front, annex = pages_of(receipt_bytes(issue_receipt(two, by=None)))
    assert "Hinweis:" in front
    assert annex.startswith("Anlage zur Sammelbestätigung")


def test_a_replacement_names_the_old_and_copies_are_marked(german: None) -> None:
    old = issue_receipt(make_gift(make_donor(country="DE"), currency="EUR"), by=None)
    new = reissue_receipt(old, by=None, reason="Verschrieben")
    assert f"{new.serial} ersetzt {old.serial}" in words_of(receipt_bytes(new))
    old.refresh_from_db()
    assert "UNGÜLTIG" in words_of(receipt_bytes(old))
    assert "DOPPEL" in words_of(receipt_bytes(new, copy=True))


@pytest.mark.django_db  # dates are written as the organisation's country writes them
def test_made_by_machine_it_says_so_for_money_but_not_for_goods_or_waived_expenses() -> None:
    issuer = de_issuer(machine_notified_on=dt.date(2026, 1, 2))
    for details, said in [
        ({}, True),
        ({"waives_expenses": True}, False),
        ({"method": "in_kind", "description": "Stuhl", "goods_origin": "private"}, False),
    ]:
        wording = DE.wording([DE.assess(facts("10", "EUR", **details))], occasion(issuer))
        assert ("by_machine" in wording.words) is said
    assert any("signature" in lack for lack in DE.lacking(issuer, TODAY.date()))


# Who may, and what


def de_issuer(**values: Any) -> Issuer:
    settings = ReceiptSettings(**NOTICE | values)
    return Issuer("Hafenlicht e. V.", ("Kaistraße 12",), "Musterstadt", "", "M. K.", False, settings)


def occasion(issuer: Issuer) -> Occasion:
    return Occasion(issuer=issuer, issued_on=TODAY.date(), language="de", serial="R2026-000001")


@pytest.mark.django_db  # dates are written as the organisation's country writes them
@pytest.mark.parametrize(
    ("kind", "last"),
    [("exemption", dt.date(2030, 3, 4)), ("annex", dt.date(2030, 3, 4)), ("statutes", dt.date(2028, 3, 4))],
)
def test_a_notice_counts_to_the_day_five_years_or_three(kind: str, last: dt.date) -> None:
    issuer = de_issuer(notice_kind=kind)
    assert DE.lacking(issuer, last) == []
    assert "counted until" in DE.lacking(issuer, last + dt.timedelta(days=1))[0]


def test_an_expired_notice_takes_no_number(german: None) -> None:
    become(GERMAN, **NOTICE | {"notice_date": dt.date(2021, 5, 31)})
    with pytest.raises(ReceiptError, match="counted until"):
        issue_receipt(make_gift(make_donor(country="DE"), currency="EUR"), by=None)
    assert not ReceiptCounter.objects.exists()


def test_what_the_models_leave_open_is_asked_for() -> None:
    blank = dict.fromkeys(("tax_office", "purposes", "notice_kind", "assessment_period"), "")
    empty = de_issuer(**blank, notice_date=None)
    assert len(DE.lacking(empty, TODAY.date())) == 3
    assert "assesses" in DE.lacking(de_issuer(assessment_period=""), TODAY.date())[0]


def test_some_gifts_are_not_confirmed_and_say_why() -> None:
    assert "in euros" in DE.refusal(facts(currency="CHF"))
    assert "German law" in DE.refusal(facts(currency="EUR", advantage=Decimal(1)))
    assert DE.refusal(facts(currency="EUR", advantage=Decimal(1), advantage_kind="token")) == ""
    assert "private or of a business" in DE.refusal(facts(currency="EUR", method="in_kind", description="Stuhl"))
    assert "not described" in DE.refusal(facts(currency="EUR", method="in_kind", goods_origin="private"))


def test_dues_that_nobody_may_deduct_are_not_confirmed(german: None) -> None:
    dues = make_gift(make_donor(country="DE"), currency="EUR", kind="dues")
    assert why_not_receiptable(dues) == ""
    confirmed = issue_receipt(dues, by=None)
    become(GERMAN, **NOTICE | {"dues_are_deductible": False})
    assert "not deductible" in why_not_receiptable(dues)
    with pytest.raises(ReceiptError, match="Void it instead"):
        reissue_receipt(confirmed, by=None, reason="Another name")
    confirmed.refresh_from_db()
    assert not confirmed.is_void
    gift = make_gift(dues.donor, currency="EUR")
    words = words_of(receipt_bytes(issue_receipt(gift, by=None)))
    in_order(words, de.USE[:30], de.NO_DUES_HEAD, f"☒ {de.NO_DUES}", de.SIGNED)


@pytest.mark.django_db
def test_somebody_is_told_half_a_year_before_the_notice_runs_out_and_when_it_has(german: None) -> None:
    become(GERMAN, **NOTICE)
    assert tax_notice(None) is None
    for date, said in ((dt.date(2021, 9, 1), "ask for a new one"), (dt.date(2020, 1, 1), "ran out")):
        become(GERMAN, **NOTICE | {"notice_date": date})
        line = tax_notice(None)
        assert line is not None
        assert said in str(line.text)
    become(CANADIAN, notice_date=dt.date(2001, 1, 1))
    assert tax_notice(None) is None
