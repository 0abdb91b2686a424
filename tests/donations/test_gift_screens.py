"""The screens about one gift: each page opens, each form does what its button says, each role may what it needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from accounts.roles import sync_roles
from constituents.models import Constituent
from core import clock
from donations.models import Gift, GiftStatus, Match, MatchingRule, MatchState, SoftCredit, Tribute, TributeNotice
from donations.services.adjusting import adjust_gift
from donations.services.gifts import charge_back_gift
from donations.services.recognition import credit
from donations.services.tributes import dedicate, notify_of
from tests.factories.constituents import make_organisation, make_person
from tests.factories.donations import make_fund, make_gift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


@pytest.fixture
def client(staff_client: Callable[..., Client]) -> Client:
    """Somebody who may do all."""
    return staff_client()


def fields_of(gift: Gift) -> dict[str, object]:
    """What the form to adjust is sent with when nothing is corrected."""
    return {
        "donor": gift.donor_id,
        "amount": gift.left.plain,
        "currency": gift.currency,
        "received_on": gift.received_on.isoformat(),
        "method": gift.method,
        "fund": gift.allocations.get().fund_id,
        "advantage_kind": "goods",
    }


def expect_match(employee: Constituent | None = None) -> Match:
    rule = MatchingRule.objects.create(employer=make_organisation(), currency="USD")
    gift = make_gift(employee, "100")
    return Match.objects.create(gift=gift, rule=rule, amount=gift.amount, currency="USD")


def test_a_gift_is_adjusted_after_before_and_after_were_looked_at(client: Client) -> None:
    gift, right = make_gift(amount="500"), make_person("Miriam", "Castellane")
    url = f"/admin/gifts/adjust/{gift.pk}/"
    assert client.get(url).status_code == 200
    corrected = fields_of(gift) | {"donor": right.pk, "amount": "50", "reason": "A zero too many"}
    page = client.post(url, corrected).content.decode()
    assert "<del>$500.00</del>" in page
    assert "<ins>Miriam Castellane</ins>" in page
    gift.refresh_from_db()
    assert gift.status == GiftStatus.POSTED
    client.post(url, corrected | {"confirmed": "1"})
    gift.refresh_from_db()
    assert (gift.status, gift.current.donor, gift.current.amount) == (GiftStatus.ADJUSTED, right, 50)
    assert client.post(url, corrected | {"confirmed": "1"}).status_code == 200


def test_an_adjustment_that_changes_nothing_or_gives_no_reason_stays_on_the_form(client: Client) -> None:
    gift = make_gift()
    url = f"/admin/gifts/adjust/{gift.pk}/"
    same = fields_of(gift)
    assert "Nothing would change" in client.post(url, same | {"reason": "x", "confirmed": "1"}).content.decode()
    assert client.post(url, same | {"amount": "51", "confirmed": "1"}).status_code == 200
    assert Gift.objects.count() == 1


def test_original_and_replacement_tell_the_whole_story(client: Client) -> None:
    original = make_gift(amount="500")
    corrected = adjust_gift(original, donor=make_person("Miriam"), by=None, reason="Another Ann")
    for gift, other in ((original, corrected), (corrected, original)):
        page = client.get(f"/admin/gifts/inspect/{gift.pk}/").content.decode()
        assert "Another Ann" in page
        assert f"/admin/gifts/inspect/{other.pk}/" in page
        assert page.count("Adjustment") >= 2


def test_every_panel_of_a_gift_shows_what_hangs_on_it(client: Client) -> None:
    match = expect_match()
    gift = match.gift
    credit(gift, constituent=make_person("Solveig"), role="solicitor", by=None)
    notify_of(dedicate(gift, kind="memory", honouree_name="Rose Tanaka", by=None), name="Ken Tanaka", by=None)
    page = client.get(f"/admin/gifts/inspect/{gift.pk}/").content.decode()
    for said in ("Solveig", "In memory of", "Rose Tanaka", "Ken Tanaka", "To claim", str(match.rule)):
        assert said in page


def test_a_charge_back_and_its_reversal_are_two_buttons(client: Client) -> None:
    gift = make_gift(amount="80")
    client.post(f"/admin/gifts/charge-back/{gift.pk}/", {"amount": "80", "reason": "Stolen card"})
    gift.refresh_from_db()
    assert gift.status == GiftStatus.CHARGED_BACK
    client.post(f"/admin/gifts/reinstate/{gift.pk}/", {"reason": "Won"})
    gift.refresh_from_db()
    assert gift.status == GiftStatus.POSTED


def test_recognition_dedication_and_notices_are_given_and_taken_back(client: Client) -> None:
    gift, asker = make_gift(), make_person()
    at = f"/admin/gifts/{{}}/{gift.pk}/"
    client.post(at.format("recognise"), {"constituent": asker.pk, "role": "solicitor"})
    client.post(f"{at.format('withdraw-recognition')}?part={SoftCredit.objects.get().pk}")
    assert not SoftCredit.objects.exists()
    client.post(at.format("dedicate"), {"kind": "honour", "honouree_name": "Rose Tanaka"})
    client.post(at.format("tell"), {"name": "Ken Tanaka", "way": "letter"})
    notice = TributeNotice.objects.get()
    assert "Ken Tanaka" in client.get("/admin/tribute-notices/").content.decode()
    client.post(f"{at.format('told')}?part={notice.pk}", {"how": "phone"})
    assert "Ken Tanaka" not in client.get("/admin/tribute-notices/").content.decode()
    assert client.get(f"/admin/gifts/told/{make_gift().pk}/?part={notice.pk}").status_code == 404


def test_goods_are_valued_and_money_is_not(client: Client) -> None:
    table = make_gift(amount="850", method="in_kind", description="Oak table")
    value = {"amount": "900", "method": "estimate", "valued_on": "2026-03-02"}
    client.post(f"/admin/gifts/value/{table.pk}/", value)
    assert table.valuation.amount == 900
    assert "differs from the books" in client.get(f"/admin/gifts/inspect/{table.pk}/").content.decode()
    assert "Only goods" in client.get(f"/admin/gifts/value/{make_gift().pk}/").content.decode()


def test_a_match_is_claimed_and_received_from_the_list(client: Client) -> None:
    match = expect_match()
    client.post(f"/admin/matches/claim/{match.pk}/", {"claimed_on": clock.today().isoformat()})
    cheque = make_gift(match.rule.employer, "100")
    client.post(f"/admin/matches/receive/{match.pk}/", {"gift": cheque.pk, "amount": "100"})
    match.refresh_from_db()
    assert (match.state, match.received_gift) == (MatchState.RECEIVED, cheque)
    for url in ("/admin/matches/", "/admin/matching-rules/", "/admin/matching-rules/new/"):
        assert client.get(url).status_code == 200


def test_a_gift_is_recorded_with_its_dedication_and_who_else_is_behind_it(client: Client) -> None:
    fund, donor, adviser = make_fund("General", is_default=True), make_person(), make_person()
    values = {
        "donor": donor.pk, "amount": "75", "currency": "USD", "received_on": "2026-03-04", "method": "daf",
        "fund": fund.pk, "advantage_kind": "goods", "dedication_kind": "memory", "honouree_name": "Rose Tanaka",
        "notify_name": "Ken Tanaka", "notify_address": "4 Quay Street", "notify_city": "Portbury",
        "credit_to": adviser.pk, "credit_role": "daf_adviser",
    }  # fmt: skip
    assert client.post("/admin/gifts/new/", values).status_code == 302
    gift = Gift.objects.get()
    assert (gift.tribute, gift.soft_credits.get().constituent) == ("In memory of Rose Tanaka", adviser)
    assert Tribute.objects.get().notices.get().address_line == "4 Quay Street, Portbury"


def test_the_lists_ask_a_constant_number_of_questions(
    client: Client, assert_constant_queries: Callable[..., None]
) -> None:
    def more(number: int) -> None:
        for _ in range(number):
            match = expect_match()
            notify_of(dedicate(match.gift, kind="memory", honouree_name="Rose", by=None), name="Ken", by=None)

    assert_constant_queries(more, lambda: client.get("/admin/matches/"))
    assert_constant_queries(more, lambda: client.get("/admin/tribute-notices/"))


@pytest.mark.parametrize(
    ("role", "sees", "corrects"),
    [("Gift processor", True, True), ("Fundraiser", True, False), ("Board reader", False, False)],
)
def test_each_role_may_what_its_work_needs(
    staff_client: Callable[..., Client], settings: object, role: str, sees: bool, corrects: bool
) -> None:
    sync_roles()
    settings.DEMO = True  # type: ignore[attr-defined]  # no second factor is asked for in the demo
    match, client = expect_match(), staff_client(role)
    charge_back_gift(make_gift(), by=None, reason="Stolen card")
    notify_of(dedicate(match.gift, kind="memory", honouree_name="Rose", by=None), name="Ken", by=None)
    gift = match.gift_id

    def may(url: str) -> bool:
        return client.get(url).status_code == 200

    for url in ("/admin/matches/", "/admin/tribute-notices/", f"/admin/gifts/inspect/{gift}/"):
        assert may(url) is sees, url
    for verb in ("adjust", "charge-back", "recognise", "dedicate", "tell"):
        assert may(f"/admin/gifts/{verb}/{gift}/") is corrects, verb
    assert may(f"/admin/matches/claim/{match.pk}/") is corrects
    assert not may("/admin/matching-rules/")


def test_recognition_stands_on_the_persons_page_under_its_own_name(client: Client) -> None:
    asker = make_person()
    make_gift(asker, "20")
    credit(make_gift(amount="300"), constituent=asker, role="solicitor", by=None)
    page = client.get(f"/admin/people/inspect/{asker.pk}/").content.decode()
    assert "With recognition" in page
    assert "$320.00" in page
    assert asker.giving.lifetime == Decimal(20)


def test_what_the_books_said_at_each_time_stands_on_the_page(client: Client) -> None:
    gift = make_gift(amount="100", on=dt.date(2026, 2, 1))
    corrected = adjust_gift(gift, money=gift.money * Decimal(2), by=None, reason="Twice")
    page = client.get(f"/admin/gifts/inspect/{corrected.pk}/").content.decode()
    assert page.index("$100.00") < page.rindex("$200.00")
