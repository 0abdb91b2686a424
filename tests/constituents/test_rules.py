"""Rules: each meets each event once, its log says why not, and trying one out changes nothing."""

import datetime as dt
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import IntegrityError, transaction

from accounts.roles import Role
from constituents.models import (
    FollowUp,
    Plan,
    PlanRun,
    PlanStep,
    Rule,
    RuleAction,
    RuleOutcome,
    RuleRun,
    Tag,
    WorkEvent,
)
from constituents.models.rule import DEEPEST
from constituents.work import rules
from constituents.work.dry_run import dry_run
from constituents.work.events import Happening, announce, announce_many
from constituents.work.kinds import answering
from core import clock
from core.audit.models import AuditEntry
from core.mail.models import Message
from core.money import Money
from donations.models import Gift
from donations.services.bulk import NewGift, post_gifts
from donations.services.gifts import default_fund, record_gift
from memberships.events import announce_lapsed
from portal.events import PROFILE_CHANGED
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_person
from tests.factories.donations import make_fund, make_gift
from tests.factories.memberships import make_membership

LARGE = {"fact": "amount", "test": "at_least", "value": "500"}
FIRST = {"fact": "is_first", "test": "is", "value": "yes"}


def make_rule(*actions, event="gift.posted", conditions=(), **details):
    name = f"Rule {Rule.objects.count() + 1}"
    rule = Rule.objects.create(
        **{"name": name, "event": event, "conditions": list(conditions), "is_active": True} | details
    )
    for action in actions or [{"kind": "tag", "tag": Tag.objects.get_or_create(name="Large gift")[0]}]:
        RuleAction.objects.create(rule=rule, **action)
    return rule


def outcomes(rule):
    return list(rule.runs.order_by("pk").values_list("outcome", "why"))


@pytest.fixture
def miriam(db):
    return UserFactory(role=Role.FUNDRAISER, first_name="Miriam")


@pytest.fixture
def plan(db):
    plan = Plan.objects.create(name="New donor")
    PlanStep.objects.create(plan=plan, subject="Call", days=2, assign_to="starter")
    return plan


@pytest.mark.django_db
def test_a_large_first_gift_starts_the_plan_and_a_small_one_says_why_not(plan):
    rule = make_rule({"kind": "plan", "plan": plan}, conditions=[LARGE, FIRST])
    ann, bo = make_person("Ann", "Lee"), make_person("Bo", "Ray")
    make_gift(ann, "500")
    make_gift(ann, "600")
    make_gift(bo, "20")
    rules.answer_waiting()
    assert [run.constituent for run in PlanRun.objects.all()] == [ann]
    assert outcomes(rule) == [
        ("done", ""),
        ("not_met", "not so: it is their first gift"),
        ("not_met", "not so: amount is at least 500"),
    ]
    assert PlanRun.objects.get().follow_ups.get().about == Gift.objects.order_by("pk").first()


@pytest.mark.django_db
def test_what_a_rule_does_is_steward_s_own_doing_with_the_rule_as_the_reason(miriam):
    rule = make_rule(
        {"kind": "follow_up", "subject": "Ring", "days": 1, "assign_to": "person", "person": miriam},
    )
    make_gift(make_person(), "50")
    rules.answer_waiting()
    step = FollowUp.objects.get()
    entry = AuditEntry.objects.for_instance(step).get(action="follow_up.added")
    assert (step.owner, step.created_by, entry.user) == (miriam, None, None)
    assert entry.payload.data["reason"] == f"Rule “{rule}”"


@pytest.mark.django_db
def test_conditions_on_the_person_count_too(miriam):
    tag = Tag.objects.create(name="Press")
    press, other = make_person("Ann", "Lee"), make_person("Bo", "Ray")
    press.tagged.create(tag=tag)
    criteria = {"match": "all", "of": [{"criterion": "tag", "operator": "any_of", "value": [tag.pk]}]}
    rule = make_rule(criteria=criteria, event=PROFILE_CHANGED)
    for number, person in enumerate((press, other)):
        announce(PROFILE_CHANGED, constituent=person, key=f"change:{number}")
    rules.answer_waiting()
    assert outcomes(rule) == [("done", ""), ("not_met", "They are not among those the rule is for.")]


@pytest.mark.django_db
def test_an_e_mail_goes_only_to_those_who_may_be_written_to():
    ann = make_person("Ann", "Lee", email="ann@example.org")
    silent = make_person("Bo", "Ray", email="bo@example.org", do_not_contact=True)
    thanks = {"kind": "letter", "subject": "Thank you, {first_name}", "text": "It helps.", "purpose": ""}
    appeal = thanks | {"subject": "Give again", "purpose": "appeals"}
    rule, asks = make_rule(thanks, event=PROFILE_CHANGED), make_rule(appeal, event=PROFILE_CHANGED)
    for person in (ann, silent):
        announce(PROFILE_CHANGED, constituent=person, key=f"changed:{person.pk}")
    rules.answer_waiting()
    assert [(message.to, message.subject) for message in Message.objects.all()] == [
        ("ann@example.org", "Thank you, Ann")
    ]
    assert outcomes(rule)[1] == ("failed", "They asked not to be contacted.")
    assert outcomes(asks)[0][0] == RuleOutcome.FAILED


@pytest.mark.django_db
def test_the_same_event_is_one_however_often_it_is_announced():
    ann = make_person()
    rule = make_rule(event=PROFILE_CHANGED)
    for _ in range(3):
        announce(PROFILE_CHANGED, constituent=ann, key="the same")
    rules.answer_waiting()
    rules.answer(WorkEvent.objects.get())
    assert rule.runs.count() == 1
    with pytest.raises(IntegrityError):
        RuleRun.objects.create(rule=rule, event=WorkEvent.objects.get(), outcome="done")


