"""A pile of cheques from end to end: typed by keyboard alone, two at it at once, a browser that dies half-way."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import Role
from constituents.models import Constituent
from core import clock
from donations.batches.posting import post_batch
from donations.models import Batch, BatchRow, Gift
from donations.services.books import check_books
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_person
from tests.factories.donations import make_batch, make_fund, make_gift, type_row

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DONORS = ("Abbot", "Bellamy", "Castellane", "Dunmore", "Everard", "Fairweather", "Goodspeed", "Holloway")
NEW, TWICE, SPLIT, MISREAD = 5, 9, 14, 22


@pytest.fixture
def processor(settings: object) -> User:
    settings.DEMO = True  # no second factor between the pile and the screen
    make_fund("Where it is needed most", is_default=True)
    make_fund("Roof")
    for family_name in DONORS:
        make_person("Ann", family_name)
    return UserFactory(role=Role.GIFT_PROCESSOR, first_name="Ines", last_name="Okafor")


def donor_field(page: Page, row: int) -> object:
    """Where the donor of a row is typed."""
    return page.get_by_role("combobox", name=f"Donor, row {row}", exact=True)


def saved(page: Page) -> None:
    """See that nothing waits to be saved."""
    expect(page.locator("[data-saved]")).to_have_text("All saved")


def cheque(page: Page, row: int, letters: str, amount: str, reference: str) -> None:
    """Type one cheque; the cursor stands in the row's first field already."""
    expect(donor_field(page, row)).to_be_focused()
    page.keyboard.type(letters)
    expect(page.locator(f"#row-{row} [aria-selected=true]")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type(amount)
    page.keyboard.press("Tab")
    page.keyboard.type(reference)
    page.keyboard.press("Enter")


def add_somebody_new(page: Page, row: int) -> None:
    """Nobody fits: the last of the list adds them, and leads on to the amount."""
    page.keyboard.type("Maren Quimby")
    expect(page.get_by_role("option", name="Add “Maren Quimby” as somebody new")).to_be_visible()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog", name="Somebody new")
    expect(drawer.get_by_label("Given name")).to_be_focused()
    expect(drawer.get_by_label("Family name")).to_have_value("Quimby")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("maren@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name=f"Amount, row {row}", exact=True)).to_be_focused()


def split(page: Page, row: int) -> None:
    """Give 4 of the gift to the roof, from the field one has just left."""
    page.keyboard.press("ArrowUp")
    page.keyboard.press("F2")
    drawer = page.get_by_role("dialog", name=f"Row {row}")
    drawer.get_by_label("Fund of part 1").focus()
    page.keyboard.type("Roof")
    page.keyboard.press("Tab")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=f"Details of row {row}")).to_contain_text("Roof")
    page.keyboard.press("ArrowDown")


def test_forty_cheques_by_keyboard_alone(visitors: object, processor: User) -> None:
    make_gift(Constituent.objects.get(family_name=DONORS[TWICE % 8]), "10", reference="1009",
              on=clock.today())  # fmt: skip
    page = visitors.open(user=processor)
    page.goto("/admin/batches/open/")
    page.get_by_label("How many gifts").focus()
    page.keyboard.type("40")
    page.keyboard.press("Tab")
    page.keyboard.type("400")
    page.keyboard.press("Enter")
    for row in range(1, 41):
        if row == NEW:
            add_somebody_new(page, row)
            page.keyboard.type("10")
            page.keyboard.press("Enter")
            continue
        cheque(page, row, DONORS[row % 8][:4], "100" if row == MISREAD else "10", f"{1000 + row}")
        if row == TWICE:
            expect(page.locator(f"#row-{row} + .b-row, #row-{row}").first).to_contain_text("On record already: $10.00")
            page.keyboard.press("Shift+Tab")
            expect(page.get_by_role("button", name="It is another one")).to_be_focused()
            page.keyboard.press("Enter")
        if row == SPLIT:
            page.keyboard.press("Tab")
            split(page, row)
            page.keyboard.press("Shift+Tab")
    saved(page)
    expect(page.locator("[data-difference]")).to_have_text("$90.00 too much")

    # The total is wrong: up the column of amounts to the one that was misread.
    page.keyboard.press("Tab")
    for _row in range(41 - MISREAD):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Control+a")
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    expect(page.locator("[data-difference]")).to_have_text("Count and total agree")
    page.get_by_role("link", name="Post the batch").press("Enter")
    page.get_by_role("button", name="Post the batch").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("40 gifts over $400.00 are in the books.", timeout=30_000)
    expect(page.get_by_role("link", name="Deposit slip").first).to_be_visible()
    gifts = Gift.objects.filter(batch=Batch.objects.get()).order_by("pk")
    assert gifts.count() == 40
    assert gifts[NEW - 1].donor.primary_email == "maren@example.org"
    assert [part.amount for part in gifts[SPLIT - 1].allocations.all()] == [Decimal(6), Decimal(4)]
    assert check_books() == []


