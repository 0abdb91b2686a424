"""Bank statements: read in three formats, once; what is sure is applied, the rest waits with suggestions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import triggers
from core.money import Money
from donations.bank.applying import BankError, apply_credit, apply_sure, put_aside, take_back
from donations.bank.matching import suggestions_for
from donations.bank.newcomers import proposed
from donations.bank.readers import StatementError
from donations.bank.reading import read_statement
from donations.models import (
    BankAccount,
    BankCredit,
    BankStatement,
    Checkout,
    CheckoutMode,
    CreditState,
    Gift,
    GiftStatus,
)
from donations.services.adjusting import adjust_gift
from donations.services.books import check_books
from tests.factories.constituents import make_person
from tests.factories.donations import make_fund, make_gift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]

CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt>
<Ntry><Amt Ccy="USD">25.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt>
 <AcctSvcrRef>A1</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>GIFT-0007</EndToEndId></Refs>
 <RltdPties><Dbtr><Nm>Ann Lee</Nm></Dbtr><DbtrAcct><Id><IBAN>GB33BUKB20201555555555</IBAN></Id></DbtrAcct></RltdPties>
 <RmtInf><Ustrd>For the</Ustrd><Ustrd>roof</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="USD">30.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
 <BookgDt><Dt>2026-03-03</Dt></BookgDt>
 <NtryDtls>
 <TxDtls><Refs><TxId>B1</TxId></Refs><Amt Ccy="USD">10.00</Amt>
  <RltdPties><Dbtr><Nm>Bo Ray</Nm></Dbtr></RltdPties></TxDtls>
 <TxDtls><Refs><TxId>B2</TxId></Refs><Amt Ccy="USD">20.00</Amt>
  <RltdPties><Dbtr><Nm>CY FOX</Nm><PstlAdr><StrtNm>Quay Street</StrtNm><BldgNb>7</BldgNb><PstCd>04101</PstCd>
   <TwnNm>Portbury</TwnNm></PstlAdr></Dbtr></RltdPties></TxDtls>
 </NtryDtls></Ntry>
<Ntry><Amt Ccy="USD">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-03</Dt></BookgDt></Ntry>
<Ntry><Amt Ccy="USD">9.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts><BookgDt><Dt>2026-03-03</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>"""

OFX = """OFXHEADER:100
DATA:OFXSGML

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD<BANKTRANLIST>
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260302120000[-5:EST]<TRNAMT>25.00<FITID>F1<NAME>Ann Lee<MEMO>Smith &amp; Co
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260303<TRNAMT>-4.50<FITID>F2<NAME>Bank fee
</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"""

GERMAN = (
    "Buchungstag;Verwendungszweck;Beguenstigter/Zahlungspflichtiger;Kontonummer/IBAN;Betrag\n"
    "02.03.2026;Spende GIFT-0007;Zoë Müller;DE89 3704 0044 0532 0130 00;1.234,50\n"
    "13.03.2026;Gebühr;Bank;;-3,20\n"
)
ENGLISH = (
    "Statement of the gifts account\n\nDate,Description,Money in,Money out\n"
    "13/03/2026,CASH,20.00,\n13/03/2026,CASH,20.00,\n14/03/2026,FEE,,1.00\n"
)


@pytest.fixture
def account() -> BankAccount:
    make_fund("General", is_default=True)
    return BankAccount.objects.create(name="Gifts account", currency="USD")


@pytest.fixture
def read(account: BankAccount, tmp_path: Path) -> Callable[..., BankStatement]:
    def reading(content: str, **columns: str) -> BankStatement:
        path = tmp_path / "statement"
        path.write_text(content, encoding="utf-8")
        return read_statement(path, name="march.txt", account=account, by=None, columns=columns)

    return reading


def lines(statement: BankStatement) -> list[tuple[str, str, str]]:
    rows = statement.lines.order_by("pk")
    return [(row.booked_on.isoformat(), row.money.plain, row.payer) for row in rows]


def credit(
    read: Callable, *, amount: str = "25.00", reference: str = "", payer: str = "", iban: str = ""
) -> BankCredit:
    columns = "Date,Amount,Name,IBAN,Reference\n"
    statement = read(f"{columns}2026-03-02,{amount},{payer},{iban},{reference}\n")
    return statement.lines.get()


