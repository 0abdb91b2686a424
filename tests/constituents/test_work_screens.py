"""My work, plans, rules and incoming mail on screen."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.roles import Role
from constituents.models import FollowUp, Interaction, Plan, PlanRun, PlanStep, Rule, RuleAction, Tag
from constituents.work.follow_ups import add_follow_up
from constituents.work.mailbox.taking import take_in
from core import clock
from tests.factories.constituents import make_person
from tests.factories.donations import make_gift

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(staff_client):
    return staff_client("Fundraiser")


def due(client, days, subject="Ring", **more):
    day = clock.today() + dt.timedelta(days=days)
    return add_follow_up(
        constituent=make_person("Ann", "Lee"),
        subject=subject,
        due_on=day,
        **{"owner": client.user} | more,
        by=client.user,
    )


def test_my_work_stands_in_the_order_one_would_do_it(client):
    due(client, 40, "Later")
    due(client, 0, "Today")
    due(client, -3, "Overdue")
    due(client, 0, "Somebody else's", owner=None)
    text = client.get(reverse("work")).text
    assert text.index(">Overdue</a>") < text.index(">Today</a>") < text.index(">Later</a>")
    assert "Somebody else" not in text
    assert "Somebody else" in client.get(reverse("work"), {"whose": "everyone"}).text
    assert ">Today</a>" not in client.get(reverse("work"), {"when": "overdue"}).text


def test_my_work_asks_the_same_number_of_questions_however_long_it_is(client, assert_constant_queries):
    gift = make_gift()

    def more(number):
        for _ in range(number):
            due(client, -1, about=gift)

    assert_constant_queries(more, lambda: client.get(reverse("work")))
    assert_constant_queries(more, lambda: client.get(reverse("follow_ups:index")))


def test_one_click_with_how_it_went_and_the_next_step_is_offered(client):
    step = due(client, 0)
    row = client.post(reverse("work_done", args=[step.pk]), {"outcome": "She was glad"}, headers={"HX-Request": "true"})
    assert "What next?" in row.text
    assert Interaction.objects.get().notes == "She was glad"
    tomorrow = clock.today() + dt.timedelta(days=1)
    client.post(
        reverse("work_next", args=[step.pk]),
        {"next_subject": "Write", "next_kind": "letter", "next_due_on": tomorrow.isoformat()},
    )
    upcoming = FollowUp.objects.open().get()
    assert (upcoming.subject, upcoming.kind, upcoming.due_on, upcoming.owner) == (
        "Write",
        "letter",
        tomorrow,
        client.user,
    )


def test_without_script_the_same_buttons_lead_back_to_the_list(client):
    step = due(client, 0)
    response = client.post(reverse("work_done", args=[step.pk]), {"next": "/admin/work/?whose=team"})
    assert response.url == "/admin/work/?whose=team"
    client.post(reverse("work_undo", args=[step.pk]))
    step.refresh_from_db()
    assert step.is_open


def test_what_is_ticked_is_postponed_or_handed_over_at_once(client, staff_client):
    steps = [due(client, -2), due(client, -1)]
    colleague = staff_client("Membership officer").user
    keys = [step.pk for step in steps]
    day = clock.today() + dt.timedelta(days=3)
    client.post(reverse("work_bulk"), {"id": keys, "action": "postpone", "due_on": day.isoformat()})
    client.post(reverse("work_bulk"), {"id": keys, "action": "reassign", "who": f"user:{colleague.pk}"})
    assert set(FollowUp.objects.values_list("due_on", "owner")) == {(day, colleague.pk)}


def test_a_follow_up_is_added_from_somebody_s_page_for_oneself(client):
    ann = make_person("Ann", "Lee")
    page = client.get(reverse("follow_ups:add"), {"constituent": ann.pk})
    assert "<option" not in page.text.partition('name="constituent"')[2].partition("</div>")[0]
    client.post(
        reverse("follow_ups:add"),
        {
            "constituent": ann.pk,
            "kind": "call",
            "subject": "Ring",
            "due_on": clock.today().isoformat(),
            "priority": 2,
            "who": f"user:{client.user.pk}",
            "note": "",
        },
    )
    assert FollowUp.objects.get().owner == client.user
    assert "Ring" in client.get(reverse("constituents:inspect", args=[ann.pk])).text


def test_a_plan_shows_its_dates_and_starts_from_a_person_s_page(client):
    plan = Plan.objects.create(name="New donor")
    PlanStep.objects.create(plan=plan, subject="Call them", days=2)
    ann = make_person("Ann", "Lee")
    assert "Call them" in client.get(reverse("plans:inspect", args=[plan.pk])).text
    address = f"{reverse('plan_runs:start')}?constituent={ann.pk}"
    assert "for Ann Lee" in client.get(address).text
    client.post(address, {"plan": plan.pk, "starts_on": clock.today().isoformat()})
    run = PlanRun.objects.get()
    assert run.constituent == ann
    assert "Call them" in client.get(reverse("plan_runs:inspect", args=[run.pk])).text


def test_a_rule_is_built_in_plain_words_tried_out_and_switched_on(staff_client):
    client = staff_client()
    tag = Tag.objects.create(name="Large")
    make_gift(amount="600", on=clock.today())
    assert "A gift is posted" in client.get(reverse("rules:add")).text
    data = {
        "name": "Large gifts",
        "event": "gift.posted",
        "amount_test": "at_least",
        "amount_value": "500",
        "is_first_test": "",
        "criteria": '{"match": "all", "of": []}',
        "actions-TOTAL_FORMS": 1,
        "actions-INITIAL_FORMS": 0,
        "actions-MIN_NUM_FORMS": 1,
        "actions-MAX_NUM_FORMS": 1000,
        "actions-0-kind": "tag",
        "actions-0-tag": tag.pk,
        "actions-0-follow_up_kind": "call",
        "actions-0-days": 1,
        "actions-0-priority": 2,
        "actions-0-assign_to": "responsible",
        "actions-0-ORDER": 1,
    }
    response = client.post(f"{reverse('rules:add')}?event=gift.posted", data)
    rule = Rule.objects.get()
    assert response.url == reverse("rules:inspect", args=[rule.pk])
    assert rule.conditions == [{"fact": "amount", "test": "at_least", "value": "500"}]
    page = client.get(reverse("rules:inspect", args=[rule.pk]), {"tab": "try"}).text
    assert "amount is at least 500" in page
    assert "acted <strong>once</strong>" in page
    client.post(reverse("rules:on", args=[rule.pk]))
    rule.refresh_from_db()
    assert rule.is_active


def test_a_rule_that_does_nothing_is_not_switched_on(staff_client):
    rule = Rule.objects.create(name="Empty", event="gift.posted")
    text = staff_client().post(reverse("rules:on", args=[rule.pk])).text
    assert "does nothing yet" in text
    RuleAction.objects.create(rule=rule, kind="notify", subject="Look")


def test_mail_that_waits_is_shown_as_text_and_filed(client):
    ann = make_person("Ann", "Lee")
    mail = take_in(b"From: voss@example.net\r\nSubject: <b>Hi</b>\r\n\r\n<script>alert(1)</script>")
    text = client.get(reverse("mail:inspect", args=[mail.pk])).text
    assert "<script>alert(1)" not in text
    assert "1</strong> mail waits to be filed" in client.get(reverse("work")).text
    client.post(reverse("mail:file", args=[mail.pk]), {"constituent": ann.pk, "remember": "on"})
    assert ann.interactions.count() == 1


LISTS = ("work", "follow_ups:index", "plans:index", "plan_runs:index", "rules:index", "rule_runs:index", "mail:index")
MAY = {
    Role.ADMINISTRATOR: set(LISTS),
    Role.FUNDRAISER: set(LISTS),
    Role.GIFT_PROCESSOR: set(LISTS) - {"rules:index", "rule_runs:index"},
    Role.READ_ONLY: {"work", "follow_ups:index", "plans:index", "plan_runs:index"},
    Role.BOARD_READER: set(),
}


@pytest.mark.parametrize("role", MAY)
def test_each_role_sees_its_own_screens(staff_client, role):
    client = staff_client(role)
    assert {name for name in LISTS if client.get(reverse(name)).status_code == 200} == MAY[role]


def test_whoever_only_reads_changes_nothing(staff_client, client):
    step = due(client, 0)
    reader = staff_client(Role.READ_ONLY)
    for name in ("work_done", "work_undo", "work_next"):
        reader.post(reverse(name, args=[step.pk]), {"next_subject": "More", "next_due_on": "2030-01-01"})
    reader.post(reverse("work_bulk"), {"id": [step.pk], "action": "postpone", "due_on": "2030-01-01"})
    assert list(FollowUp.objects.values_list("state", "due_on")) == [("open", step.due_on)]