def test_two_at_once_in_two_batches_and_then_in_one(visitors: object, processor: User) -> None:
    omar = UserFactory(role=Role.GIFT_PROCESSOR, first_name="Omar", last_name="Reyes")
    mine, theirs = make_batch(2, "20", received_on=clock.today()), make_batch(2, "20", received_on=clock.today())
    ines_page, omar_page = visitors.open(user=processor), visitors.open(user=omar)
    ines_page.goto(f"/admin/batches/entry/{mine.pk}/")
    omar_page.goto(f"/admin/batches/entry/{theirs.pk}/")
    for row, name in ((1, "Abbo"), (2, "Bell")):
        cheque(ines_page, row, name, "10", f"{row}")
        cheque(omar_page, row, name, "10", f"9{row}")
    saved(ines_page)
    saved(omar_page)
    assert [batch.rows.count() for batch in (mine, theirs)] == [2, 2]

    visitors.expected_statuses.add(409)
    # Omar looks into the other batch: both know, nobody overwrites.
    omar_page.goto(f"/admin/batches/entry/{mine.pk}/")
    expect(omar_page.locator("[data-others]")).to_contain_text("Ines Okafor has this batch open too")
    ines_page.get_by_label("Reference, row 2").fill("22")
    saved(ines_page)
    omar_page.get_by_label("Reference, row 2").fill("33")
    expect(omar_page.locator("#row-2")).to_contain_text("Ines Okafor has changed this row meanwhile")
    omar_page.get_by_role("button", name="Take theirs").click()
    expect(omar_page.get_by_label("Reference, row 2")).to_have_value("22")
    donor_field(omar_page, 3).focus()
    cheque(omar_page, 3, "Cast", "15", "3")
    saved(omar_page)
    ines_page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(donor_field(ines_page, 3)).to_have_value("Ann Castellane")
    expect(ines_page.locator("[data-others]")).to_contain_text("Omar Reyes")
    expect(ines_page.locator("[data-total]")).to_have_text("$35.00")