@pytest.mark.django_db
def test_rules_cannot_chase_each_other_in_circles():
    ann = make_person()
    event = WorkEvent.objects.create(
        name=PROFILE_CHANGED, key="deep", constituent=ann, happened_at=clock.now(), depth=DEEPEST
    )
    with answering(event):
        announce(PROFILE_CHANGED, constituent=ann, key="deeper")
    assert not WorkEvent.objects.filter(key="deeper").exists()
    event.depth = 0
    with answering(event):
        announce(PROFILE_CHANGED, constituent=ann, key="one deeper")
    assert WorkEvent.objects.get(key="one deeper").depth == 1


@pytest.mark.django_db
def test_what_happens_while_a_rule_is_off_is_never_answered_later():
    rule = make_rule(event=PROFILE_CHANGED, is_active=False)
    announce(PROFILE_CHANGED, constituent=make_person(), key="early")
    rule.is_active = True
    rule.save()
    rules.answer_waiting()
    assert not rule.runs.exists()


@pytest.mark.django_db
def test_an_imported_history_sets_nothing_off_and_news_in_bulk_cost_the_same_however_many(
    django_assert_max_num_queries,
):
    make_rule()
    person, today = make_person(), clock.today()

    def new_gifts(number):
        gifts = [
            Gift(donor=person, amount=Decimal(10), currency="USD", received_on=today, base_amount=10)
            for _ in range(number)
        ]
        return [NewGift(gift, [(default_fund(), Decimal(10))]) for gift in gifts]

    make_fund(is_default=True)
    post_gifts(new_gifts(3), by=None)
    assert not WorkEvent.objects.exists()
    post_gifts(new_gifts(3), by=None, announced=True)
    assert WorkEvent.objects.waiting().count() == 3
    happenings = [Happening(person, f"n:{number}", {"amount": "1"}) for number in range(200)]
    with django_assert_max_num_queries(8):
        announce_many("gift.posted", happenings)


@pytest.mark.django_db
def test_trying_a_rule_out_shows_the_past_month_and_changes_nothing(plan):
    ann = make_person("Ann", "Lee")
    make_gift(ann, "600")
    make_gift(ann, "20")
    rule = make_rule({"kind": "plan", "plan": plan}, conditions=[LARGE], is_active=False)
    found = dry_run(rule)
    assert (found.events, found.would_act) == (2, 1)
    assert found.acted_on[0].deeds == ["start the plan “New donor”"]
    assert found.left_alone[0].why_not == "not so: amount is at least 500"
    assert not PlanRun.objects.exists()
    assert not RuleRun.objects.exists()
    assert dry_run(rule, now=clock.now() + dt.timedelta(days=31)).events == 0


@pytest.mark.django_db
def test_one_action_that_is_refused_keeps_no_other_back(plan):
    ann = make_person("Ann", "Lee")
    tag = Tag.objects.create(name="Large")
    rule = make_rule({"kind": "plan", "plan": plan}, {"kind": "tag", "tag": tag})
    make_gift(ann, "10")
    make_gift(ann, "20")
    rules.answer_waiting()
    last = rule.runs.order_by("pk").last()
    assert last.outcome == RuleOutcome.FAILED
    assert "already running" in last.why
    assert [deed["text"] for deed in last.done] == ["The tag “Large” was there already"]


@pytest.mark.django_db
def test_whoever_lapsed_is_announced_once_however_often_the_clock_rings():
    today = clock.today()
    lately, long_ago = make_person(), make_person()
    make_membership(lately, starts_on=today - dt.timedelta(days=400))
    make_membership(long_ago, starts_on=today - dt.timedelta(days=600))
    for _ in range(2):
        announce_lapsed(now=clock.now())
    assert [event.constituent for event in WorkEvent.objects.filter(name="member.lapsed")] == [lately]


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_one_event_run_a_rule_once(run_together):
    tag = Tag.objects.create(name="Large gift")
    rule = make_rule({"kind": "follow_up", "subject": "Ring"}, {"kind": "tag", "tag": tag}, event=PROFILE_CHANGED)
    announce(PROFILE_CHANGED, constituent=make_person(), key="raced")
    event = WorkEvent.objects.get()
    found = run_together(4, lambda _number: rules.answer(WorkEvent.objects.get(pk=event.pk)))
    assert [outcome.error for outcome in found] == [None] * 4
    assert rule.runs.count() == 1
    assert FollowUp.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_looking_before_writing_runs_a_rule_twice(run_together):
    """Without the log's unique row first, each process sees that nobody has run the rule yet."""
    rule = make_rule({"kind": "follow_up", "subject": "Ring"}, event=PROFILE_CHANGED)
    announce(PROFILE_CHANGED, constituent=make_person(), key="raced")
    event = WorkEvent.objects.get()
    looked = Barrier(2)

    def look_then_act(_number):
        is_new = not RuleRun.objects.filter(rule=rule, event=event).exists()
        looked.wait(timeout=30)
        if is_new:
            rules.actions.act(rule.actions.get(), event, reason="unguarded")

    run_together(2, look_then_act)
    assert FollowUp.objects.count() == 2


@pytest.mark.django_db
def test_a_gift_that_is_rolled_back_never_happened():
    make_rule()
    make_fund(is_default=True)
    with transaction.atomic():
        record_gift(donor=make_person(), money=Money(Decimal(10), "USD"), received_on=clock.today(), by=None)
        assert WorkEvent.objects.waiting().exists()
        transaction.set_rollback(True)
    assert not WorkEvent.objects.exists()
