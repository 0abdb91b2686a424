"""Plans: templates of follow-ups whose dates move with their parent."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.roles import Role
from constituents.errors import PlanError
from constituents.models import FollowUpState, Plan, PlanStep, Relationship, RelationshipType, RunState
from constituents.work.dates import Spacing, due_after, plan_dates
from constituents.work.follow_ups import complete, drop, postpone, reopen
from constituents.work.plans import move_plan, start_plan, stop_plan
from core import clock
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_person

MONDAY = dt.date(2026, 3, 2)
DAYS = st.integers(0, 400)
DATES = st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1))
STEPS = st.lists(st.builds(Spacing, days=DAYS, follows_step_before=st.booleans()), min_size=1, max_size=8)


@given(STEPS, DATES)
def test_no_step_falls_on_a_weekend_when_told_so(steps, start):
    assert all(day.weekday() < 5 for day in plan_dates(steps, start, skips_weekends=True))


@given(STEPS, DATES, st.booleans())
def test_a_step_is_never_due_before_the_one_it_follows(steps, start, skips):
    dates = plan_dates(steps, start, skips_weekends=skips)
    assert all(day >= start for day in dates)
    for step, before, day in zip(steps[1:], dates, dates[1:], strict=False):
        assert not step.follows_step_before or day >= before


@given(STEPS, DATES, st.integers(0, 60))
def test_starting_later_makes_no_step_earlier_and_without_weekends_moves_all_alike(steps, start, later):
    moved = start + dt.timedelta(days=later)
    for skips in (True, False):
        pairs = list(
            zip(
                plan_dates(steps, start, skips_weekends=skips),
                plan_dates(steps, moved, skips_weekends=skips),
                strict=True,
            )
        )
        assert all(after >= before for before, after in pairs)
        if not skips:
            assert {(after - before).days for before, after in pairs} == {later}


@given(DATES, DAYS)
def test_a_weekend_is_put_off_by_two_days_at_most(start, days):
    exact, kept = (due_after(start, days, skips_weekends=skips) for skips in (False, True))
    assert 0 <= (kept - exact).days <= 2


def make_plan(*steps, skips_weekends=True):
    plan = Plan.objects.create(name="New donor over 500", skips_weekends=skips_weekends)
    for number, (subject, days, anchor, *more) in enumerate(steps):
        details = more[0] if more else {}
        PlanStep.objects.create(
            plan=plan,
            sort_order=number,
            subject=subject,
            days=days,
            anchor=anchor,
            **{"assign_to": "starter"} | details,
        )
    return plan


def days_of(run):
    return dict(run.follow_ups.values_list("subject", "due_on"))


@pytest.fixture
def miriam(db):
    return UserFactory(role=Role.FUNDRAISER)


@pytest.fixture
def run(miriam):
    plan = make_plan(("Call", 2, "start"), ("Letter", 5, "due"), ("Visit", 23, "done"))
    return start_plan(plan, make_person("Ann", "Lee"), by=miriam, starts_on=MONDAY)


def test_starting_a_plan_writes_all_its_steps(run, miriam):
    assert days_of(run) == {
        "Call": dt.date(2026, 3, 4),
        "Letter": dt.date(2026, 3, 9),
        "Visit": dt.date(2026, 4, 1),
    }
    assert {step.owner for step in run.follow_ups.all()} == {miriam}


def test_what_follows_a_step_moves_with_it(run, miriam):
    postpone(run.follow_ups.get(subject="Call"), by=miriam, due_on=dt.date(2026, 3, 11))
    assert days_of(run) == {
        "Call": dt.date(2026, 3, 11),
        "Letter": dt.date(2026, 3, 16),
        "Visit": dt.date(2026, 4, 8),
    }


def test_a_step_put_on_another_day_keeps_its_new_distance(run, miriam):
    postpone(run.follow_ups.get(subject="Letter"), by=miriam, due_on=dt.date(2026, 3, 10))
    postpone(run.follow_ups.get(subject="Call"), by=miriam, due_on=dt.date(2026, 3, 5))
    assert days_of(run)["Letter"] == dt.date(2026, 3, 11)


def test_a_step_put_before_the_one_it_follows_follows_it_no_more(run, miriam):
    postpone(run.follow_ups.get(subject="Letter"), by=miriam, due_on=dt.date(2026, 3, 3))
    postpone(run.follow_ups.get(subject="Call"), by=miriam, due_on=dt.date(2026, 3, 20))
    assert days_of(run)["Letter"] == dt.date(2026, 3, 3)


def test_a_step_after_the_done_one_counts_from_the_day_that_was_done(run, miriam):
    complete(run.follow_ups.get(subject="Call"), by=miriam)
    letter = run.follow_ups.get(subject="Letter")
    assert letter.due_on == dt.date(2026, 3, 9)
    complete(letter, by=miriam)
    assert run.follow_ups.get(subject="Visit").due_on == due_after(clock.today(), 23, skips_weekends=True)
    reopen(letter, by=miriam)
    assert run.follow_ups.get(subject="Visit").due_on == dt.date(2026, 4, 1)


def test_a_plan_is_finished_with_its_last_step_and_runs_again_when_one_is_opened(run, miriam):
    steps = list(run.follow_ups.order_by("pk"))
    complete(steps[0], by=miriam)
    complete(steps[1], by=miriam)
    drop(steps[2], by=miriam, reason="She would rather not")
    run.refresh_from_db()
    assert run.state == RunState.FINISHED
    reopen(steps[2], by=miriam)
    run.refresh_from_db()
    assert run.state == RunState.RUNNING


def test_stopping_a_plan_drops_what_is_still_to_do(run, miriam):
    complete(run.follow_ups.get(subject="Call"), by=miriam)
    stop_plan(run, by=miriam, reason="She asked us to")
    assert sorted(run.follow_ups.values_list("state", flat=True)) == ["done", "dropped", "dropped"]
    with pytest.raises(PlanError):
        stop_plan(run, by=miriam, reason="Again")


def test_moving_a_plan_moves_every_step_that_is_open(run, miriam):
    before = days_of(run)
    move_plan(run, by=miriam, starts_on=MONDAY + dt.timedelta(days=7))
    assert {subject: day - before[subject] for subject, day in days_of(run).items()} == dict.fromkeys(
        before, dt.timedelta(days=7)
    )


def test_a_plan_runs_once_at_a_time_for_one_person(run, miriam):
    with pytest.raises(PlanError, match="already running"):
        start_plan(run.plan, run.constituent, by=miriam)
    stop_plan(run, by=miriam, reason="Begin again")
    assert start_plan(run.plan, run.constituent, by=miriam).state == RunState.RUNNING


def test_a_plan_without_steps_or_out_of_use_is_not_started(miriam):
    empty = Plan.objects.create(name="Empty")
    with pytest.raises(PlanError, match="no steps"):
        start_plan(empty, make_person(), by=miriam)
    unused = make_plan(("Call", 1, "start"))
    unused.is_active = False
    with pytest.raises(PlanError, match="not in use"):
        start_plan(unused, make_person(), by=miriam)


def test_a_step_of_whoever_is_responsible_goes_to_the_solicitor(miriam):
    solicitor = UserFactory(role=Role.FUNDRAISER)
    prospect, staff = make_person("Bo", "Ray"), make_person("Sol", "Icitor", user=solicitor)
    Relationship.objects.create(type=RelationshipType.objects.get(key="solicitor"), first=staff, second=prospect)
    plan = make_plan(("Call", 1, "start", {"assign_to": "responsible"}))
    assert start_plan(plan, prospect, by=miriam).follow_ups.get().owner == solicitor
    assert start_plan(plan, make_person(), by=miriam).follow_ups.get().owner == miriam


def test_dropping_a_step_leaves_the_next_on_its_day(run, miriam):
    drop(run.follow_ups.get(subject="Call"), by=miriam, reason="No number")
    assert run.follow_ups.get(subject="Letter").due_on == dt.date(2026, 3, 9)
    assert run.follow_ups.get(subject="Letter").state == FollowUpState.OPEN
