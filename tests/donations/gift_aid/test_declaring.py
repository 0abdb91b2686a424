"""Declarations by staff, on the giving page and in the portal; receipts that say how gifts stand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from core.organisation import forget_organisation
from core.organisation.models import Organisation
from core.triggers import ProtectedRowError
from donations.errors import GiftAidError
from donations.gift_aid.declaring import (
    add_evidence,
    cancel_declaration,
    confirm_in_writing,
    home_on_record,
    note_not_enough_tax,
)
from donations.gift_aid.eligibility import eligibility
from donations.gift_aid.postcodes import house_of, is_valid, written
from donations.gift_aid.rules import Reason
from donations.models import CancelReason, DeclarationMethod, Gift, GiftAidDeclaration
from donations.services.gifts import post_gift
from donations.services.receipt_numbers import number_receipt
from tests.donations.gift_aid.conftest import TODAY, pounds
from tests.factories.constituents import make_organisation, make_person
from tests.factories.donations import make_fund
from tests.factories.gift_aid import make_declaration, make_sent_claim
from tests.factories.website import form_token

pytestmark = pytest.mark.usefixtures("charity")


def test_only_people_declare_and_only_where_gift_aid_is_claimed() -> None:
    with pytest.raises(GiftAidError, match="for people"):
        make_declaration(make_organisation())
    Organisation.objects.update(regime="us")
    forget_organisation()
    with pytest.raises(GiftAidError, match="United Kingdom"):
        make_declaration()


@pytest.mark.parametrize(
    ("home", "field"),
    [
        ({"house": " "}, "house"),
        ({"postcode": "12345"}, "postcode"),
        ({"postcode": "JE2 3AB"}, "is_abroad"),
        ({"declared_on": dt.date(2026, 11, 21)}, "declared_on"),
    ],
)
def test_a_home_hmrc_does_not_take_is_refused_beside_its_field(home, field) -> None:
    with pytest.raises(GiftAidError) as refused:
        make_declaration(**home)
    assert refused.value.field == field


def test_what_was_agreed_never_changes() -> None:
    declaration = make_declaration()
    for change in ({"wording": "else"}, {"covers_past": False}, {"declared_on": TODAY}):
        with pytest.raises(ProtectedRowError), transaction.atomic():
            GiftAidDeclaration.objects.update(**change)
    with pytest.raises(ProtectedRowError), transaction.atomic():
        declaration.delete()


def test_a_word_of_mouth_counts_from_the_letter_and_can_be_taken_back() -> None:
    declaration = make_declaration(method=DeclarationMethod.ORAL)
    gift = pounds(declaration.donor, "40")
    assert eligibility(gift).reason is Reason.UNCONFIRMED
    confirm_in_writing(declaration, by=None, sent_on=dt.date(2025, 6, 3))
    assert eligibility(gift).is_eligible
    cancel_declaration(declaration, by=None, cancelled_from=dt.date(2025, 6, 20), why=CancelReason.NEVER_MADE)
    assert eligibility(pounds(declaration.donor, "40", dt.date(2025, 5, 1))).reason is Reason.NO_DECLARATION


def test_evidence_is_looked_into_and_stays() -> None:
    declaration = make_declaration()
    add_evidence(declaration, by=None, evidence=SimpleUploadedFile("form.pdf", b"%PDF-1.4 signed"))
    declaration.refresh_from_db()
    assert (declaration.evidence_name, declaration.evidence_type) == ("form.pdf", "application/pdf")
    with pytest.raises(GiftAidError, match="already"):
        add_evidence(declaration, by=None, evidence=SimpleUploadedFile("other.pdf", b"%PDF-1.4"))


def test_who_pays_too_little_tax_is_left_out() -> None:
    declaration = make_declaration()
    note_not_enough_tax(declaration.donor, by=None, since=dt.date(2026, 4, 6))
    assert eligibility(pounds(declaration.donor, "40", dt.date(2026, 4, 5))).is_eligible
    assert eligibility(pounds(declaration.donor, "40", dt.date(2026, 4, 6))).reason is Reason.NOT_ENOUGH_TAX


def test_a_gift_of_new_years_eve_belongs_to_the_day_on_our_clocks() -> None:
    with time_machine.travel(dt.datetime(2025, 12, 31, 23, 59, tzinfo=dt.UTC), tick=False):
        declaration = make_declaration(declared_on=dt.date(2025, 12, 31), covers_past=False, covers_future=False)
        gift = pounds(declaration.donor, "40", dt.date(2025, 12, 31))
    assert eligibility(gift).is_eligible
    assert eligibility(pounds(declaration.donor, "40", dt.date(2026, 1, 1))).reason is Reason.NOT_COVERED


def test_house_and_postcode_are_read_from_the_address_on_record() -> None:
    person = make_person(address={"street": "12a High Street", "postal_code": "tr113xx", "country": "GB"})
    assert home_on_record(person, TODAY) == {"house": "12a", "postcode": "TR11 3XX", "is_abroad": False}
    assert [house_of(line) for line in ("Flat 3, 12 High St", "The Old Barn", "7")] == [
        "Flat 3, 12",
        "The Old Barn",
        "7",
    ]
    assert written("sw1a1aa") == "SW1A 1AA"
    assert not is_valid("SW1A 1A")


GIVE = {
    "amount": "other",
    "other_amount": "40",
    "method": "transfer",
    "given_name": "Loveday",
    "family_name": "Nance",
    "email": "loveday@example.org",
}


def test_a_donor_declares_on_the_giving_page_and_the_gift_counts_when_it_comes() -> None:
    make_fund("General fund", is_default=True)
    client = Client()
    assert "Yes, claim Gift Aid" in client.get("/give/").content.decode()
    sent = GIVE | {"gift_aid": "on", "house": "4", "token": form_token()}
    wrong = client.post("/give/", sent | {"postcode": "nowhere"})
    assert "is not a postcode" in wrong.content.decode()
    client.post("/give/", sent | {"postcode": "tr11 3xx"})
    declaration = GiftAidDeclaration.objects.get()
    assert (declaration.method, declaration.source, declaration.postcode) == ("online", "giving page", "TR11 3XX")
    assert "Harbour Light Trust" in declaration.wording
    assert "UK taxpayer" in declaration.wording
    gift = post_gift(Gift.objects.get(), by=None, received_on=TODAY)
    assert eligibility(gift).declaration == declaration.pk


def test_nobody_is_asked_where_gift_aid_is_not_claimed() -> None:
    Organisation.objects.update(regime="us")
    forget_organisation()
    assert "Gift Aid" not in Client().get("/give/").content.decode()


def test_a_supporter_declares_and_cancels_in_the_portal_and_sees_no_one_elses(django_user_model) -> None:
    me = make_person(user=django_user_model.objects.create_user("me@example.org", "a long password"))
    other = make_declaration()
    client = Client()
    client.force_login(me.user, backend="django.contrib.auth.backends.ModelBackend")
    assert "Declare Gift Aid" in client.get("/account/giving/").content.decode()
    client.post("/account/giving/gift-aid/", {"gift_aid": "on", "house": "4", "postcode": "TR11 3XX"})
    mine = GiftAidDeclaration.objects.get(donor=me)
    assert (mine.covers_past, mine.covers_this, mine.covers_future, mine.source) == (True, False, True, "portal")
    assert client.post("/account/giving/gift-aid/cancel/", {"declaration": other.pk}).status_code == 404
    client.post("/account/giving/gift-aid/cancel/", {"declaration": mine.pk})
    mine.refresh_from_db()
    assert (mine.cancelled_from, mine.cancel_reason) == (TODAY, CancelReason.DONOR_ASKED)


def test_a_receipt_says_how_each_gift_stands_with_gift_aid() -> None:
    donor = make_declaration().donor
    claimed = pounds(donor, "80", dt.date(2026, 3, 1), advantage_amount=Decimal(5), advantage_description="A mug")
    make_sent_claim(dt.date(2026, 3, 31))
    coming = pounds(donor, "40", dt.date(2026, 4, 5))
    undeclared = pounds(make_person(), "10")
    says = number_receipt([claimed, coming], by=None, covers_year=2026).snapshot["says"]
    assert says["title"] == "Your giving in the tax year 2025/26"
    assert says["statements"] == [
        "We have claimed Gift Aid of £20.00 on donations of £80.00.",
        "Your declaration lets us claim Gift Aid of £10.00 on donations of £40.00.",
        "If you pay tax above the basic rate you can claim the difference: name Gift Aid donations of £120.00 in your "
        "Self Assessment tax return, or ask HMRC to change your tax code.",
        "In return for your donation of 1 March 2026 you received a mug worth £5.00.",
    ]
    assert number_receipt([undeclared], by=None).snapshot["says"]["statements"] == ["No Gift Aid is claimed on it."]
