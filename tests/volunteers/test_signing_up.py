"""Signing up for shifts, waiting, and giving places back."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.organisation import current_organisation
from tests.factories.constituents import make_person
from tests.factories.volunteers import make_opportunity, make_shift
from volunteers.errors import AlreadySignedUpError, HoursError, OverlapError, ShiftClosedError, ShiftFullError
from volunteers.models import HoursEntry, Shift, SignUp, SignUpStatus
from volunteers.services.hours import decide_hours, log_hours, mark_attended, mark_no_show
from volunteers.services.signing_up import cancel_sign_up, sign_up

pytestmark = pytest.mark.django_db


def test_a_volunteer_takes_a_place() -> None:
    shift = make_shift(capacity=2)
    place = sign_up(shift, volunteer=make_person(), by=None)
    shift.refresh_from_db()
    assert (place.status, shift.places_taken, shift.places_left) == (SignUpStatus.CONFIRMED, 1, 1)


def test_a_full_shift_takes_nobody_more_but_lets_them_wait() -> None:
    shift = make_shift(capacity=1)
    sign_up(shift, volunteer=make_person(), by=None)
    with pytest.raises(ShiftFullError):
        sign_up(shift, volunteer=make_person(), by=None)
    assert sign_up(shift, volunteer=make_person(), by=None, wait_if_full=True).status == SignUpStatus.WAITING


def test_a_place_given_back_goes_to_the_first_who_waits() -> None:
    shift = make_shift(capacity=1)
    holder = sign_up(shift, volunteer=make_person(), by=None)
    first, second = (sign_up(shift, volunteer=make_person(), by=None, wait_if_full=True) for _ in range(2))
    cancel_sign_up(holder, by=None)
    first.refresh_from_db()
    second.refresh_from_db()
    shift.refresh_from_db()
    assert (first.status, second.status, shift.places_taken) == ("confirmed", "waiting", 1)


def test_cancelling_twice_gives_back_one_place() -> None:
    shift = make_shift(capacity=2)
    place = sign_up(shift, volunteer=make_person(), by=None)
    sign_up(shift, volunteer=make_person(), by=None)
    cancel_sign_up(place, by=None)
    cancel_sign_up(place, by=None)
    shift.refresh_from_db()
    assert shift.places_taken == 1


def test_nobody_signs_up_twice() -> None:
    shift, ann = make_shift(), make_person()
    sign_up(shift, volunteer=ann, by=None)
    with pytest.raises(AlreadySignedUpError):
        sign_up(shift, volunteer=ann, by=None)


def test_shifts_that_touch_are_fine_and_shifts_that_overlap_are_not() -> None:
    ann, noon = make_person(), clock.now() + dt.timedelta(days=2)
    sign_up(make_shift(starts_at=noon, hours=2), volunteer=ann, by=None)
    sign_up(make_shift(starts_at=noon + dt.timedelta(hours=2), hours=2), volunteer=ann, by=None)
    clash = make_shift(starts_at=noon + dt.timedelta(hours=1), hours=2)
    with pytest.raises(OverlapError, match="already signed up at that time"):
        sign_up(clash, volunteer=ann, by=None)
    assert sign_up(clash, volunteer=ann, by=None, override_reason="Runs between both halls").pk


def test_a_shift_that_is_over_or_cancelled_takes_nobody() -> None:
    with pytest.raises(ShiftClosedError):
        sign_up(make_shift(in_hours=-5, hours=2), volunteer=make_person(), by=None)
    with pytest.raises(ShiftClosedError):
        sign_up(make_shift(cancelled_at=clock.now()), volunteer=make_person(), by=None)


def test_the_database_refuses_an_overbooked_shift() -> None:
    shift = make_shift(capacity=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.filter(pk=shift.pk).update(places_taken=2)


def test_hours_are_the_shifts_true_length_on_the_night_the_clocks_change() -> None:
    organisation = current_organisation()
    organisation.time_zone = "America/New_York"
    organisation.save()
    # 22:00 on 31 October to 06:00 on 1 November 2026: the clocks go back in between, so nine hours pass.
    shift = make_shift(
        starts_at=dt.datetime(2026, 11, 1, 2, tzinfo=dt.UTC), ends_at=dt.datetime(2026, 11, 1, 11, tzinfo=dt.UTC)
    )
    assert shift.local_start.hour == 22
    assert shift.local_end.hour == 6
    assert shift.length == Decimal("9.00")


def test_being_there_records_the_hours_on_the_local_day() -> None:
    shift = make_shift(starts_at=clock.now() - dt.timedelta(hours=1), hours=2.5)
    place = sign_up(shift, volunteer=make_person(), by=None)
    entry = mark_attended(place, by=None)
    assert (entry.hours, entry.status) == (Decimal("2.50"), "approved")
    mark_no_show(place, by=None)
    assert HoursEntry.objects.approved().total() == 0


def test_logged_hours_wait_for_approval() -> None:
    ann, role = make_person(), make_opportunity()
    entry = log_hours(volunteer=ann, opportunity=role, worked_on=clock.today(), hours=Decimal(3), by=None)
    assert HoursEntry.objects.approved().total() == 0
    decide_hours(entry, approve=True, by=None)
    assert HoursEntry.objects.approved().total() == Decimal(3)


def test_a_day_has_24_hours() -> None:
    ann, role = make_person(), make_opportunity()
    log_hours(volunteer=ann, opportunity=role, worked_on=clock.today(), hours=Decimal(20), by=None)
    with pytest.raises(HoursError, match="more than 24 hours"):
        log_hours(volunteer=ann, opportunity=role, worked_on=clock.today(), hours=Decimal("4.25"), by=None)


STAMPEDE = 20


@pytest.mark.django_db(transaction=True)
def test_the_last_place_goes_to_one_of_many_who_run_for_it(run_together) -> None:
    shift = make_shift(capacity=1)
    people = [make_person() for _ in range(STAMPEDE)]

    def run(number: int) -> bool:
        try:
            sign_up(shift, volunteer=people[number], by=None)
        except ShiftFullError:
            return False
        return True

    outcomes = run_together(STAMPEDE, run)
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    assert [outcome.value for outcome in outcomes].count(True) == 1
    assert SignUp.objects.holding_a_place().count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_race_is_real(run_together) -> None:
    """The control: everybody counts before anybody writes, as happens when nothing makes them take turns."""
    shift = make_shift(capacity=1)
    people = [make_person() for _ in range(STAMPEDE)]
    all_have_counted = threading.Barrier(STAMPEDE)

    def run(number: int) -> bool:
        taken = SignUp.objects.filter(shift=shift).count()
        all_have_counted.wait(timeout=30)
        if taken >= shift.capacity:
            return False
        SignUp.objects.create(shift=shift, volunteer=people[number])
        return True

    outcomes = run_together(STAMPEDE, run)
    assert [outcome.value for outcome in outcomes].count(True) > 1


def test_places_taken_is_what_the_rows_say() -> None:
    shift = make_shift(capacity=3)
    places = [sign_up(shift, volunteer=make_person(), by=None) for _ in range(3)]
    cancel_sign_up(places[0], by=None)
    shift.refresh_from_db()
    assert shift.places_taken == shift.sign_ups.holding_a_place().count()