# Reading


def test_camt_lists_each_payment_of_an_entry_and_leaves_out_debits_and_what_is_not_booked(read: Callable) -> None:
    statement = read(CAMT)
    assert lines(statement) == [
        ("2026-03-02", "25.00", "Ann Lee"),
        ("2026-03-03", "10.00", "Bo Ray"),
        ("2026-03-03", "20.00", "CY FOX"),
    ]
    first = statement.lines.order_by("pk").first()
    assert (first.reference, first.text, first.payer_account) == ("GIFT-0007", "For the roof", "GB33BUKB20201555555555")
    assert (statement.credits, statement.debits) == (3, 1)


def test_ofx_is_read_though_its_tags_are_not_closed(read: Callable) -> None:
    statement = read(OFX)
    assert lines(statement) == [("2026-03-02", "25.00", "Ann Lee")]
    assert statement.lines.get().text == "Smith & Co"


def test_csv_is_read_with_the_marks_and_headings_of_its_country(read: Callable) -> None:
    assert lines(read(GERMAN)) == [("2026-03-02", "1234.50", "Zoë Müller")]
    assert [day for day, _amount, _payer in lines(read(ENGLISH))] == ["2026-03-13", "2026-03-13"]


def test_headings_that_are_not_known_are_asked_for_and_remembered(read: Callable, account: BankAccount) -> None:
    content = "Wann,Wieviel,Wer\n2026-03-02,25.00,Ann Lee\n"
    with pytest.raises(StatementError, match=r"which column holds the day\. The file has: Wann, Wieviel, Wer"):
        read(content)
    assert lines(read(content, date="Wann", amount="Wieviel", payer="Wer")) == [("2026-03-02", "25.00", "Ann Lee")]
    assert lines(read(content.replace("25.00", "26.00"))) == [("2026-03-02", "26.00", "Ann Lee")]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (CAMT.replace("<Document", '<!DOCTYPE x [<!ENTITY a "b">]><Document'), "document type"),
        (CAMT.replace("</Stmt>", ""), "not well-formed"),
        (CAMT.replace("USD", "CHF"), "CHF"),
        (OFX.replace("25.00", "lots"), "Transaction 1"),
        ("Date,Amount\n2026-03-02,lots\n", "Row 2"),
        ("Date,Amount\n2999-03-02,5\n", "still to come"),
        ("", "nothing in this file"),
    ],
)
def test_what_cannot_be_read_is_refused_whole_and_says_where(read: Callable, content: str, why: str) -> None:
    with pytest.raises(StatementError, match=why):
        read(content)
    assert not BankStatement.objects.exists()


@pytest.mark.parametrize("content", [CAMT, OFX, GERMAN, ENGLISH])
def test_reading_a_statement_twice_changes_nothing(read: Callable, content: str) -> None:
    first = read(content)
    again = read(content)
    assert (again.credits, again.known) == (first.credits, first.credits)
    assert BankCredit.objects.count() == first.credits


def test_two_credits_alike_are_two_and_a_statement_that_overlaps_adds_only_the_new_one(read: Callable) -> None:
    read(ENGLISH)
    assert BankCredit.objects.count() == 2
    read(ENGLISH + "13/03/2026,CASH,20.00,\n")
    assert BankCredit.objects.count() == 3


def test_what_the_bank_said_cannot_be_changed(read: Callable) -> None:
    row = credit(read)
    with pytest.raises(triggers.ProtectedRowError):
        BankCredit.objects.filter(pk=row.pk).update(amount=1)


# Matching


def test_a_gift_that_is_being_paid_online_is_no_transfer(read: Callable) -> None:
    gift = make_gift(make_person("Ann", "Lee"), "25", post=False, reference="GIFT-0007", on=dt.date(2026, 2, 1))
    Checkout.objects.create(token=uuid4(), donor=gift.donor, gift=gift, mode=CheckoutMode.PAYMENT)
    assert suggestions_for(credit(read, reference="GIFT-0007")) == []


