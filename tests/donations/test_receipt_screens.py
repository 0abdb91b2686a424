"""The screens around receipts: settings beside a specimen, one receipt over chosen gifts, details of a gift."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from core import clock
from core.audit.models import AuditEntry
from donations.models import Gift, Receipt, ReceiptCounter, ReceiptSettings
from donations.services.receipt_files import receipt_bytes
from donations.services.receipts import issue_receipt
from tests.donations.receipt_papers import CANADIAN, GERMAN, NOTICE, become, make_donor, words_of
from tests.factories.donations import make_gift

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_june(db: None) -> Iterator[None]:
    """A day in June 2026."""
    with time_machine.travel(dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def client(staff_client: Callable[..., Client]) -> Client:
    """Somebody who may do all."""
    return staff_client()


def look(client: Client, how: str = "get", **values: Any) -> str:
    response = getattr(client, how)(reverse("receipt_specimen"), values)
    assert response["Content-Type"] == "application/pdf"
    return words_of(response.content)


def test_a_specimen_writes_nothing_takes_no_number_and_says_what_it_is(client: Client) -> None:
    become(GERMAN, **NOTICE)
    entries = AuditEntry.objects.count()
    assert "MUSTER" in look(client)
    assert "Bestätigung über Sachzuwendungen" in look(client, **{"look-paper": "goods"})
    assert "Anlage zur Sammelbestätigung" in look(client, **{"look-paper": "year"})
    become(CANADIAN)
    french = look(client, **{"look-paper": "goods", "look-language": "fr-ca"})
    for words in ("SPÉCIMEN", "Camille Exemple", "Juste valeur marchande du bien", "Évalué par"):
        assert words in french
    become(CANADIAN | {"regime": "us", "country": "US", "base_currency": "USD"})
    assert "SPECIMEN" in look(client)
    assert "No goods or services" in look(client, **{"look-paper": "year"})
    become(CANADIAN | {"regime": "uk", "country": "GB", "base_currency": "GBP"})
    assert "SPECIMEN" in look(client)
    assert not ReceiptCounter.objects.exists()
    assert not Receipt.objects.exists()
    assert AuditEntry.objects.count() == entries


@pytest.mark.parametrize(
    ("country", "words"),
    [("ca", "Official receipt for income tax purposes"), ("de", "Hafenlicht e. V."), ("uk", "Harbour Light Trust")],
)
def test_the_demo_shows_what_receipts_of_other_countries_look_like(
    client: Client, settings: Any, country: str, words: str
) -> None:
    settings.DEMO = True
    for paper in ("money", "goods", "year"):
        said = look(client, **{"look-paper": paper, "look-rules": country})
        assert words in said
        assert country != "uk" or paper != "year" or f"Dec {clock.today().year - 1}" not in said  # not of that tax year


def test_a_specimen_shows_the_form_as_it_stands_unsaved(client: Client) -> None:
    become(GERMAN, **NOTICE)
    values = NOTICE | {"tax_office": "Neustadt", "notice_date": "2025-03-04", "dues_are_deductible": "on"}
    assert "des Finanzamtes Neustadt" in look(client, "post", **values)
    assert ReceiptSettings.load().tax_office == "Musterstadt"


def test_settings_ask_what_the_rules_ask_say_what_is_missing_and_keep_old_and_new(client: Client) -> None:
    become(GERMAN, **NOTICE | {"notice_date": dt.date(2019, 1, 1)})
    url = reverse("receipts:settings")
    page = client.get(url)
    assert set(page.context["form"].fields) >= {"tax_office", "notice_date", "purposes"}
    assert "language" not in page.context["form"].fields
    assert "counted until" in page.context["missing"][0]
    client.post(url, NOTICE | {"notice_date": "2026-05-01", "dues_are_deductible": "on"})
    assert ReceiptSettings.load().notice_date == dt.date(2026, 5, 1)
    kept = AuditEntry.objects.get(action="receipt_settings.changed")
    assert (kept.old["notice_date"], kept.new["notice_date"]) == ("2019-01-01", "2026-05-01")
    become(CANADIAN)
    assert set(client.get(url).context["form"].fields) == {"place_of_issue", "language"}


def test_one_receipt_over_the_gifts_chosen_on_a_donors_page(client: Client) -> None:
    become(CANADIAN)
    donor = make_donor()
    gifts = [make_gift(donor, amount, currency="CAD") for amount in ("10", "20", "30")]
    make_gift(donor, "40", currency="CAD", method="in_kind")  # not described
    issue_receipt(make_gift(donor, "50", currency="CAD"), by=None)
    url = f"{reverse('receipts:consolidate')}?donor={donor.pk}"
    page = client.get(url)
    assert [gift.pk for gift in page.context["gifts"]] == [gift.pk for gift in reversed(gifts)]
    assert "not described" in page.context["refused"][0][1]
    client.post(url, {"gifts": [gifts[0].pk, gifts[2].pk]})
    receipt = Receipt.objects.latest("pk")
    assert (str(receipt.eligible), receipt.lines.count(), receipt.covers_year) == ("40.000", 2, None)
    assert client.post(url, {"gifts": [gifts[0].pk]}).status_code == 200
    assert Receipt.objects.count() == 2
    assert client.get(f"{reverse('receipts:consolidate')}?donor=999999").status_code == 404


def test_one_receipt_a_donor_over_what_is_ticked_in_the_list(client: Client) -> None:
    become(CANADIAN)
    ann, bo, nowhere = make_donor("Ann"), make_donor("Bo"), None
    gifts = [make_gift(ann, "10", currency="CAD"), make_gift(ann, "20", currency="CAD"), make_gift(bo, currency="CAD")]
    gifts.append(make_gift(nowhere, "5", currency="CAD"))  # no address
    gifts.append(make_gift(ann, "99", currency="CAD", method="in_kind", description="A piano"))
    url = reverse("wagtail_bulk_action", args=["donations", "gift", "consolidate_receipts"])
    ids = "&".join(f"id={gift.pk}" for gift in gifts)
    shown = client.post(f"{url}?{ids}&next=/admin/gifts/", {"count": len(gifts)}, follow=True)
    assert sorted(str(receipt.eligible) for receipt in Receipt.objects.all()) == ["30.000", "50.000", "99.000"]
    assert "address of" in " ".join(str(message) for message in shown.context["messages"])


def test_a_german_gift_of_goods_gets_what_its_receipt_has_to_say(client: Client) -> None:
    become(GERMAN, **NOTICE)
    gift = make_gift(make_donor(country="DE"), "300", currency="EUR", method="in_kind")
    url = reverse("gifts:receipt_details", args=[gift.pk])
    assert "waives_expenses" not in client.get(url).context["form"].fields
    client.post(url, {"description": "Klavier, Baujahr 1998", "goods_origin": "private", "value_is_documented": "on"})
    gift = Gift.objects.get(pk=gift.pk)
    assert "aus dem Privatvermögen" in words_of(receipt_bytes(issue_receipt(gift, by=None)))


def test_who_may(staff_client: Callable[..., Client]) -> None:
    become(CANADIAN)
    donor = make_donor()
    make_gift(donor, currency="CAD")
    consolidate = f"{reverse('receipts:consolidate')}?donor={donor.pk}"
    allowed = {
        "Administrator": {"settings", "specimen", "consolidate"},
        "Gift processor": {"consolidate"},
        "Fundraiser": set(),
        "Board reader": set(),
    }
    urls = {
        "settings": reverse("receipts:settings"),
        "specimen": reverse("receipt_specimen"),
        "consolidate": consolidate,
    }
    for role, pages in allowed.items():
        client = staff_client(role)
        assert {name for name, url in urls.items() if client.get(url).status_code == 200} == pages, role
