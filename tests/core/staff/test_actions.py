from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from wagtail.actions import action_registry

from core.audit.models import AuditEntry
from core.staff.actions import register_verbs
from donations.models import Campaign
from tests.core.staff.screens import raise_goal

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.staff.screens")]
LIST = "/screens/test_campaigns/"


@pytest.fixture
def verbs(monkeypatch):
    """Return a function that puts verbs behind the campaign screens for one test."""
    action_registry.get_actions_for_model(Campaign)  # the hooks have run
    monkeypatch.setattr(action_registry, "actions", {model: dict(a) for model, a in action_registry.actions.items()})
    return lambda **functions: register_verbs(Campaign, functions)


def test_adding_runs_the_verb_with_what_the_form_holds(staff_client, verbs):
    called = []

    def create(*, by, **values):
        called.append((by, values))
        return Campaign.objects.create(**values | {"name": values["name"].upper()})

    verbs(create=create)
    client = staff_client()
    answer = client.post(f"{LIST}new/", {"name": "Gala", "code": "gala", "goal": "250", "starts_on": ""})

    gala = Campaign.objects.get()
    values = {"name": "Gala", "code": "gala", "goal": Decimal(250), "starts_on": None}
    assert (called, gala.name) == ([(client.user, values)], "GALA")
    assert answer.headers["Location"] == f"{LIST}inspect/{gala.pk}/"
    assert not AuditEntry.objects.exists(), "the verb writes the audit, nobody else"


def test_changing_runs_the_verb_with_what_changed_on_an_untouched_record(staff_client, verbs, campaign):
    verbs(edit=raise_goal)
    staff_client().post(
        f"{LIST}edit/{campaign.pk}/", {"name": campaign.name, "code": "spring", "goal": "1500", "starts_on": ""}
    )
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.old, entry.new) == ("campaign.goal_raised", {"goal": "1000.000"}, {"goal": "1500"})


def test_a_refused_change_stands_on_the_form(staff_client, verbs, campaign):
    verbs(edit=raise_goal)
    page = staff_client().post(
        f"{LIST}edit/{campaign.pk}/", {"name": campaign.name, "code": "spring", "goal": "5", "starts_on": ""}
    )
    assert "A goal can only be raised." in page.content.decode()
    campaign.refresh_from_db()
    assert campaign.goal == 1_000


def test_deleting_runs_the_verb(staff_client, verbs, campaign):
    gone = []
    verbs(delete=lambda campaign, *, by: gone.append(campaign.pk))
    staff_client().post(f"{LIST}delete/{campaign.pk}/")
    assert gone == [campaign.pk]
    assert Campaign.objects.filter(pk=campaign.pk).exists()


def test_a_change_of_a_role_is_audited(staff_client):
    client = staff_client()
    role = Group.objects.create(name="Readers")
    url = f"/admin/groups/edit/{role.pk}/"
    form = client.get(url).context["form"]
    assert form.instance == role
    answer = client.post(url, _formsets(client.get(url)) | {"name": "Readers of reports"})
    assert answer.status_code == 302
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.old["name"], entry.new["name"]) == ("group.changed", "Readers", "Readers of reports")


def _formsets(response):
    data = {}
    for formset in response.context["permission_panels"]:
        data |= {
            f"{formset.prefix}-TOTAL_FORMS": "0",
            f"{formset.prefix}-INITIAL_FORMS": "0",
            f"{formset.prefix}-MIN_NUM_FORMS": "0",
            f"{formset.prefix}-MAX_NUM_FORMS": "1000",
        }
    return data