def test_a_promise_named_by_its_reference_with_its_amount_is_kept_by_itself(read: Callable) -> None:
    gift = make_gift(make_person("Ann", "Lee"), "25", post=False, reference="GIFT-0007", on=dt.date(2026, 2, 1))
    row = credit(read, reference="Thanks! gift-0007", payer="Somebody Else")
    list(apply_sure(row.statement, by=None))
    gift.refresh_from_db()
    row.refresh_from_db()
    assert (gift.status, gift.received_on) == (GiftStatus.POSTED, dt.date(2026, 3, 2))
    assert (row.state, row.gift, row.was_sure) == (CreditState.APPLIED, gift, True)
    assert check_books() == []


def test_a_reference_with_another_amount_waits_for_somebody(read: Callable) -> None:
    make_gift(make_person("Ann", "Lee"), "30", post=False, reference="GIFT-0007")
    row = credit(read, reference="GIFT-0007")
    assert [applied for _credit, applied, _why in apply_sure(row.statement, by=None)] == [None]
    assert suggestions_for(row)[0].words.startswith("the gift promised")
    with pytest.raises(BankError, match="was promised and"):
        apply_credit(row, key=suggestions_for(row)[0].key, by=None)


def test_two_promises_that_fit_alike_are_for_somebody_to_settle(read: Callable) -> None:
    for name in ("Ann", "Bo"):
        make_gift(make_person(name, "Lee"), "25", post=False, reference="ROOF2026")
    row = credit(read, reference="ROOF2026")
    assert not any(each.is_sure for each in suggestions_for(row))


def test_a_payer_known_by_their_account_comes_first_and_one_known_by_name_is_suggested(read: Callable) -> None:
    ann, zoe = make_person("Ann", "Lee"), make_person("Zoe", "Zell")
    first = credit(read, payer="A LEE", iban="GB33BUKB20201555555555")
    apply_credit(first, key=f"donor-{ann.pk}", by=None)
    again = credit(read, amount="40.00", payer="A LEE", iban="GB33 BUKB 2020 1555 5555 55")
    assert [each.donor for each in suggestions_for(again)] == [ann]
    assert suggestions_for(credit(read, amount="41.00", payer="Zell Zoe"))[0].donor == zoe
    assert suggestions_for(credit(read, amount="42.00", payer="Nobody Known")) == []


# Applying


def test_a_new_gift_is_dated_when_the_money_was_booked(read: Callable) -> None:
    row = apply_credit(credit(read, reference="Roof"), key=f"donor-{make_person('Ann', 'Lee').pk}", by=None)
    assert (row.gift.received_on, row.gift.money, row.gift.method) == (
        dt.date(2026, 3, 2), Money(Decimal("25.00"), "USD"), "transfer",
    )  # fmt: skip


def test_a_credit_is_applied_once(read: Callable) -> None:
    row, key = credit(read), f"donor-{make_person('Ann', 'Lee').pk}"
    apply_credit(row, key=key, by=None)
    with pytest.raises(BankError, match="decided about"):
        apply_credit(row, key=key, by=None)
    assert Gift.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_applying_one_credit_make_one_gift(read: Callable, run_together: Callable) -> None:
    row, key = credit(read), f"donor-{make_person('Ann', 'Lee').pk}"
    outcomes = run_together(4, lambda _number: apply_credit(row, key=key, by=None))
    assert sum(outcome.error is None for outcome in outcomes) == 1
    assert Gift.objects.count() == 1


def test_taking_back_voids_the_gift_and_the_credit_waits_again(read: Callable) -> None:
    row = apply_credit(credit(read), key=f"donor-{make_person('Ann', 'Lee').pk}", by=None)
    gift = row.gift
    row = take_back(row, by=None, reason="Wrong Ann")
    gift.refresh_from_db()
    assert (row.state, row.gift, gift.status) == (CreditState.WAITING, None, GiftStatus.VOIDED)
    assert check_books() == []


def test_an_adjusted_gift_leads_the_credit_to_the_one_that_counts(read: Callable) -> None:
    row = apply_credit(credit(read), key=f"donor-{make_person('Ann', 'Lee').pk}", by=None)
    replacement = adjust_gift(row.gift, by=None, reason="Wrong day", received_on=dt.date(2026, 3, 1))
    row.refresh_from_db()
    assert row.gift == replacement


def test_what_is_no_gift_is_put_aside_with_a_reason(read: Callable) -> None:
    row = put_aside(credit(read), by=None, reason="Rent of the hall")
    assert (row.state, row.why, row.gift) == (CreditState.ASIDE, "Rent of the hall", None)


