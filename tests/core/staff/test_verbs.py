from decimal import Decimal

import pytest

from core.audit.models import AuditEntry
from donations.models import Campaign

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.staff.screens")]
LIST = "/screens/test_campaigns/"


@pytest.fixture
def page(campaign):
    return f"{LIST}raise/{campaign.pk}/"


def test_looking_at_the_page_changes_nothing(staff_client, campaign, page):
    text = staff_client().get(page).content.decode()
    assert "Raise the goal of Spring appeal?" in text
    assert "Everyone sees the new goal at once." in text
    assert "<dt>Goal now</dt>" in text
    campaign.refresh_from_db()
    assert campaign.goal == 1_000
    assert not AuditEntry.objects.exists()


def test_sending_the_form_runs_the_verb_once_and_says_so(staff_client, campaign, page):
    client = staff_client()
    answer = client.post(page, {"goal": "1500", "reason": "A matching gift"}, follow=True)
    campaign.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert campaign.goal == 1_500
    assert (entry.user, entry.reason) == (client.user, "A matching gift")
    assert "The goal of Spring appeal is raised." in answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"{LIST}inspect/{campaign.pk}/"


def test_a_refusal_stands_beside_its_field_and_nothing_typed_is_lost(staff_client, campaign, page):
    text = staff_client().post(page, {"goal": "5", "reason": "A mistake"}).content.decode()
    assert "A goal can only be raised." in text
    assert "A mistake" in text
    assert not AuditEntry.objects.exists()


def test_a_reason_is_asked_for(staff_client, campaign, page):
    assert "This field is required." in staff_client().post(page, {"goal": "5000"}).content.decode()


def test_what_the_record_itself_refuses_is_shown_too(staff_client, campaign, page):
    Campaign.objects.filter(pk=campaign.pk).update(starts_on="2026-02-01", ends_on="2026-03-01")
    text = staff_client().post(page, {"goal": "99999999999999", "reason": "Ambition"}).content.decode()
    assert "no more than 12 digits before the decimal point" in text


def test_a_verb_that_does_not_apply_explains_itself_and_has_no_button(staff_client, page, campaign):
    Campaign.objects.filter(pk=campaign.pk).update(goal=None)
    client = staff_client()
    text = client.get(page).content.decode()
    assert "It has no goal yet." in text
    assert "<form method" not in text
    assert "raise/" not in client.get(LIST).content.decode()


def test_buttons_stand_on_the_row_and_on_the_records_page(staff_client, campaign, page):
    client = staff_client()
    assert f'href="{page}"' in client.get(LIST).content.decode()
    assert f'href="{page}"' in client.get(f"{LIST}inspect/{campaign.pk}/").content.decode()


def test_only_those_who_may_run_the_verb_see_or_send_its_page(as_someone_who_may, campaign, page):
    client = as_someone_who_may("donations.view_campaign")
    assert client.get(page).status_code == 403
    assert client.post(page, {"goal": "5000", "reason": "x"}).status_code == 403
    missing = f"{LIST}raise/{campaign.pk + 1}/"
    assert client.get(missing).status_code == 403, "what is not there looks like what is not theirs"


def test_a_verb_without_a_record_stands_above_the_list(staff_client):
    client = staff_client()
    assert f'href="{LIST}found/"' in client.get(LIST).content.decode()
    assert not Campaign.objects.exists()
    assert client.post(f"{LIST}found/").headers["Location"] == LIST
    assert Campaign.objects.get().goal is None


def test_next_is_followed_within_the_site_only(staff_client, campaign, page):
    data = {"goal": "1500", "reason": "x", "next": "https://elsewhere.example/"}
    assert staff_client().post(page, data).headers["Location"] == f"{LIST}inspect/{campaign.pk}/"
    campaign.refresh_from_db()
    assert campaign.goal == Decimal(1_500)
