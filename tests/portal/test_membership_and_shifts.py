"""Members renew, volunteers keep their shifts in order."""

import datetime as dt
from decimal import Decimal

from core import clock
from donations.models import Gift, GiftStatus
from memberships.models import Application
from tests.factories.constituents import make_person
from tests.factories.memberships import make_level, make_membership
from tests.factories.volunteers import make_opportunity, make_shift
from volunteers.models import HoursEntry, HoursStatus, SignUpStatus
from volunteers.services.signing_up import sign_up


def days_ago(days: int) -> dt.date:
    return clock.today() - dt.timedelta(days=days)


def test_a_member_sees_number_level_and_card(mine, me) -> None:
    membership = make_membership(me, level=make_level("Harbour friend"), starts_on=days_ago(30))
    page = mine.get("/account/membership/").text
    assert membership.number in page
    assert "Harbour friend" in page
    assert "member-card" in page
    assert mine.get("/account/membership/card/").content.startswith(b"%PDF")
    assert "/account/membership/renew/" not in page
    assert mine.get("/account/membership/renew/")["Location"] == "/account/membership/"


def test_who_is_no_member_has_no_card(mine, me) -> None:
    make_membership(me, starts_on=days_ago(800))
    assert "member-card" not in mine.get("/account/").text
    assert mine.get("/account/membership/card/").status_code == 404


def test_a_membership_that_is_due_is_renewed_once_by_a_promise_to_pay(mine, me) -> None:
    membership = make_membership(me, starts_on=days_ago(340))
    assert "/account/membership/renew/" in mine.get("/account/").text
    order = {"level": membership.level.pk, "method": "cheque"}
    for _ in range(2):
        assert mine.post("/account/membership/renew/", order)["Location"] == "/account/membership/"
    assert Application.objects.get().membership == membership
    dues = Gift.objects.get(status=GiftStatus.PENDING)
    assert (dues.donor, dues.amount, dues.method, dues.source) == (me, Decimal(60), "cheque", "portal")
    assert "Your renewal is on its way" in mine.get("/account/").text


def test_who_is_only_named_on_a_plan_sees_it_and_does_not_renew_it(mine, me) -> None:
    payer = make_person("Bo", "Ray")
    family = make_level("Family", capacity=4)
    make_membership(payer, level=family, starts_on=days_ago(340), people=[me])
    page = mine.get("/account/membership/").text
    assert "Bo Ray" in page
    assert mine.get("/account/membership/renew/")["Location"] == "/account/membership/"


def test_a_place_is_given_back_after_a_question_and_goes_to_who_waits(mine, me) -> None:
    shift = make_shift(capacity=1)
    place = sign_up(shift, volunteer=me, by=None)
    other = sign_up(shift, volunteer=make_person(), by=None, wait_if_full=True)
    address = f"/account/shifts/{place.uuid}/cancel/"
    assert address in mine.get("/account/shifts/").text
    assert "Give your place back?" in mine.get(address).text
    place.refresh_from_db()
    assert place.status == SignUpStatus.CONFIRMED
    mine.post(address, {"reason": "A cold"})
    place.refresh_from_db()
    other.refresh_from_db()
    assert (place.status, place.cancel_reason) == (SignUpStatus.CANCELLED, "A cold")
    assert other.status == SignUpStatus.CONFIRMED
    assert mine.post(address).status_code == 404


def test_who_waits_sees_that_they_wait(mine, me) -> None:
    shift = make_shift(capacity=1)
    sign_up(shift, volunteer=make_person(), by=None)
    sign_up(shift, volunteer=me, by=None, wait_if_full=True)
    assert "On the waiting list" in mine.get("/account/shifts/").text


def test_hours_are_logged_and_wait_for_approval(mine, me) -> None:
    entry = {"opportunity": make_opportunity().pk, "worked_on": days_ago(1).isoformat(), "hours": "2.5"}
    assert mine.post("/account/shifts/hours/", entry).status_code == 302
    logged = HoursEntry.objects.get()
    assert (logged.volunteer, logged.hours, logged.status) == (me, Decimal("2.50"), HoursStatus.SUBMITTED)
    assert mine.post("/account/shifts/hours/", entry | {"hours": "23"}).status_code == 422
    future = entry | {"worked_on": (clock.today() + dt.timedelta(days=2)).isoformat()}
    assert mine.post("/account/shifts/hours/", future).status_code == 422


def test_hours_cannot_be_logged_for_what_one_may_not_see(mine, me) -> None:
    hidden = make_opportunity(visibility="team")
    entry = {"opportunity": hidden.pk, "worked_on": days_ago(1).isoformat(), "hours": "2"}
    assert mine.post("/account/shifts/hours/", entry).status_code == 422


def test_the_shifts_page_asks_the_same_number_of_questions_however_many_there_are(
    mine, me, assert_constant_queries
) -> None:
    hours = iter(range(1, 100))

    def more(number: int) -> None:
        for _ in range(number):
            sign_up(make_shift(in_hours=next(hours) * 24), volunteer=me, by=None)

    assert_constant_queries(more, lambda: mine.get("/account/shifts/"), at_most=15)
    assert_constant_queries(more, lambda: mine.get("/account/"), at_most=15)
