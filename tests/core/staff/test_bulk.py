from decimal import Decimal

import pytest

from core.audit.models import AuditEntry
from donations.models import Campaign

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.staff.screens")]


@pytest.fixture
def campaigns(db):
    goals = {"spring": 1_000, "summer": 2_000, "autumn": 9_000, "winter": 500}
    return [Campaign.objects.create(name=code.title(), code=code, goal=Decimal(g)) for code, g in goals.items()]


def goals():
    return {code: int(goal) for code, goal in Campaign.objects.values_list("code", "goal")}


def test_the_page_shows_how_many_and_which_before_anything_happens(staff_client, campaigns):
    ticked = [campaigns[0].pk, campaigns[1].pk]
    answer = staff_client().get("/screens/bulk/", {"id": ticked})
    assert (answer.context["count"], answer.context["names"]) == (2, ["Spring", "Summer"])
    assert not AuditEntry.objects.exists()


def test_all_means_all_that_the_filters_let_through(staff_client, campaigns):
    answer = staff_client().get("/screens/bulk/", {"id": "all", "q": "er"})
    assert sorted(answer.context["names"]) == ["Summer", "Winter"]


def test_rows_a_rule_refuses_are_named_and_the_others_are_done(staff_client, campaigns):
    client = staff_client()
    address = "/screens/bulk/?id=all&next=/screens/test_campaigns/"
    answer = client.post(address, {"count": "4", "goal": "5000", "reason": "Inflation"}, follow=True)
    assert goals() == {"spring": 5_000, "summer": 5_000, "autumn": 9_000, "winter": 5_000}
    page = answer.content.decode()
    assert "Raise goals: 3 done." in page
    assert "Autumn: A goal can only be raised." in page
    summary = AuditEntry.objects.get(action="campaign.bulk_raise")
    assert (summary.user, summary.new) == (client.user, {"done": 3, "refused": 1, "filter": {}})
    assert AuditEntry.objects.filter(action="campaign.goal_raised").count() == 3


def test_a_list_that_changed_in_between_is_shown_again(staff_client, campaigns):
    answer = staff_client().post("/screens/bulk/?id=all", {"count": "3", "goal": "9999", "reason": "x"})
    assert "The list has changed" in answer.content.decode()
    assert goals()["spring"] == 1_000


def test_only_those_who_may_run_the_verb_get_in(as_someone_who_may, campaigns):
    client = as_someone_who_may("donations.view_campaign")
    assert client.get("/screens/bulk/", {"id": "all"}).status_code == 403
    assert client.post("/screens/bulk/?id=all", {"count": "4", "goal": "9999", "reason": "x"}).status_code == 403