def test_nothing_is_lost_when_the_server_is_away_and_the_browser_dies(visitors: object, processor: User) -> None:
    batch = make_batch(3, "30", received_on=clock.today())
    page = visitors.open(user=processor)
    page.goto(f"/admin/batches/entry/{batch.pk}/")
    cheque(page, 1, "Abbo", "10", "1")
    page.keyboard.type("Bell")
    expect(page.locator("#row-2 [aria-selected=true]")).to_be_visible()
    visitors.expected_statuses.add(503)
    page.route("**/admin/batches/entry/**", lambda route: route.fulfill(status=503))
    page.keyboard.press("Tab")
    page.keyboard.type("20")
    page.keyboard.press("Enter")
    page.keyboard.type("Cas")
    expect(page.get_by_role("alert").filter(has_text="cannot be reached")).to_be_visible()
    expect(page.locator("[data-saved]")).to_have_text("2 not saved yet")
    page.close()
    assert not BatchRow.objects.filter(amount=20).exists()

    # In the same browser what never reached the server is taken up again.
    page = page.context.new_page()
    page.goto(f"/admin/batches/entry/{batch.pk}/")
    expect(donor_field(page, 2)).to_have_value("Ann Bellamy")
    expect(donor_field(page, 3)).to_have_value("Cas")
    saved(page)
    donor_field(page, 4).focus()
    page.keyboard.type("Dun")
    saved(page)
    page.context.close()

    # In another browser stands all that did reach it, the half-typed rows too.
    page = visitors.open(user=processor)
    page.goto(f"/admin/batches/entry/{batch.pk}/")
    names = [donor_field(page, row).input_value() for row in (1, 2, 3, 4)]
    assert names == ["Ann Abbot", "Ann Bellamy", "Cas", "Dun"]
    expect(page.get_by_label("Amount, row 2")).to_have_value("20.00")
    expect(page.locator("#row-4")).to_contain_text("“Dun” is nobody on record yet")


def test_lines_of_a_spreadsheet_become_rows_and_a_field_can_be_as_above(visitors: object, processor: User) -> None:
    batch = make_batch(3, "1270", received_on=clock.today())
    page = visitors.open(user=processor)
    page.goto(f"/admin/batches/entry/{batch.pk}/")
    expect(donor_field(page, 1)).to_be_focused()
    page.evaluate(
        """text => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, cancelable: true }));
        }""",
        'Ann Abbot,"1,250.00",1\nAnn,10,2\n',
    )
    expect(page.locator("[data-total]")).to_have_text("$1,260.00")
    expect(donor_field(page, 3)).to_be_focused()
    for _field in range(3):
        page.keyboard.press("Control+d")
        page.keyboard.press("Tab")
    saved(page)
    rows = [(row.donor, row.donor_typed, row.amount, row.reference) for row in batch.rows.all()]
    assert rows[0] == (Constituent.objects.get(family_name="Abbot"), "", Decimal(1250), "1")
    assert [row[1:] for row in rows[1:]] == [("Ann", Decimal(10), "2"), ("Ann", Decimal(10), "2")]


@pytest.mark.parametrize(("device", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_no_screen_about_batches_has_an_accessibility_fault(
    visitors: object, processor: User, assert_accessible: Callable, device: str, scheme: str
) -> None:
    donor = make_person("Maren", "Quimby", address={"street": "2 Mill Lane", "city": "Portbury"})
    batch, posted = make_batch(2, "60"), make_batch()
    for reference in ("7", "7"):
        type_row(batch, donor, reference=reference)
    type_row(posted, donor, reference="8")
    post_batch(posted, by=processor)
    page = visitors.open(device, scheme=scheme, user=processor)
    plain = ("", "open/", f"inspect/{batch.pk}/", f"inspect/{posted.pk}/", f"post/{batch.pk}/")
    # What is not the grid is made of the kit, which is looked at on a desk elsewhere.
    for address in plain if device == "phone" else ():
        page.goto(f"/admin/batches/{address}")
        visitors.settle(page)
        assert_accessible(page, within="main")
    page.goto(f"/admin/batches/entry/{batch.pk}/")
    donor_field(page, 3).type("Abb")
    expect(page.get_by_role("option", name="Ann Abbot")).to_be_visible()
    assert_accessible(page, within="main")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1")
    page.keyboard.press("F2")
    assert_accessible(page, within="dialog[open]")
    page.keyboard.press("Escape")
    donor_field(page, 3).fill("Maren Quimbi")
    page.get_by_role("option", name="Add “Maren Quimbi”").click()
    expect(page.get_by_role("button", name="Use Maren Quimby")).to_be_visible()
    assert_accessible(page, within="dialog[open]")
