"""The search page: what stands on it, for whom, and what it offers when nothing was found."""

import datetime as dt
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.roles import sync_roles
from constituents.models import Constituent, SearchEntry
from constituents.search.groups import Search
from tests.factories.constituents import make_household, make_organisation, make_person
from tests.factories.donations import make_gift, make_receipt
from tests.factories.memberships import make_membership

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _roles(db: None, settings: object) -> None:
    sync_roles()
    settings.DEMO = True  # no second factor


def text_of(client: Client, query: str, address: str = "/admin/search/") -> str:
    response = client.get(address, {"q": query})
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def test_everything_about_a_name_stands_in_groups(staff_client: Callable[..., Client]) -> None:
    ann, bo = make_person("Ann", "Harbour"), make_person("Bo", "Harbour")
    make_household(ann, bo)
    trust = make_organisation("Harbour Trust")
    membership = make_membership(ann, starts_on=dt.date(2026, 1, 1))
    page = text_of(staff_client(), "harbour")
    for part in (
        *("People", "Organisations", "Households", "Members", "Ann and Bo Harbour", membership.number),
        *(f"/admin/people/inspect/{one.pk}/" for one in (ann, bo, trust)),
    ):
        assert part in page, part


def test_a_receipt_number_leads_to_giver_gift_and_receipt(staff_client: Callable[..., Client]) -> None:
    receipt = make_receipt(make_gift(make_person("Ann", "Lee"), "321"))
    page = text_of(staff_client(), receipt.serial.lower())
    gift = receipt.lines.get().gift
    for part in ("receipt number", f"/admin/gifts/inspect/{gift.pk}/", f"/admin/receipts/inspect/{receipt.pk}/", "321"):
        assert part in page, part
    number = receipt.serial.partition("-")[2]
    assert f"/admin/receipts/inspect/{receipt.pk}/" in text_of(staff_client(email="b@staff.example"), number)


def test_a_gift_is_found_by_its_id_and_by_the_number_on_the_cheque(staff_client: Callable[..., Client]) -> None:
    gift = make_gift(make_person("Ann", "Lee"), "321", reference="CHQ 00417")
    client = staff_client()
    for text in (str(gift.uuid), f"gift {gift.pk}", str(gift.pk), "chq 00417"):
        assert f"/admin/gifts/inspect/{gift.pk}/" in text_of(client, text), text


def test_nobody_learns_of_giving_who_may_not_see_it(staff_client: Callable[..., Client]) -> None:
    receipt = make_receipt(make_gift(make_person("Ann", "Lee"), "321"))
    page = text_of(staff_client("Volunteer coordinator"), receipt.serial)
    assert "Ann Lee" not in page
    assert "321" not in page
    assert "Ann Lee" in text_of(staff_client("Gift processor"), receipt.serial)


def test_the_board_finds_gifts_but_no_people(staff_client: Callable[..., Client]) -> None:
    make_household(make_person("Ann", "Lee"), make_person("Bo", "Lee"))
    client = staff_client("Board reader")
    assert "Nothing on record fits" in text_of(client, "lee")
    assert Search("lee", client.user).constituents == []


def test_who_may_see_none_of_it_has_no_search(staff_client: Callable[..., Client]) -> None:
    client = staff_client("Moderators")
    for address in ("/admin/search/", "/admin/search/results/"):
        assert client.get(address, {"q": "lee"}, headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 403


def test_whoever_is_not_there_can_be_added_with_what_was_typed(staff_client: Callable[..., Client]) -> None:
    client = staff_client()
    page = text_of(client, "Ann Mary Lee")
    assert "Add “Ann Mary Lee” as a new person" in page
    assert "/admin/people/new/?given_name=Ann+Mary&amp;family_name=Lee" in page
    assert "email=ann%40example.org" in text_of(client, "ann@example.org")
    assert "Add “" not in text_of(client, "")


def test_what_was_typed_is_shown_as_text(staff_client: Callable[..., Client]) -> None:
    page = text_of(staff_client(), '"><script>alert(1)</script>')
    assert "<script>alert(1)" not in page


def test_results_while_typing_are_few_and_ask_as_much_among_many(
    staff_client: Callable[..., Client], assert_constant_queries: Callable
) -> None:
    client = staff_client()

    def more(count: int) -> None:
        for number in range(count):
            ann, bo = make_person("Ann", "Leeson", email=f"ann{number}@example.org"), make_person("Bo", "Leeson")
            make_household(ann, bo)
            make_organisation("Leeson Trust")

    more(1)
    assert_constant_queries(more, lambda: client.get("/admin/search/results/?q=" + quote("leeson")), at_most=25)
    page = text_of(client, "leeson", "/admin/search/results/")
    assert "<html" not in page
    assert page.count("data-find-hit") <= 6 * 4 + 2


def test_choosing_somebody_offers_the_likeliest_first(staff_client: Callable[..., Client]) -> None:
    make_person("Anna", "Aaron", email="lee@example.org")
    make_person("Ann", "Lee")
    page = staff_client().get("/admin/constituent_chooser/results/?q=lee").content.decode()
    assert page.index("Ann Lee") < page.index("Anna Aaron")


def test_the_command_writes_everything_anew(capsys: pytest.CaptureFixture[str]) -> None:
    make_person("Ann", "Lee")
    SearchEntry.objects.all().delete()
    call_command("rebuild_search")
    assert Constituent.objects.search("lee").exists()
    assert "1 of 1" in capsys.readouterr().out
