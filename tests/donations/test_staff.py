"""The staff screens about giving: lists, recording, the verbs behind buttons, downloads, and who may."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.test import Client
from pypdf import PdfReader

from accounts.roles import sync_roles
from constituents.models import Constituent
from constituents.services.search_text import refresh_search_text
from core import clock
from core.audit.models import AuditEntry
from core.jobs import Job
from core.mail.models import Message
from core.organisation import forget_organisation
from donations import metrics
from donations.models import Fund, Gift, GiftStatus, LedgerEntry, Receipt, ReceiptState
from donations.services.books import check_books
from donations.services.gifts import void_gift
from donations.services.receipt_files import receipt_bytes
from donations.services.receipts import void_receipt
from tests.factories.constituents import make_person
from tests.factories.donations import make_appeal, make_campaign, make_fund, make_gift, make_receipt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


@pytest.fixture
def client(staff_client: Callable[..., Client]) -> Client:
    """Somebody who may do all."""
    return staff_client()


@pytest.fixture
def general(organisation: object) -> Fund:
    """The fund gifts go to."""
    return make_fund("General fund", is_default=True)


def entry(donor: Constituent, fund: Fund, /, **changed: str) -> dict[str, str]:
    """What the form for recording sends."""
    return {
        "donor": str(donor.pk),
        "amount": "1,250.50",
        "currency": "USD",
        "received_on": "2026-03-04",
        "method": "cheque",
        "reference": "4711",
        "fund": str(fund.pk),
        "advantage_kind": "goods",
    } | changed


# Lists


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


def test_an_export_needs_its_permission_and_leaves_a_trace(client: Client, staff_client: Callable[..., Client]) -> None:
    make_gift(make_person("=HYPERLINK", "Evil"), reference="=1+1")
    answer = client.get("/admin/gifts/?export=csv")
    content = b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()
    assert "Evil" in content
    assert ",=1+1" not in content
    assert AuditEntry.objects.filter(action="export.downloaded").exists()
    sync_roles()
    assert staff_client("Read-only").get("/admin/gifts/?export=csv").status_code in (302, 403)


# Recording


def test_a_gift_is_recorded_from_amounts_as_people_type_them(client: Client, general: Fund) -> None:
    donor = make_person()
    answer = client.post("/admin/gifts/new/", entry(donor, general))
    gift = Gift.objects.get()
    assert answer["Location"] == f"/admin/gifts/inspect/{gift.pk}/"
    assert (gift.amount, gift.received_on, gift.status) == (Decimal("1250.50"), dt.date(2026, 3, 4), GiftStatus.POSTED)
    assert gift.posted_by == client.user
    assert check_books() == []


def test_the_donor_is_found_as_one_types(client: Client, general: Fund) -> None:
    make_person("Łukasz", "Żółć", email="lukasz@example.org")
    for query in ("zolc", "lukasz@example", "żół"):
        assert "Łukasz Żółć" in client.get("/admin/giving/donors/", {"donor_search": query}).content.decode()
    assert "Nobody on record" in client.get("/admin/giving/donors/", {"donor_search": "nobody"}).content.decode()


def test_record_and_next_keeps_what_the_pile_shares(client: Client, general: Fund) -> None:
    appeal = make_appeal()
    answer = client.post(
        "/admin/gifts/new/", entry(make_person(), general, appeal=str(appeal.pk), and_next="1", method="cash")
    )
    page = client.get(answer["Location"])
    form = page.context["form"]
    assert (form["method"].value(), form["appeal"].value(), form["received_on"].value()) == (
        "cash",
        str(appeal.pk),
        "2026-03-04",
    )
    assert form["amount"].value() is None
    assert Gift.objects.get().campaign == appeal.campaign


def test_a_split_gift_leaves_the_rest_with_the_first_fund(client: Client, general: Fund) -> None:
    roof = make_fund("Roof")
    client.post(
        "/admin/gifts/new/",
        entry(make_person(), general, amount="100", split_fund_1=str(roof.pk), split_amount_1="33.33"),
    )
    parts = {part.fund: part.amount for part in Gift.objects.get().allocations.all()}
    assert parts == {general: Decimal("66.67"), roof: Decimal("33.33")}


def test_shares_come_in_smaller_parts_than_money(client: Client, general: Fund) -> None:
    shares = {"method": "securities", "description": "Harbour Rail", "quantity": "12.3456", "quantity_unit": "shares"}
    client.post("/admin/gifts/new/", entry(make_person(), general, **shares))
    assert Gift.objects.get().quantity == Decimal("12.3456")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"donor": ""}, "donor"),
        ({"amount": "ten"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"received_on": "2099-01-01"}, "received_on"),
        ({"split_amount_1": "5"}, "split_amount_1"),
    ],
)
def test_a_slip_stands_beside_its_field(client: Client, general: Fund, changed: dict[str, str], field: str) -> None:
    page = client.post("/admin/gifts/new/", entry(make_person(), general, **changed))
    assert field in page.context["form"].errors
    assert not Gift.objects.exists()


def test_a_cheque_typed_twice_is_noticed_and_can_be_meant(client: Client, general: Fund) -> None:
    donor = make_person()
    make_gift(donor, "1250.50", on=dt.date(2026, 2, 20), reference="4711")
    page = client.post("/admin/gifts/new/", entry(donor, general))
    assert "on record already" in page.content.decode()
    assert Gift.objects.count() == 1
    client.post("/admin/gifts/new/", entry(donor, general, twin_is_meant="on"))
    assert Gift.objects.count() == 2


def test_another_reference_or_a_month_later_is_no_twin(client: Client, general: Fund) -> None:
    donor = make_person()
    make_gift(donor, "1250.50", on=dt.date(2026, 1, 20), reference="4711")
    client.post("/admin/gifts/new/", entry(donor, general))
    client.post("/admin/gifts/new/", entry(donor, general, reference="4712"))
    assert Gift.objects.count() == 3


def test_recording_can_issue_and_mail_the_receipt_at_once(
    client: Client, general: Fund, django_capture_on_commit_callbacks: Callable
) -> None:
    donor = make_person(email="ann@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/admin/gifts/new/", entry(donor, general, issue_receipt="on", send_receipt="on"))
    receipt = Receipt.objects.get()
    assert receipt.is_deliverable
    message = Message.objects.get()
    assert message.to == "ann@example.org"
    assert message.attachments.count() == 1


def test_without_a_fund_the_form_says_to_add_one(client: Client) -> None:
    assert "none yet" in client.get("/admin/gifts/new/").content.decode()


# Verbs


def test_expected_gifts_are_marked_as_received_many_at_once(client: Client) -> None:
    gifts = [make_gift(amount="20", post=False) for _ in range(3)]
    page = client.get("/admin/expected-gifts/")
    assert "Mark as received" in page.content.decode()
    ids = "&".join(f"id={gift.pk}" for gift in gifts)
    client.post(
        f"/admin/bulk/donations/gift/mark_received/?{ids}&next=/admin/expected-gifts/",
        {"count": "3", "received_on": "2026-04-05"},
    )
    assert set(Gift.objects.values_list("status", "received_on")) == {(GiftStatus.POSTED, dt.date(2026, 4, 5))}
    assert check_books() == []


def test_receipts_are_issued_for_chosen_gifts_and_the_others_named(
    client: Client, django_capture_on_commit_callbacks: Callable
) -> None:
    good, daf = make_gift(), make_gift(method="daf")
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            f"/admin/bulk/donations/gift/issue_receipts/?id={good.pk}&id={daf.pk}&next=/admin/gifts/",
            {"count": "2"},
            follow=True,
        )
    assert Receipt.objects.get().lines.get().gift == good
    assert "donor-advised fund" in answer.content.decode()


@pytest.mark.parametrize(
    ("verb", "data", "status"),
    [
        ("void", {"reason": "Typed twice"}, GiftStatus.VOIDED),
        ("refund", {"amount": "20", "reason": "Overpaid"}, GiftStatus.PARTLY_REFUNDED),
        ("refund", {"amount": "50", "reason": "Overpaid"}, GiftStatus.REFUNDED),
    ],
)
def test_a_posted_gift_is_voided_or_refunded_with_a_reason(
    client: Client, verb: str, data: dict[str, str], status: str
) -> None:
    gift = make_gift(amount="50")
    client.post(f"/admin/gifts/{verb}/{gift.pk}/", {**data, "reason": ""})
    gift.refresh_from_db()
    assert gift.status == GiftStatus.POSTED
    client.post(f"/admin/gifts/{verb}/{gift.pk}/", data)
    gift.refresh_from_db()
    assert gift.status == status
    assert AuditEntry.objects.filter(user=client.user).exists()


def test_too_much_is_refused_on_the_form(client: Client) -> None:
    gift = make_gift(amount="50")
    page = client.post(f"/admin/gifts/refund/{gift.pk}/", {"amount": "50.01", "reason": "Overpaid"})
    assert "can be refunded" in page.content.decode()


def test_an_expected_gift_is_received_or_given_up(client: Client) -> None:
    came, never = make_gift(post=False), make_gift(post=False)
    client.post(f"/admin/gifts/received/{came.pk}/", {"received_on": "2026-03-09"})
    client.post(f"/admin/gifts/cancel/{never.pk}/", {"reason": "Withdrawn"})
    assert list(Gift.objects.order_by("pk").values_list("status", flat=True)) == ["posted", "cancelled"]


def test_a_receipt_is_issued_replaced_and_voided_by_buttons(
    client: Client, django_capture_on_commit_callbacks: Callable
) -> None:
    gift = make_gift()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/admin/gifts/receipt/{gift.pk}/")
        first = Receipt.objects.get()
        client.post(f"/admin/receipts/replace/{first.pk}/", {"reason": "Misspelt"})
        second = Receipt.objects.latest("number")
        client.post(f"/admin/receipts/void/{second.pk}/", {"reason": "Not wanted"})
    assert list(Receipt.objects.order_by("number").values_list("state", flat=True)) == ["void", "void"]
    assert second.replaces == first
    assert check_books() == []


def test_the_page_of_a_gift_tells_its_whole_story(client: Client) -> None:
    gift = make_gift(make_person("Ann", "Lee"), "80", reference="4711")
    receipt = make_receipt(gift)
    page = client.get(f"/admin/gifts/inspect/{gift.pk}/").content.decode()
    for part in ("$80.00 from Ann Lee", "General fund", "Gift posted", receipt.serial, "4711", "Cheque"):
        assert part in page
    assert "Delete" not in page


def test_the_page_of_a_campaign_shows_its_progress_and_what_appeals_brought(client: Client) -> None:
    campaign = make_campaign("New roof", goal=Decimal(1000))
    appeal = make_appeal(campaign, cost=Decimal(50), number_sent=200)
    make_gift(amount="400", campaign=campaign, appeal=appeal)
    page = client.get(f"/admin/campaigns/inspect/{campaign.pk}/").content.decode()
    for part in ("$400.00", "$1,000", "8.00", "0.5"):
        assert part in page


# Receipts leave


def test_a_receipt_is_downloaded_as_stored_and_the_download_is_audited(client: Client) -> None:
    receipt = make_receipt()
    url = f"/admin/giving/receipts/{receipt.uuid}/"
    answer = client.get(url)
    assert answer.content == receipt_bytes(receipt)
    assert answer["Content-Type"] == "application/pdf"
    assert receipt.serial in answer["Content-Disposition"]
    assert "COPY" in PdfReader(BytesIO(client.get(f"{url}?copy=1").content)).pages[0].extract_text()
    void_receipt(receipt, by=None, reason="Wrong")
    assert "VOID" in PdfReader(BytesIO(client.get(url).content)).pages[0].extract_text()
    assert AuditEntry.objects.filter(action="receipt.downloaded").count() == 3


def test_many_receipts_are_printed_as_one_file_in_postal_order(client: Client) -> None:
    def of(name: str, postal_code: str) -> Receipt:
        address = {"street": "2 Mill Lane", "city": "Exampleton", "postal_code": postal_code, "country": "US"}
        return make_receipt(make_gift(make_person(name, "Lee", address=address)))

    receipts = [of("Ann", "90210"), of("Bo", "04101"), of("Cy", "10001")]
    ids = "&".join(f"id={receipt.pk}" for receipt in [*receipts, void_receipt(of("Di", "1"), by=None, reason="Wrong")])
    answer = client.post(f"/admin/bulk/donations/receipt/print/?{ids}&next=/admin/receipts/", {"count": "4"})
    pages = [page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages]
    assert ["Bo Lee" in pages[0], "Cy Lee" in pages[1], "Ann Lee" in pages[2], len(pages)] == [True, True, True, 3]
    assert AuditEntry.objects.filter(action="receipt.bulk_print").count() == 1


def test_a_receipt_is_mailed_with_the_file_attached(client: Client) -> None:
    receipt = make_receipt(make_gift(make_person("Ann", "Lee", email="ann@example.org")))
    form = client.get(f"/admin/receipts/send/{receipt.pk}/").context["form"]
    assert form["to"].value() == "ann@example.org"
    client.post(f"/admin/receipts/send/{receipt.pk}/", {"to": "ann@example.org"})
    message = Message.objects.get()
    assert receipt.serial in message.text
    attachment = message.attachments.get()
    with attachment.file.open("rb") as file:
        assert file.read() == receipt_bytes(receipt)


def test_the_yearly_run_shows_first_what_it_would_issue_and_then_runs_as_a_job(client: Client) -> None:
    donor = make_person("Ann", "Lee")
    for day in (5, 6):
        make_gift(donor, "40", on=dt.date(2025, 3, day))
    page = client.get("/admin/receipts/yearly/?year=2025").content.decode()
    assert "Ann Lee" in page
    assert "$80.00" in page
    assert not Receipt.objects.exists()
    answer = client.post("/admin/receipts/yearly/", {"year": "2025"})
    assert Job.objects.get().label == "Receipts for 2025"
    assert answer["Location"] == Job.objects.get().get_absolute_url()


# Who may


@pytest.mark.parametrize(
    ("role", "sees", "records", "voids"),
    [
        ("Gift processor", True, True, True),
        ("Fundraiser", True, True, False),
        ("Read-only", True, False, False),
        ("Volunteer coordinator", False, False, False),
        ("Board reader", False, False, False),
    ],
)
def test_roles_may_what_their_work_needs(
    staff_client: Callable[..., Client],
    general: Fund,
    role: str,
    sees: bool,
    records: bool,
    voids: bool,
    settings: object,
) -> None:
    sync_roles()
    settings.DEMO = True  # no second factor is asked for in the demo
    gift, receipt = make_gift(), make_receipt()
    client = staff_client(role)

    def may(url: str) -> bool:
        return client.get(url).status_code == 200

    assert may("/admin/gifts/") is sees
    assert may(f"/admin/gifts/inspect/{gift.pk}/") is sees
    assert may(f"/admin/giving/receipts/{receipt.uuid}/") is sees
    assert may("/admin/gifts/new/") is records
    assert may("/admin/giving/donors/?donor_search=lee") is records
    assert may(f"/admin/gifts/void/{gift.pk}/") is voids
    assert may(f"/admin/receipts/void/{receipt.pk}/") is voids


def test_the_constituent_page_shows_giving_only_to_those_who_may(
    staff_client: Callable[..., Client], settings: object
) -> None:
    sync_roles()
    settings.DEMO = True
    donor = make_person("Ann", "Lee")
    receipt = make_receipt(make_gift(donor, "321", on=clock.today()))
    page = staff_client().get(f"/admin/people/inspect/{donor.pk}/").content.decode()
    for part in ("Lifetime giving", "$321.00", receipt.serial, "Record a gift"):
        assert part in page
    page = staff_client("Volunteer coordinator").get(f"/admin/people/inspect/{donor.pk}/").content.decode()
    assert "321" not in page
    assert receipt.serial not in page


def test_a_donor_is_found_by_receipt_number() -> None:
    receipt = make_receipt()
    refresh_search_text([receipt.recipient_id])
    assert list(Constituent.objects.search(receipt.serial)) == [receipt.recipient]
    assert receipt.state == ReceiptState.ISSUED


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
