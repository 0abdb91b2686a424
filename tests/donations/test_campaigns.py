"""Campaigns in a tree, appeals and their codes, results, and closing a fund."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import F
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from accounts.roles import sync_roles
from constituents.services.segments import make_segment
from core.audit.models import AuditEntry
from core.money import Money
from donations.campaigns import closing
from donations.campaigns.arranging import change_campaign, remove_appeal, remove_campaign, take_list_for
from donations.campaigns.closing import UserOfFund, close_fund, remove_fund, reopen_fund
from donations.campaigns.curve import curve_of
from donations.campaigns.links import link_of, qr_png
from donations.campaigns.page import campaign_page
from donations.campaigns.results import breakdown_of, raised_by_campaign, results_of_appeal
from donations.campaigns.tracking import appeal_for, credit_for
from donations.campaigns.yearly import years_of_fund
from donations.errors import CampaignCircleError, ClosedFundError, FundStateError, HasGiftsError, NobodyToMailError
from donations.models import Appeal, Campaign, Fund, Gift
from donations.services.gifts import refund_gift
from tests.factories.constituents import make_person
from tests.factories.donations import make_appeal, make_campaign, make_fund, make_gift
from tests.factories.promises import make_pledge
from tests.factories.website import form_token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]

TODAY = dt.date(2026, 6, 15)


@pytest.fixture(autouse=True)
def _in_june() -> object:
    cache.clear()
    with time_machine.travel(dt.datetime(2026, 6, 15, 16, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def year() -> Campaign:
    return make_campaign("Year", goal=Decimal(1000), starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 12, 31))


@pytest.fixture
def spring(year: Campaign) -> Campaign:
    return make_campaign("Spring", parent=year)


# The tree


def test_a_campaign_is_never_part_of_itself_however_far_round(year: Campaign, spring: Campaign) -> None:
    boats = make_campaign("Boats", parent=spring)
    with pytest.raises(CampaignCircleError, match="“Boats” is part of “Year”"):
        change_campaign(year, by=None, parent=boats)
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk=year.pk).update(parent=F("pk"))
    assert change_campaign(boats, by=None, parent=year).parent == year
    assert AuditEntry.objects.filter(action="campaign.changed").count() == 1


def test_a_gift_deep_in_the_tree_counts_once_for_everything_above_it(year: Campaign, spring: Campaign) -> None:
    boats = make_campaign("Boats", parent=spring)
    ann = make_person()
    make_gift(ann, 10, on=dt.date(2025, 2, 1))
    for campaign, amount in ((boats, 30), (spring, 20), (year, 50)):
        make_gift(ann, amount, campaign=campaign)
    make_gift(amount=100, campaign=boats)
    make_gift(amount=7)
    found = breakdown_of(year)
    assert (found.total.revenue, found.total.gifts, found.total.donors) == (Decimal(200), 4, 2)
    assert found.total.new_donors == 1  # Ann had given before
    assert [(part, row.revenue, row.donors) for part, row in found.parts] == [(spring, Decimal(150), 2)]
    assert raised_by_campaign() == {year.pk: Decimal(200), spring.pk: Decimal(150), boats.pk: Decimal(130)}


# Results


def test_results_say_what_came_for_what_it_cost(year: Campaign, spring: Campaign) -> None:
    letter = make_appeal(spring, "Letter", number_sent=40, cost=Decimal("25.00"))
    web = make_appeal(spring, "Website")
    for amount in (10, 20, 90):
        make_gift(amount=amount, campaign=spring, appeal=letter)
    twice = make_gift(amount=60, campaign=spring, appeal=letter)
    make_gift(twice.donor, 40, campaign=spring, appeal=web)
    make_gift(amount=30, campaign=spring, appeal=letter, post=False)
    refund_gift(twice, money=Money(Decimal(30), "USD"), by=None, reason="Asked for it")
    make_pledge(amount="120", campaign=year)
    total = breakdown_of(year).total
    assert (total.revenue, total.gifts, total.donors) == (Decimal(190), 5, 4)
    assert (total.average, total.median, total.largest) == (Decimal(38), Decimal(30), Decimal(90))
    assert (total.responses, total.sent, total.response_rate) == (4, 40, Decimal("0.1"))
    assert (total.cost, total.net, total.roi) == (Decimal(25), Decimal(165), Decimal("6.6"))
    assert total.cost_to_raise_one == Decimal(25) / Decimal(190)
    assert (total.promised.pledged, total.promised.expected, total.promised.to_come) == (120, 30, 150)
    assert results_of_appeal(letter).median == Decimal(25)  # 10, 20, 30, 90
    nothing = breakdown_of(make_campaign()).total
    assert (nothing.average, nothing.median, nothing.response_rate, nothing.roi) == (None, None, None, None)


def test_results_ask_the_same_however_many_gifts_parts_and_appeals(
    year: Campaign, django_assert_max_num_queries: Callable
) -> None:
    def more(count: int) -> None:
        for _ in range(count):
            part = make_campaign(parent=year)
            make_gift(campaign=part, appeal=make_appeal(part))

    counts = []
    for _ in range(2):
        more(2)
        with django_assert_max_num_queries(10) as asked:
            breakdown_of(year)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_curve_adds_up_to_today_and_stands_before_last_years(year: Campaign) -> None:
    year.compared_with = make_campaign("Last", starts_on=dt.date(2025, 1, 1), ends_on=dt.date(2025, 12, 31))
    make_gift(amount=5, campaign=year.compared_with, on=dt.date(2025, 3, 1))
    make_gift(amount=70, campaign=year.compared_with, on=dt.date(2025, 12, 31))
    make_gift(amount=10, campaign=year, on=dt.date(2026, 2, 3))
    make_gift(amount=15, campaign=year, on=TODAY)
    curve = curve_of(year)
    assert curve is not None
    assert (curve.days[0], curve.days[-1]) == (year.starts_on, year.ends_on)
    assert curve.sums[curve.days.index(TODAY)] == Decimal(25)
    assert curve.sums[curve.days.index(TODAY) + 1] is None
    assert (curve.before[curve.days.index(TODAY)], curve.before[-1]) == (Decimal(5), Decimal(75))
    assert curve_of(make_campaign(goal=Decimal(5))) is None


def test_what_comes_after_its_end_counts_and_leaves_the_curve_its_own_days() -> None:
    over = make_campaign("Over", goal=Decimal(100), starts_on=dt.date(2025, 1, 1), ends_on=dt.date(2025, 3, 31))
    make_gift(amount=40, campaign=over, on=dt.date(2025, 3, 1))
    make_gift(amount=25, campaign=over, on=dt.date(2025, 9, 1))
    page = campaign_page(over)
    assert (page.curve.days[-1], page.curve.sums[-1], page.raised.amount) == (over.ends_on, Decimal(40), Decimal(65))
    assert list(page.sentences()) == ["$35 short of its goal.", "$25 of it came after the last day."]


# Codes


def test_a_code_credits_its_appeal_in_any_case_until_it_ends(year: Campaign) -> None:
    appeal = Appeal.objects.create(campaign=year, name="Letter", code="Spring-26", closes_on=TODAY)
    assert appeal_for(" sPRING-26 ") == appeal
    assert appeal_for("nobody") is appeal_for("") is appeal_for("x" * 500) is appeal_for("' OR 1=1") is None
    assert credit_for({"utm_source": "news", "utm_content": "spring-26"}).campaign == year
    assert credit_for({"a": "gone", "utm_campaign": year.code}).campaign == year
    with time_machine.travel(dt.datetime(2026, 6, 16, 16, tzinfo=dt.UTC), tick=False):
        assert appeal_for("spring-26") is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.create(campaign=year, name="Other", code="SPRING-26")


def test_the_giving_page_carries_the_code_through_a_mistake(client: Client, year: Campaign) -> None:
    make_fund("General", is_default=True)
    appeal = make_appeal(year)
    sent = {
        "amount": "50",
        "method": "transfer",
        "token": form_token(),
        "given_name": "Ann",
        "credit": appeal.code,
    }
    assert f'value="{appeal.code}"' in client.get(f"/give/?a={appeal.code}").text
    page = client.post("/give/", sent)  # the e-mail address is missing
    assert f'value="{appeal.code}"' in page.text
    client.post("/give/", {**sent, "email": "ann@example.org"})
    gift = Gift.objects.get()
    assert (gift.appeal, gift.campaign) == (appeal, year)
    client.post("/give/?a=unheard-of", {**sent, "token": form_token(), "email": "bo@example.org", "credit": "?"})
    assert Gift.objects.latest("pk").appeal is None


def test_an_appeal_has_a_link_and_a_code_to_print(staff_client: Callable[..., Client], year: Campaign) -> None:
    appeal = make_appeal(year)
    assert link_of(appeal).endswith(f"/give/?a={appeal.code}")
    picture = Image.open(BytesIO(qr_png(link_of(appeal))))
    assert picture.width == picture.height > 400
    client = staff_client()
    page = client.get(f"/admin/appeals/inspect/{appeal.pk}/").text
    assert link_of(appeal) in page
    answer = client.get(f"/admin/giving/appeals/{appeal.pk}/code.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<?xml")
    assert client.get(f"/admin/giving/appeals/{appeal.pk}/code.pdf").content.startswith(b"%PDF")
    sync_roles()
    assert staff_client("Volunteer coordinator").get(f"/admin/giving/appeals/{appeal.pk}/code.svg").status_code != 200


def test_the_list_of_an_appeal_is_who_was_in_its_segment(year: Campaign) -> None:
    donors = [make_gift(amount=20).donor for _ in range(3)]
    segment = make_segment(by=None, name="Gave", criteria={"match": "all", "of": [_gave("10")]})
    nobody = make_segment(by=None, name="Gave much", criteria={"match": "all", "of": [_gave("10000")]})
    appeal = take_list_for(make_appeal(year), segment=segment, by=None)
    assert (appeal.number_sent, appeal.sent_on) == (3, TODAY)
    assert appeal.mailed_list is not None
    assert set(appeal.mailed_list.members.all()) == set(donors)
    with pytest.raises(NobodyToMailError):
        take_list_for(appeal, segment=nobody, by=None)


def _gave(amount: str) -> dict[str, str]:
    return {"criterion": "giving.total", "operator": "at_least", "value": amount}


# What has gifts stays


def test_what_has_gifts_is_not_deleted_and_says_what_to_do(
    staff_client: Callable[..., Client], spring: Campaign
) -> None:
    appeal = make_appeal(spring)
    fund = make_gift(campaign=spring, appeal=appeal).allocations.get().fund
    for remove, thing in ((remove_campaign, spring), (remove_appeal, appeal), (remove_fund, fund)):
        with pytest.raises(HasGiftsError, match="1 gift"):
            remove(thing, by=None)
    page = staff_client().post(f"/admin/campaigns/delete/{spring.pk}/", follow=True)
    assert "Give it an end date instead" in page.text
    with pytest.raises(HasGiftsError, match="“Spring” is part of it"):
        remove_campaign(spring.parent, by=None)  # type: ignore[arg-type]
    empty = make_campaign()
    remove_campaign(empty, by=None)
    assert not Campaign.objects.filter(code=empty.code).exists()


# Funds


def test_closing_a_fund_asks_where_what_still_comes_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    moved = []
    orders = UserOfFund("orders", "standing orders", count=lambda fund: 2, move=lambda *args, by: moved.append(args))
    monkeypatch.setattr(closing, "_users", {"orders": orders})
    general, roof = make_fund("General", is_default=True), make_fund("Roof")
    with pytest.raises(FundStateError, match="2 standing orders"):
        close_fund(roof, by=None)
    assert close_fund(roof, by=None, closed_into=general).closed_into == general
    assert moved == [(roof, general)]
    with pytest.raises(ClosedFundError), time_machine.travel(dt.datetime(2026, 6, 17, tzinfo=dt.UTC), tick=False):
        make_gift(fund=Fund.objects.get(pk=roof.pk), on=dt.date(2026, 6, 16))
    with pytest.raises(FundStateError, match="default first"):
        close_fund(general, by=None, closed_into=roof)
    assert reopen_fund(roof, by=None, reason="The leak is back").closes_on is None


def test_a_funds_years_are_the_ledgers() -> None:
    roof = make_fund("Roof")
    gift = make_gift(amount=100, fund=roof, on=dt.date(2025, 3, 1))
    make_gift(amount=40, fund=roof)
    refund_gift(gift, money=Money(Decimal(30), "USD"), by=None, reason="Asked for it")
    years = [(year.year, year.received, year.returned, year.gifts) for year in years_of_fund(roof)]
    assert years == [(2026, Decimal(40), Decimal(-30), 1), (2025, Decimal(100), Decimal(0), 1)]


# Screens


@pytest.mark.parametrize(
    ("role", "opens", "names"),
    [("Board reader", True, False), ("Fundraiser", True, True), ("Volunteer coordinator", False, False)],
)
def test_the_board_reads_a_campaign_and_no_names(
    staff_client: Callable[..., Client], settings: object, year: Campaign, role: str, opens: bool, names: bool
) -> None:
    sync_roles()
    settings.DEMO = True  # type: ignore[attr-defined]
    make_gift(make_person("Zenobia", "Quill"), 250, campaign=year, appeal=make_appeal(year, number_sent=10))
    client = staff_client(role)
    page = client.get(f"/admin/campaigns/inspect/{year.pk}/")
    assert (page.status_code == 200) is opens
    if not opens:
        return
    for words in ("$250", "$1,000", "25%", "$750 to go.", "10.0%"):
        assert words in page.text
    assert ("Zenobia" in page.text) is names
    paper = client.get(f"/admin/campaigns/inspect/{year.pk}/?format=pdf").content
    text = "\n".join(part.extract_text() for part in PdfReader(BytesIO(paper)).pages)
    assert "250 of 1,000" in text or "25% of $1,000" in text
    assert "Zenobia" not in text


def test_the_list_of_campaigns_shows_what_came_with_its_parts(
    staff_client: Callable[..., Client], spring: Campaign, assert_constant_queries: Callable
) -> None:
    make_gift(amount=321, campaign=spring)
    client = staff_client()
    assert client.get("/admin/campaigns/").text.count("$321.00") == 2

    def more(count: int) -> None:
        for _ in range(count):
            make_gift(campaign=make_campaign(parent=spring.parent))

    assert_constant_queries(more, lambda: client.get("/admin/campaigns/?p=1"), at_most=20)
