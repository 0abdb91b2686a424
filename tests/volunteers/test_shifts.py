"""Adding shifts from a weekly pattern, changing one, calling one off; and what volunteers are told."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from core import clock
from core.audit.models import AuditEntry
from core.mail.models import Message
from core.organisation import current_organisation
from tests.factories.constituents import make_person
from tests.factories.volunteers import make_opportunity, make_shift
from volunteers.errors import ShiftClosedError, VolunteersError
from volunteers.models import Shift, SignUpStatus
from volunteers.services.shifts import WeeklyPattern, add_shifts, cancel_shift, change_shift, plan_shifts
from volunteers.services.signing_up import cancel_sign_up, sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def new_york():
    organisation = current_organisation()
    organisation.time_zone = "America/New_York"
    organisation.save()


def sundays(**changed):
    known = {
        "weekdays": {6},
        "starts": dt.time(17),
        "ends": dt.time(20),
        "first": dt.date(2027, 10, 25),
        "last": dt.date(2027, 11, 14),
        "capacity": 6,
        "minimum": 2,
    }
    return WeeklyPattern(**known | changed)


def test_five_o_clock_stays_five_o_clock_when_the_clocks_change(new_york) -> None:
    shifts = add_shifts(make_opportunity(), sundays(), by=None)
    assert [(shift.local_start.date().day, shift.local_start.hour) for shift in shifts] == [(31, 17), (7, 17), (14, 17)]
    # The clocks go back on 7 November 2027: the same hour on the wall is another hour in UTC.
    assert [shift.starts_at.hour for shift in shifts] == [21, 22, 22]


def test_a_shift_over_midnight_has_its_true_length_on_the_night_the_clocks_change(new_york) -> None:
    nights = sundays(weekdays={5}, starts=dt.time(22), ends=dt.time(6), first=dt.date(2027, 11, 6))
    changed, usual = add_shifts(make_opportunity(), nights, by=None)
    assert (changed.length, usual.length) == (9, 8)


def test_exceptions_and_shifts_on_record_are_left_out() -> None:
    kitchen = make_opportunity()
    add_shifts(kitchen, sundays(exceptions={dt.date(2027, 11, 7)}), by=None)
    assert kitchen.shifts.count() == 2
    assert [shift.local_start.day for shift in plan_shifts(kitchen, sundays())] == [7]
    add_shifts(kitchen, sundays(), by=None)
    assert add_shifts(kitchen, sundays(), by=None) == []
    assert AuditEntry.objects.filter(action="shift.added").count() == kitchen.shifts.count() == 3


def test_a_pattern_that_makes_too_many_or_impossible_shifts_makes_none() -> None:
    with pytest.raises(VolunteersError, match="Is the last day right"):
        add_shifts(make_opportunity(), sundays(weekdays=range(7), last=dt.date(2037, 1, 1)), by=None)
    with pytest.raises(ValidationError):
        add_shifts(make_opportunity(), sundays(minimum=9), by=None)
    assert not Shift.objects.exists()


def test_who_moves_up_from_the_waiting_list_is_told() -> None:
    shift = make_shift(capacity=1)
    holder = sign_up(shift, volunteer=make_person(), by=None)
    sign_up(shift, volunteer=make_person(email="wait@example.org"), by=None, wait_if_full=True)
    cancel_sign_up(holder, by=None)
    message = Message.objects.get()
    assert (message.to, message.template) == ("wait@example.org", "shift_place_given")
    assert shift.opportunity.name in message.text


def test_more_room_goes_to_who_waits_in_their_order() -> None:
    shift = make_shift(capacity=1)
    sign_up(shift, volunteer=make_person(), by=None)
    waiting = [sign_up(shift, volunteer=make_person(), by=None, wait_if_full=True) for _ in range(3)]
    change_shift(shift, by=None, capacity=3)
    for place in waiting:
        place.refresh_from_db()
    shift.refresh_from_db()
    assert [place.status for place in waiting] == ["confirmed", "confirmed", "waiting"]
    assert shift.places_taken == 3


def test_less_room_than_people_is_refused() -> None:
    shift = make_shift(capacity=2)
    for _ in range(2):
        sign_up(shift, volunteer=make_person(), by=None)
    with pytest.raises(ValidationError, match="room for"):
        change_shift(shift, by=None, capacity=1)


def test_new_times_are_told_and_a_new_note_is_not() -> None:
    shift = make_shift()
    sign_up(shift, volunteer=make_person(email="ann@example.org"), by=None)
    change_shift(shift, by=None, notes="Bring an apron")
    assert not Message.objects.exists()
    change_shift(shift, by=None, ends_at=shift.ends_at + dt.timedelta(hours=1))
    assert Message.objects.get().template == "shift_changed"


def test_a_shift_called_off_lets_everybody_go_and_tells_them_why() -> None:
    shift = make_shift(capacity=1)
    places = [
        sign_up(shift, volunteer=make_person(email=f"{name}@example.org"), by=None, wait_if_full=True)
        for name in ("ann", "bo")
    ]
    cancel_shift(shift, by=None, reason="The boiler broke")
    for place in places:
        place.refresh_from_db()
    shift.refresh_from_db()
    assert {place.status for place in places} == {SignUpStatus.CANCELLED}
    assert shift.places_taken == 0
    assert {(message.to, message.template) for message in Message.objects.all()} == {
        ("ann@example.org", "shift_called_off"),
        ("bo@example.org", "shift_called_off"),
    }
    assert all("The boiler broke" in message.text for message in Message.objects.all())
    with pytest.raises(VolunteersError):
        cancel_shift(shift, by=None, reason="Again")
    with pytest.raises(ShiftClosedError):
        change_shift(shift, by=None, capacity=2)


def test_nobody_moves_up_once_the_shift_has_begun() -> None:
    shift = make_shift(capacity=1, starts_at=clock.now() - dt.timedelta(hours=1), hours=3)
    holder = sign_up(shift, volunteer=make_person(), by=None)
    waiting = sign_up(shift, volunteer=make_person(), by=None, wait_if_full=True)
    cancel_sign_up(holder, by=None)
    waiting.refresh_from_db()
    assert waiting.status == SignUpStatus.WAITING
