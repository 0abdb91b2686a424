"""Follow-ups: a dated next step, its verbs, and what is left lying."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from accounts.roles import Role
from constituents.errors import FollowUpStateError
from constituents.models import FollowUp, FollowUpState, Interaction, WorkSettings
from constituents.work.escalating import escalate_overdue
from constituents.work.follow_ups import NextStep, add_follow_up, complete, drop, postpone, reassign, reopen
from core import clock
from core.audit.models import AuditEntry
from core.mail.models import Message
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_person

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 3, 2)


@pytest.fixture
def miriam():
    return UserFactory(role=Role.FUNDRAISER, first_name="Miriam")


@pytest.fixture
def ann():
    return make_person("Ann", "Lee")


def call(ann, miriam, due_on=MONDAY, **more):
    return add_follow_up(constituent=ann, subject="Thank for the boat", due_on=due_on, owner=miriam, by=miriam, **more)


def test_completing_a_call_logs_the_call_and_notes_the_next_step(ann, miriam):
    step = call(ann, miriam)
    visit = NextStep("Show her the boat", MONDAY + dt.timedelta(days=14), "visit")
    upcoming = complete(step, by=miriam, outcome="Wants to see it", next_step=visit)
    step.refresh_from_db()
    assert (step.state, step.outcome, step.closed_by) == (FollowUpState.DONE, "Wants to see it", miriam)
    assert step.interaction.kind == "call"
    assert list(step.interaction.participants.all()) == [ann]
    assert (upcoming.subject, upcoming.owner, upcoming.kind) == ("Show her the boat", miriam, "visit")


def test_a_task_is_contact_with_nobody(ann, miriam):
    complete(call(ann, miriam, kind="task"), by=miriam)
    assert not Interaction.objects.exists()


def test_what_is_done_cannot_be_done_again_but_be_opened_again(ann, miriam):
    step = complete(call(ann, miriam), by=miriam)
    with pytest.raises(FollowUpStateError):
        complete(step, by=miriam)
    with pytest.raises(FollowUpStateError):
        postpone(step, by=miriam, due_on=MONDAY)
    assert reopen(step, by=miriam).is_open


def test_what_is_dropped_says_why(ann, miriam):
    step = drop(call(ann, miriam), by=miriam, reason="She moved abroad")
    assert (step.state, step.outcome) == (FollowUpState.DROPPED, "She moved abroad")


def test_whoever_does_a_step_of_the_team_has_taken_it_on(ann, miriam):
    team = Group.objects.get(name=Role.FUNDRAISER)
    step = add_follow_up(constituent=ann, subject="Ring", due_on=MONDAY, team=team, by=None)
    complete(step, by=miriam)
    step.refresh_from_db()
    assert (step.owner, step.team) == (miriam, None)


def test_a_step_is_one_persons_or_one_teams(ann, miriam):
    with pytest.raises(ValidationError, match="one person or to one team"):
        reassign(call(ann, miriam), by=miriam, owner=miriam, team=Group.objects.first())


def test_every_verb_leaves_its_trace_on_the_persons_history(ann, miriam):
    step = call(ann, miriam)
    postpone(step, by=miriam, due_on=MONDAY + dt.timedelta(days=1))
    reopen(drop(step, by=miriam, reason="No time"), by=miriam)
    verbs = set(AuditEntry.objects.for_instance(ann).values_list("action", flat=True))
    assert verbs >= {"follow_up.added", "follow_up.changed", "follow_up.dropped", "follow_up.reopened"}


def test_my_team_is_whoever_shares_a_role_with_me(ann, miriam):
    team = Group.objects.get(name=Role.FUNDRAISER)
    mine, colleague = call(ann, miriam), UserFactory(role=Role.FUNDRAISER)
    theirs = call(ann, colleague)
    ours = add_follow_up(constituent=ann, subject="Ring", due_on=MONDAY, team=team, by=None)
    call(ann, UserFactory(role=Role.COMMUNICATIONS))
    assert set(FollowUp.objects.of(miriam)) == {mine}
    assert set(FollowUp.objects.of_teams_of(miriam)) == {mine, theirs, ours}


def test_what_is_overdue_for_too_long_is_told_once(ann, miriam):
    boss = UserFactory(role=Role.ADMINISTRATOR)
    settings = WorkSettings.load()
    settings.escalate_after, settings.escalate_to = 5, boss
    settings.save()
    late = call(ann, miriam, due_on=clock.today() - dt.timedelta(days=6))
    call(ann, miriam, due_on=clock.today() - dt.timedelta(days=5))
    assert escalate_overdue(now=clock.now()) == 1
    assert escalate_overdue(now=clock.now()) == 0
    message = Message.objects.get()
    assert message.to == boss.email
    assert "Thank for the boat" in message.text
    late.refresh_from_db()
    assert late.escalated_at is not None
    postpone(late, by=miriam, due_on=clock.today())
    late.refresh_from_db()
    assert late.escalated_at is None
