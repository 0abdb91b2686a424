"""The lists of giving: what they find, what they add up to, what leaves them."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from io import StringIO

import pytest
from django.test import Client

from accounts.roles import sync_roles
from constituents.models import Constituent
from constituents.services.search_text import refresh_search_text
from core import clock
from core.audit.models import AuditEntry
from core.organisation import forget_organisation
from donations import metrics
from donations.models import Fund, LedgerEntry, ReceiptState
from donations.services.gifts import void_gift
from tests.factories.constituents import make_person
from tests.factories.donations import make_campaign, make_fund, make_gift, make_receipt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]

LISTS = ["gifts", "expected-gifts", "receipts", "funds", "campaigns", "appeals", "exchange-rates"]


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_says_what_to_do_first(client: Client, name: str) -> None:
    page = client.get(f"/admin/{name}/")
    assert page.status_code == 200
    assert 'class="s-empty"' in page.content.decode()


def test_the_list_of_gifts_asks_the_same_however_long(client: Client, assert_constant_queries: Callable) -> None:
    campaign = make_campaign()

    def more(count: int) -> None:
        for _ in range(count):
            make_receipt(make_gift(campaign=campaign))

    assert_constant_queries(more, lambda: client.get("/admin/gifts/?p=1"), at_most=25)


def test_the_lists_of_receipts_and_campaigns_ask_the_same_however_long(
    client: Client, assert_constant_queries: Callable
) -> None:
    def more(count: int) -> None:
        for _ in range(count):
            make_receipt(make_gift(campaign=make_campaign()))

    assert_constant_queries(more, lambda: client.get("/admin/receipts/?p=1"))
    assert_constant_queries(more, lambda: client.get("/admin/campaigns/?p=1"))


def test_the_foot_of_the_list_adds_up_what_the_filter_lets_through(client: Client, general: Fund) -> None:
    roof = make_fund("Roof")
    make_gift(amount="100", on=dt.date(2026, 1, 5), allocations=[(general, Decimal(60)), (roof, Decimal(40))])
    make_gift(amount="30", on=dt.date(2026, 2, 5))
    make_gift(amount="7", on=dt.date(2025, 12, 31))
    make_gift(amount="500", post=False)
    page = client.get("/admin/gifts/", {"received_on_from": "2026-01-01", "received_on_to": "2026-02-28"})
    assert [str(value) for _label, value in page.context["totals"]] == ["2", "$130.00"]
    page = client.get("/admin/gifts/", {"allocations__fund": roof.pk})
    assert [str(value) for _label, value in page.context["totals"]] == ["1", "$100.00"]


def test_a_gift_is_found_by_donor_reference_and_receipt_number(client: Client) -> None:
    gift = make_gift(make_person("Łukasz", "Żółć"), reference="HL-77")
    make_gift(make_person("Somebody", "Else"))
    receipt = make_receipt(gift)
    for query in ("zolc lukasz", "HL-77", receipt.serial):
        found = client.get("/admin/gifts/", {"q": query}).context["object_list"]
        assert list(found) == [gift]


def test_a_donor_is_found_by_receipt_number() -> None:
    receipt = make_receipt()
    refresh_search_text([receipt.recipient_id])
    assert list(Constituent.objects.search(receipt.serial)) == [receipt.recipient]
    assert receipt.state == ReceiptState.ISSUED


def test_an_export_needs_its_permission_and_leaves_a_trace(client: Client, staff_client: Callable[..., Client]) -> None:
    make_gift(make_person("=HYPERLINK", "Evil"), reference="=1+1")
    answer = client.get("/admin/gifts/?export=csv")
    content = b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()
    assert "Evil" in content
    assert ",=1+1" not in content
    assert AuditEntry.objects.filter(action="export.downloaded").exists()
    sync_roles()
    assert staff_client("Read-only").get("/admin/gifts/?export=csv").status_code in (302, 403)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Auckland"])
def test_foot_of_the_list_export_ledger_and_page_say_the_same(client: Client, zone: str, organisation: object) -> None:
    type(organisation).objects.update(time_zone=zone)
    forget_organisation()
    donor = make_person("Ann", "Lee")
    for amount in ("0.10", "0.20", "33.33", "100.01"):
        make_gift(donor, amount, on=clock.today())
    void_gift(make_gift(donor, "55.55", on=clock.today()), by=None, reason="Typed twice")
    today = clock.today().isoformat()
    filters = {"received_on_from": today, "received_on_to": today}
    foot = str(client.get("/admin/gifts/", filters).context["totals"][1][1])
    answer = client.get("/admin/gifts/", filters | {"export": "csv"})
    rows = list(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode())))
    total = sum(Decimal(row["Net in base currency"]) for row in rows)
    ledger = sum(LedgerEntry.objects.values_list("base_amount", flat=True), Decimal(0))
    assert (foot, total, ledger, metrics.giving_between(clock.today(), clock.today()).raised) == (
        "$133.64",
        Decimal("133.64"),
        Decimal("133.64"),
        Decimal("133.64"),
    )
    assert "$133.64" in client.get(f"/admin/people/inspect/{donor.pk}/").content.decode()
