"""Donor levels: who stands where, since when, and what moves them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.roles import sync_roles
from constituents.models import WorkEvent
from constituents.segments import matching
from constituents.services.merging import merge, undo_merge
from core.money import Money
from donations.levels import level_of
from donations.levels.adding_up import add_up
from donations.levels.jobs import stand_by_night
from donations.levels.standing import drifted_standings, stand_all
from donations.models import DonorLevel, DonorStanding, Gift, Ladder, Measure, SoftCredit, SoftCreditRole
from donations.services.bulk import NewGift, post_gifts
from donations.services.gifts import default_fund, refund_gift
from tests.factories.constituents import make_household, make_person
from tests.factories.donations import make_fund, make_gift
from tests.harness.examples import drawn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]

MARCH, APRIL = dt.date(2026, 3, 1), dt.date(2026, 4, 1)


@pytest.fixture(autouse=True)
def _in_june() -> object:
    with time_machine.travel(dt.datetime(2026, 6, 15, 16, tzinfo=dt.UTC), tick=False):
        yield


def make_ladder(name: str = "Circles", **details: object) -> Ladder:
    """A ladder of two levels, from 100 and from 500."""
    ladder = Ladder.objects.create(name=name, **{"measure": Measure.LIFETIME, "with_household": False, **details})
    for level, amount in (("Candle", 100), ("Lantern", 500)):
        DonorLevel.objects.create(ladder=ladder, name=level, from_amount=Decimal(amount))
    return ladder


def standing_of(person: object) -> tuple[str, Decimal, dt.date | None]:
    row = DonorStanding.objects.get(constituent=person)
    return str(row.level or ""), row.amount, row.reached_on


def test_a_level_is_reached_on_the_day_of_the_gift_that_makes_it() -> None:
    make_ladder()
    ann = make_person()
    make_gift(ann, "99.99", on=MARCH)
    assert standing_of(ann) == ("", Decimal("99.99"), None)
    make_gift(ann, "0.01", on=APRIL)
    assert standing_of(ann) == ("Candle", Decimal(100), APRIL)
    make_gift(ann, 400, on=MARCH)  # entered late: with it, March had Candle and April Lantern
    assert standing_of(ann) == ("Lantern", Decimal(500), APRIL)
    assert str(level_of(ann)) == "Lantern"


def test_what_goes_back_takes_the_level_along() -> None:
    make_ladder()
    gift = make_gift(amount=120)
    refund_gift(gift, money=Money(Decimal(50), "USD"), by=None, reason="Asked for it")
    assert standing_of(gift.donor) == ("", Decimal(70), None)
    refund_gift(gift, money=Money(Decimal(70), "USD"), by=None, reason="All of it")
    assert not DonorStanding.objects.exists()


def test_those_who_live_together_reach_a_level_together_and_what_was_given_then_stays() -> None:
    make_ladder(with_household=True)
    ann, bo = make_person("Ann"), make_person("Bo")
    make_gift(ann, 60)
    home = make_household(ann, bo)
    make_gift(bo, 50, on=APRIL)
    assert standing_of(ann)[:2] == standing_of(bo)[:2] == ("Candle", Decimal(110))
    stay = home.memberships.get(person=bo)
    stay.until = APRIL
    stay.save()
    make_gift(bo, 30, on=dt.date(2026, 5, 1))
    assert standing_of(ann)[:2] == ("Candle", Decimal(110))
    assert standing_of(bo)[:2] == ("", Decimal(80))
    assert drifted_standings() == []


def test_recognition_counts_only_where_it_is_asked_for_and_nothing_twice() -> None:
    make_ladder("Money alone")
    thanked = make_ladder("With thanks", with_household=True, with_recognition=True)
    ann, bo, agent = make_person("Ann"), make_person("Bo"), make_person("Cy")
    make_household(ann, bo)
    gift = make_gift(ann, 200)
    SoftCredit.objects.bulk_create(
        [
            SoftCredit(gift=gift, constituent=bo, role=SoftCreditRole.SPOUSE, amount=Decimal(200)),
            SoftCredit(gift=gift, constituent=agent, role=SoftCreditRole.DAF_ADVISER, amount=Decimal(100)),
        ]
    )
    stand_all(thanked)
    amounts = dict(DonorStanding.objects.filter(ladder=thanked).values_list("constituent__given_name", "amount"))
    assert amounts == {"Ann": Decimal(200), "Bo": Decimal(200), "Cy": Decimal(100)}
    assert not DonorStanding.objects.filter(ladder__name="Money alone", constituent=agent).exists()
    assert drifted_standings() == []


def test_reaching_a_level_is_told_to_the_rules_once_and_history_is_not() -> None:
    ladder = make_ladder()
    ann = make_person()
    gift = make_gift(ann, 150)
    refund_gift(gift, money=Money(Decimal(100), "USD"), by=None, reason="A mistake")
    make_gift(ann, 150)
    event = WorkEvent.objects.get(name="level.reached")
    assert (event.constituent, event.facts["level"]) == (ann, ladder.levels.get(name="Candle").pk)
    old = Gift(donor=make_person(), amount=Decimal(900), currency="USD", received_on=MARCH)
    post_gifts([NewGift(old, [(default_fund(), Decimal(900))])], by=None)
    assert standing_of(old.donor)[0] == "Lantern"
    assert WorkEvent.objects.filter(name="level.reached").count() == 1


def test_levels_by_the_year_begin_anew_with_it(run_jobs: Callable[[], None]) -> None:
    make_ladder(measure=Measure.THIS_YEAR)
    make_ladder("Last year", measure=Measure.LAST_YEAR)
    ann = make_gift(amount=150).donor
    assert [str(row.level) for row in ann.standings.all()] == ["Candle"]
    with time_machine.travel(dt.datetime(2027, 1, 1, 8, tzinfo=dt.UTC), tick=False):
        stand_by_night(now=dt.datetime(2027, 1, 1, 8, tzinfo=dt.UTC))
        run_jobs()
        assert [(row.ladder.name, str(row.level)) for row in ann.standings.all()] == [("Last year", "Candle")]
        assert drifted_standings() == []


def test_a_merge_brings_levels_together_and_its_undo_parts_them() -> None:
    make_ladder()
    ann, again = make_gift(amount=60).donor, make_gift(amount=70).donor
    done = merge(ann, again, by=None)
    assert standing_of(ann)[:2] == ("Candle", Decimal(130))
    assert not DonorStanding.objects.filter(constituent=again).exists()
    undo_merge(done, by=None)
    assert standing_of(ann)[:2] == ("", Decimal(60))
    assert standing_of(again)[:2] == ("", Decimal(70))


def test_a_standing_somebody_meddled_with_is_found_and_mended() -> None:
    make_ladder()
    make_gift(amount=150)
    DonorStanding.objects.update(amount=Decimal(151))
    with pytest.raises(SystemExit) as ended:
        call_command("rebuild_rollups", check=True, stdout=(told := StringIO()))
    assert ended.value.code == 1
    assert "kept 151.000" in told.getvalue()
    call_command("rebuild_rollups", stdout=StringIO())
    call_command("rebuild_rollups", check=True, stdout=StringIO())


@drawn(5)
@given(gifts=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 400), st.integers(0, 60)), min_size=1, max_size=6))
def test_adding_up_is_the_sum_of_the_gifts_in_any_order(gifts: list[tuple[int, int, int]]) -> None:
    fund = make_fund()
    ladder = make_ladder(f"Ladder {fund.code}")
    people = [make_person() for _ in range(3)]
    new = [
        NewGift(
            Gift(donor=people[who], amount=Decimal(amount), currency="USD", received_on=MARCH + dt.timedelta(days=day)),
            [(fund, Decimal(amount))],
        )
        for who, amount, day in gifts
    ]
    post_gifts(new, by=None, audited=False)
    found = add_up(ladder, {person.pk for person in people})
    for number, person in enumerate(people):
        mine = sorted((day, amount) for who, amount, day in gifts if who == number)
        total = sum(amount for _day, amount in mine)
        assert (found[person.pk].amount if person.pk in found else 0) == total
        reached = next((day for at, (day, _) in enumerate(mine) if sum(a for _, a in mine[: at + 1]) >= 100), None)
        if person.pk in found and total < 500:
            on = None if reached is None else MARCH + dt.timedelta(days=reached)
            assert found[person.pk].reached_on == on


def test_people_are_found_by_level_and_shown_with_it(
    staff_client: Callable[..., Client], assert_constant_queries: Callable
) -> None:
    ladder = make_ladder(with_household=True)
    donor = make_gift(make_person("Ann", "Lee"), 150).donor
    home = make_household(donor)
    candle = ladder.levels.get(name="Candle")
    criteria = {"match": "all", "of": [{"criterion": "giving.level", "operator": "any_of", "value": [candle.pk]}]}
    assert list(matching(criteria)) == [donor]
    client = staff_client()
    assert "Candle since" in client.get(f"/admin/people/inspect/{donor.pk}/").text
    assert "Candle since" in client.get(f"/admin/households/inspect/{home.pk}/").text
    assert "Candle" in client.get("/admin/people/").text
    page = client.get(f"/admin/donor-levels/inspect/{ladder.pk}/").text
    assert "Donors now" in page

    def more(count: int) -> None:
        for _ in range(count):
            make_gift(amount=500)

    assert_constant_queries(more, lambda: client.get("/admin/donors-by-level/?p=1"), at_most=20)
    assert_constant_queries(more, lambda: client.get("/admin/people/?p=1"), at_most=25)


def test_a_new_level_counts_at_once(staff_client: Callable[..., Client]) -> None:
    make_gift(amount=300)
    form = {
        "name": "Society",
        "measure": "lifetime",
        "position": "0",
        "is_active": "on",
        "levels-TOTAL_FORMS": "1",
        "levels-INITIAL_FORMS": "0",
        "levels-MIN_NUM_FORMS": "1",
        "levels-MAX_NUM_FORMS": "1000",
        "levels-0-name": "Friend",
        "levels-0-from_amount": "250",
        "levels-0-benefits": "",
        "levels-0-ORDER": "1",
    }
    answer = staff_client().post("/admin/donor-levels/new/", form)
    assert answer.status_code == 302
    assert DonorStanding.objects.get().level == DonorLevel.objects.get()
    assert not WorkEvent.objects.filter(name="level.reached").exists()


@pytest.mark.parametrize(
    ("role", "looks", "sets_up"),
    [("Fundraiser", True, False), ("Board reader", False, False), ("Volunteer coordinator", False, False)],
)
def test_levels_are_for_those_who_see_giving(
    staff_client: Callable[..., Client], settings: object, role: str, looks: bool, sets_up: bool
) -> None:
    sync_roles()
    settings.DEMO = True  # type: ignore[attr-defined]
    client = staff_client(role)
    assert (client.get("/admin/donors-by-level/").status_code == 200) is looks
    assert (client.get("/admin/donor-levels/new/").status_code == 200) is sets_up