# On screen


@pytest.mark.django_db(transaction=True)
def test_a_statement_is_uploaded_the_sure_ones_are_applied_and_the_rest_is_asked_one_after_the_other(
    staff_client: Callable, account: BankAccount, run_jobs: Callable
) -> None:
    make_gift(make_person("Ann", "Lee"), "25", post=False, reference="GIFT-0007", on=dt.date(2026, 2, 1))
    bo = make_person("Bo", "Ray")
    client = staff_client()
    upload = SimpleUploadedFile("march.xml", CAMT.encode(), content_type="application/xml")
    answer = client.post("/admin/bank-statements/read/", {"account": account.pk, "file": upload})
    assert answer.status_code == 302, answer.context["form"].errors
    run_jobs()
    waiting = {row.payer: row for row in BankCredit.objects.waiting()}
    assert sorted(waiting) == ["Bo Ray", "CY FOX"]
    address = f"/admin/bank-credits/apply/{waiting['Bo Ray'].pk}/"
    assert "Bo Ray: a new gift" in client.get(address).text
    answer = client.post(address, {"what": f"donor-{bo.pk}"})
    assert answer["Location"] == f"/admin/bank-credits/apply/{waiting['CY FOX'].pk}/"
    address = answer["Location"]
    answer = client.post(address, {"what": "other"})
    assert "Say who it came from." in answer.text
    assert 'value="Quay Street 7"' in client.get(address).text


def test_a_credit_of_nobody_known_is_a_gift_of_somebody_new_who_is_not_added_twice(
    staff_client: Callable, read: Callable
) -> None:
    read(CAMT)
    known = make_person("Cy", "Fox", address={"street": "Quay Street 7", "city": "Portbury", "postal_code": "04101"})
    credit = BankCredit.objects.get(payer="CY FOX")
    typed = {f"new-{name}": value for name, value in proposed(credit).items()}
    assert typed["new-given_name"] == "Cy"
    assert (typed["new-street"], typed["new-postal_code"], typed["new-city"]) == ("Quay Street 7", "04101", "Portbury")
    client, address = staff_client(), f"/admin/bank-credits/apply/{credit.pk}/"
    answer = client.post(address, {"what": "new", **typed})
    assert "May be on record already: Cy Fox" in answer.text
    assert f'value="donor-{known.pk}"' in answer.text
    client.post(address, {"what": "new", **typed, "new-is_someone_else": "on"})
    credit.refresh_from_db()
    assert credit.gift is not None
    assert (credit.gift.donor.full_name, credit.gift.donor == known) == ("Cy Fox", False)
    assert credit.gift.donor.addresses.get().city == "Portbury"
    assert check_books() == []


@pytest.mark.parametrize(
    ("payer", "written", "expected"),
    [
        ("LEE, ANN", "", {"given_name": "Ann", "family_name": "Lee"}),
        ("Hafen GmbH", "Kaistr. 1\n12345 Musterstadt", {"organisation_name": "Hafen GmbH", "postal_code": "12345"}),
        ("Bo Ray", "1 Quay\nPortbury TR11 3XX", {"city": "Portbury", "postal_code": "TR11 3XX"}),
        ("Bo Ray", "1 Quay\nExampleton, ME 04101", {"region": "ME", "postal_code": "04101", "street": "1 Quay"}),
        ("Bo Ray", "Somewhere", {"city": "Somewhere"}),
    ],
)
def test_what_the_bank_says_of_a_payer_is_taken_apart(payer: str, written: str, expected: dict[str, str]) -> None:
    assert expected.items() <= proposed(BankCredit(payer=payer, payer_address=written)).items()


def test_the_list_of_credits_costs_as_much_for_many_as_for_few(
    read: Callable, staff_client: Callable, assert_constant_queries: Callable
) -> None:
    client, amounts = staff_client(), iter(range(1, 100))

    def more(count: int) -> None:
        for _ in range(count):
            row = credit(read, amount=str(next(amounts)))
            apply_credit(row, key=f"donor-{make_person('Ann', 'Lee').pk}", by=None)

    assert_constant_queries(more, lambda: client.get("/admin/bank-credits/"))
