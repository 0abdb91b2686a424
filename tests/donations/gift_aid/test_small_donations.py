"""Small donations (GASDS): collections, and claims that take nothing twice and no more than a year allows."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from odfdo import Document

from accounts.roles import Role
from core.audit.models import AuditEntry
from core.money import Money
from core.triggers import ProtectedRowError
from donations.errors import GiftAidError
from donations.gift_aid.claiming import gather_claim, withdraw_claim
from donations.gift_aid.claims import note_payment
from donations.gift_aid.eligibility import eligibility
from donations.gift_aid.rules import Reason
from donations.gift_aid.small import standing_of
from donations.gift_aid.small_claiming import (
    gather_small_claim,
    gather_small_claim_again,
    send_small_claim,
    withdraw_small_claim,
)
from donations.gift_aid.small_collecting import add_collection, change_collection, collect_from_gift, remove_collection
from donations.models import GiftAidClaim, SmallClaim, SmallClaimLine, SmallCollection
from donations.services.adjusting import adjust_gift
from donations.services.books import check_books
from donations.services.gifts import refund_gift, void_gift
from tests.donations.gift_aid.conftest import TODAY, pounds
from tests.factories.constituents import make_organisation, make_person
from tests.factories.gift_aid import make_declaration, make_sent_claim

pytestmark = pytest.mark.usefixtures("charity")

SUMMER = dt.date(2026, 6, 1)


@pytest.fixture
def gift_aided(charity: object) -> None:
    """Gift Aid of this tax year was claimed on 100 pounds: small donations may be claimed on up to 1,000."""
    pounds(make_declaration().donor, "100", on=dt.date(2026, 4, 10))
    make_sent_claim(TODAY)


def small(amount: str = "10", on: dt.date = SUMMER, **details):
    return pounds(make_person(), amount, on=on, method="cash", **details)


def collected(amount: str, on: dt.date = SUMMER, place: str = "Bucket at the quay") -> SmallCollection:
    return add_collection(by=None, place=place, collected_on=on, amount=Decimal(amount), banked_on=on)


def sent(year: int = 2027) -> SmallClaim:
    return send_small_claim(gather_small_claim(by=None, tax_year=year), by=None)


@pytest.mark.usefixtures("gift_aided")
def test_what_was_claimed_on_is_not_claimed_on_again() -> None:
    small("10")
    collected("250")
    first = sent()
    assert (first.amount, first.top_up) == (260, Decimal(65))
    with pytest.raises(GiftAidError, match="Nothing is left"):
        gather_small_claim(by=None, tax_year=2027)
    small("20")
    assert sent().amount == 20
    stands = standing_of(2027)
    assert (stands.claimed, stands.unclaimed, stands.received) == (280, 0, 280)
    assert check_books() == []


@pytest.mark.usefixtures("gift_aided")
def test_a_claim_stops_at_ten_times_gift_aid_and_the_rest_of_a_collection_waits() -> None:
    collected("900", on=dt.date(2026, 5, 1))
    box = collected("400", on=dt.date(2026, 5, 2), place="Harvest supper")
    assert sent().amount == 1_000
    box.refresh_from_db()
    assert box.claimed_amount == 100
    with pytest.raises(GiftAidError, match=r"£1,000\.00, is claimed on already"):
        gather_small_claim(by=None, tax_year=2027)
    pounds(make_declaration().donor, "20", on=dt.date(2026, 4, 11))
    make_sent_claim(TODAY)
    assert sent().amount == 200
    assert check_books() == []


def test_without_gift_aid_of_that_year_nothing_is_topped_up() -> None:
    small("10")
    with pytest.raises(GiftAidError, match="Claim Gift Aid on gifts of that year first"):
        gather_small_claim(by=None, tax_year=2027)


def test_no_year_is_claimed_on_beyond_eight_thousand_pounds() -> None:
    pounds(make_declaration().donor, "5000", on=dt.date(2026, 4, 10))
    make_sent_claim(TODAY)
    collected("9000")
    assert sent().amount == 8_000
    with pytest.raises(IntegrityError), transaction.atomic():
        SmallClaim.objects.create(tax_year=2027, amount=8_001, most=8_000, gift_aided=5_000)


@pytest.mark.usefixtures("gift_aided")
def test_two_years_after_its_end_a_year_is_closed_and_none_to_come_is_open() -> None:
    with pytest.raises(GiftAidError, match="until 5 Apr 2026"):
        gather_small_claim(by=None, tax_year=2024)
    with pytest.raises(GiftAidError, match="still to come"):
        gather_small_claim(by=None, tax_year=2028)


@pytest.mark.usefixtures("gift_aided")
def test_a_gift_is_topped_up_one_way_only() -> None:
    gift = small("10")
    claim = sent()
    make_declaration(gift.donor)  # it covers the four years before
    assert eligibility(gift).reason is Reason.TOPPED_UP
    with pytest.raises(GiftAidError, match="nothing to claim"):
        gather_claim(by=None, up_to=TODAY)
    withdraw_small_claim(claim, by=None, reason="HMRC refused it")
    assert eligibility(gift).is_eligible
    assert not standing_of(2027).unclaimed
    SmallClaimLine.objects.create(claim=claim, gift=gift, amount=10)
    with pytest.raises(IntegrityError), transaction.atomic():
        SmallClaimLine.objects.create(claim=claim, gift=gift, amount=10)


@pytest.mark.usefixtures("gift_aided")
def test_a_draft_can_be_gathered_again_and_thrown_away_and_a_sent_claim_withdrawn() -> None:
    box = collected("60")
    draft = gather_small_claim(by=None, tax_year=2027)
    with pytest.raises(GiftAidError, match="being gathered already"):
        gather_small_claim(by=None, tax_year=2027)
    gift = small("15")
    assert gather_small_claim_again(draft, by=None).amount == 75
    void_gift(gift, by=None, reason="Typed twice")
    assert send_small_claim(draft, by=None).amount == 60
    box.refresh_from_db()
    assert box.is_claimed
    withdraw_small_claim(draft, by=None, reason="HMRC refused it")
    box.refresh_from_db()
    assert not box.is_claimed
    again = sent()
    assert again.amount == 60
    note_payment(again, by=None, paid_on=TODAY, amount=Decimal("15.00"))
    again.refresh_from_db()
    assert again.state == "paid"
    with pytest.raises(GiftAidError, match="paid or withdrawn already"):
        withdraw_small_claim(again, by=None, reason="Too late")
    verbs = set(AuditEntry.objects.for_instance(again).values_list("action", flat=True))
    assert verbs == {"small_claim.gathered", "small_claim.claimed", "small_claim.paid"}
    assert check_books() == []


@pytest.mark.usefixtures("gift_aided")
def test_what_went_back_to_the_donor_is_given_back_with_the_next_claim() -> None:
    gift = small("20")
    sent()
    refund_gift(gift, money=Money(Decimal(8), "GBP"), by=None, reason="Asked for it")
    collected("100")
    second = sent()
    assert (second.amount, second.owed_back, str(second.expected_money)) == (100, Decimal(2), "£23.00")
    assert check_books() == []
    withdraw_small_claim(second, by=None, reason="HMRC refused it")
    assert sent().owed_back == Decimal(2)
    assert check_books() == []


@pytest.mark.usefixtures("gift_aided")
def test_a_corrected_gift_stays_claimed_on_while_it_is_a_small_one() -> None:
    gift, other = small("20"), small("20")
    sent()
    right = adjust_gift(gift, money=Money(Decimal(25), "GBP"), by=None, reason="Counted anew")
    assert SmallClaimLine.objects.get(gift=right).amount == 20
    adjust_gift(other, method="cheque", by=None, reason="It was a cheque")
    collected("100")
    assert sent().owed_back == Decimal(5)
    assert check_books() == []


@pytest.mark.usefixtures("gift_aided")
def test_the_sum_of_a_gift_can_be_a_collection_and_counts_once() -> None:
    plate = pounds(make_organisation(name="Chapel plate"), "180", on=SUMMER, method="cash")
    with pytest.raises(GiftAidError, match=r"£180\.00 of the gift is here"):
        collect_from_gift(plate, by=None, place="Plate", collected_on=SUMMER, amount=Decimal(181))
    box = collect_from_gift(plate, by=None, place="Plate", collected_on=SUMMER, amount=Decimal(150))
    assert eligibility(plate).reason is Reason.ORGANISATION
    assert sent().amount == 150
    refund_gift(plate, money=Money(Decimal(100), "GBP"), by=None, reason="Wrong bank")
    collected("400", place="Concert")
    assert sent().owed_back == Decimal("17.50")  # 70 of the 150 are not here any more
    box.refresh_from_db()
    assert box.claimed_amount == 80
    assert check_books() == []


@pytest.mark.usefixtures("gift_aided")
def test_what_was_claimed_on_stays_as_it_was() -> None:
    box = collected("60")
    claim = sent()
    with pytest.raises(GiftAidError, match="claimed on as it stands"):
        change_collection(box, by=None, amount=Decimal(70))
    change_collection(box, by=None, note="Counted by two")
    with pytest.raises(GiftAidError, match="stands in a claim"):
        remove_collection(box, by=None)
    for row, values in ((box, {"amount": 70}), (claim, {"amount": 70}), (claim.lines.get(), {"amount": 70})):
        with pytest.raises(ProtectedRowError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        SmallCollection.objects.filter(pk=box.pk).update(claimed_amount=61)


@pytest.mark.usefixtures("gift_aided")
def test_gift_aid_withdrawn_later_is_shown_as_claimed_beyond_the_limit(staff_client: Callable[..., Client]) -> None:
    collected("600")
    sent()
    withdraw_claim(GiftAidClaim.objects.get(), by=None, reason="HMRC refused it")
    assert standing_of(2027).over_claimed == 600
    assert "600.00 more was claimed on" in staff_client().get(reverse("gift_aid_small")).text


def test_a_claim_is_made_and_its_record_downloaded_on_its_screens(
    staff_client: Callable[..., Client], gift_aided: None
) -> None:
    client = staff_client()
    client.post(
        reverse("small_collections:add"),
        {"place": "=Bucket", "collected_on": SUMMER, "amount": "62.40", "how": "cash", "banked_on": "", "note": ""},
    )
    plate = pounds(make_organisation(), "55", on=SUMMER, method="cash")
    said = {"place": "Plate", "collected_on": SUMMER, "amount": "55.00", "how": "cash", "banked_on": SUMMER, "note": ""}
    client.post(reverse("gifts:small-collection", args=[plate.pk]), said)
    small("5")
    small("7")
    assert "Begin a claim" in client.get(reverse("gift_aid_small")).text
    client.post(reverse("small_claims:gather"), {"tax_year": 2027})
    claim = SmallClaim.objects.get()
    page = client.get(reverse("small_claims:inspect", args=[claim.pk])).text
    assert "2 cash gifts" in page
    assert "£129.40" in page
    client.post(reverse("small_claims:send", args=[claim.pk]), {"reference": "HMRC-7"})
    client.post(reverse("small_claims:payment", args=[claim.pk]), {"paid_on": TODAY, "amount": "32.35"})
    claim.refresh_from_db()
    assert (claim.state, claim.paid_amount) == ("paid", Decimal("32.35"))
    csv = client.get(reverse("small_claim_file", args=[claim.uuid, "csv"])).content.decode("utf-8-sig").splitlines()
    assert csv[0] == "Collected on,What,How it came,Paid in on,Amount"
    assert "01/06/26,'=Bucket,Cash,,62.40" in csv
    assert "01/06/26,2 cash gifts,Cash,,12.00" in csv
    ods = client.get(reverse("small_claim_file", args=[claim.uuid, "ods"])).content
    cells = [[c.value for c in row.get_cells()] for row in Document(io.BytesIO(ods)).body.get_table(0).get_rows()]
    assert ["Amount of donations", Decimal("129.40")] in cells
    assert "£13.75 in" not in client.get(reverse("gifts:inspect", args=[plate.pk])).text
    assert "£55.00 of it are small donations" in client.get(reverse("gifts:inspect", args=[plate.pk])).text


@pytest.mark.parametrize(
    ("role", "looks", "claims"),
    [(Role.GIFT_PROCESSOR, True, True), (Role.FUNDRAISER, True, False), (Role.BOARD_READER, False, False)],
)
def test_who_may_look_and_who_may_claim(
    staff_client: Callable[..., Client], settings, role: Role, looks: bool, claims: bool
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    client = staff_client(role)
    for name, allowed in (("small_claims:index", looks), ("small_collections:index", looks), ("gift_aid_small", looks),
                          ("small_claims:gather", claims), ("small_collections:add", claims)):  # fmt: skip
        assert (client.get(reverse(name)).status_code == 200) is allowed, name
