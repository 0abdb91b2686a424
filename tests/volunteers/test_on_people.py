"""What volunteering says on a person's page and in the prospect list."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.roles import Role
from constituents.panels import chips_for, figures_for, panels_for
from constituents.timeline import timeline
from core import clock
from core.staff.cursor import Cursor
from donations.prospects import participation_of
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_person
from tests.factories.volunteers import make_opportunity, make_shift
from volunteers.models import HoursEntry, HoursStatus
from volunteers.services.hours import mark_attended
from volunteers.services.signing_up import sign_up

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 21, 17, tzinfo=dt.UTC), tick=False)


@pytest.fixture
def reader():
    return UserFactory(role=Role.VOLUNTEER_COORDINATOR, is_staff=True)


def give_hours(person, day, hours=2, status=HoursStatus.APPROVED):
    opportunity = make_opportunity()
    HoursEntry.objects.create(
        volunteer=person, opportunity=opportunity, worked_on=day, hours=Decimal(hours), status=status
    )


def labels(person, reader):
    return [str(chip.label) for chip in chips_for(type(person).objects.get(pk=person.pk), reader)]


def test_hours_in_the_last_year_or_a_coming_shift_make_a_volunteer(reader) -> None:
    recent, once, coming, never = (make_person() for _ in range(4))
    give_hours(recent, TODAY - dt.timedelta(days=300))
    give_hours(once, TODAY - dt.timedelta(days=400))
    give_hours(never, TODAY, status=HoursStatus.SUBMITTED)
    sign_up(make_shift(), volunteer=coming, by=None)
    assert ["Volunteer" in labels(person, reader) for person in (recent, once, coming, never)] == [
        True,
        False,
        True,
        False,
    ]


def test_the_figure_counts_this_year(reader) -> None:
    ann = make_person()
    give_hours(ann, TODAY, hours=3)
    give_hours(ann, dt.date(2025, 12, 30), hours=9)
    figure = next(figure for figure in figures_for(ann, reader) if "Volunteered" in str(figure.label))
    assert figure.value == "3 hours"


def test_the_page_asks_the_same_however_much_somebody_did(reader, assert_constant_queries) -> None:
    ann = make_person()
    panel = next(panel for panel in panels_for(reader) if panel.name == "volunteering")

    def more(times):
        for _ in range(times):
            number = HoursEntry.objects.count()
            give_hours(ann, TODAY - dt.timedelta(days=number))
            sign_up(make_shift(in_hours=24 * (number + 1)), volunteer=ann, by=None)

    def ask():
        fresh = type(ann).objects.get(pk=ann.pk)
        panel.context(fresh)
        timeline(fresh, user=reader)
        return chips_for(fresh, reader)

    assert_constant_queries(more, ask)


def test_the_timeline_tells_what_became_of_a_sign_up(reader) -> None:
    ann = make_person()
    past = make_shift(starts_at=clock.now() - dt.timedelta(hours=1), hours=1.5)
    mark_attended(sign_up(past, volunteer=ann, by=None), by=None)
    sign_up(make_shift(), volunteer=ann, by=None)
    give_hours(ann, TODAY - dt.timedelta(days=1))
    told = [(str(event.title).split(":")[0], str(event.detail)) for event in timeline(ann, user=reader)]
    assert ("Volunteered", "1.5 hours") in told
    assert ("Volunteered", "2 hours") in told
    assert any(title == "Signed up" for title, _detail in told)
    three_days_ago = clock.start_of_day(TODAY) - dt.timedelta(days=3)
    earlier = timeline(ann, user=reader, before=Cursor(three_days_ago, "hours", 1))
    assert [event for event in earlier if event.kind in ("volunteering", "hours")] == []


def test_volunteering_speaks_for_asking_as_of_a_date_and_nothing_later_counts() -> None:
    monthly, once, later, waiting = (make_person() for _ in range(4))
    for month in range(1, 11):
        give_hours(monthly, dt.date(2026, month, 15), hours="2.4")
    give_hours(once, dt.date(2026, 3, 1), hours=24)
    give_hours(later, dt.date(2026, 6, 2))
    give_hours(waiting, dt.date(2026, 3, 1), status=HoursStatus.SUBMITTED)
    ids = [person.pk for person in (monthly, once, later, waiting)]

    now = participation_of(ids, TODAY)
    assert now[monthly.pk] == ["volunteers monthly", "volunteered 24 hours in the last year"]
    assert now[once.pk] == ["volunteered 24 hours in the last year"]
    assert waiting.pk not in now

    then = participation_of(ids, dt.date(2026, 6, 1))
    assert then[monthly.pk] == ["volunteered 12 hours in the last year"]
    assert later.pk not in then
    assert participation_of([once.pk], dt.date(2027, 3, 2)) == {}
