import itertools

import pytest

from core.audit.models import AuditEntry
from donations.models import Campaign

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.staff.screens")]
CHOOSER = "/screens/test_campaign_chooser/"
numbers = itertools.count()


def make_campaigns(count):
    for number in itertools.islice(numbers, count):
        parent = Campaign.objects.create(name=f"Parent {number}", code=f"parent-{number}")
        Campaign.objects.create(name=f"Part {number}", code=f"part-{number}", parent=parent)


def test_choosing_asks_the_same_number_of_questions_however_many_there_are(staff_client, assert_constant_queries):
    client = staff_client()
    assert_constant_queries(make_campaigns, lambda: client.get(f"{CHOOSER}results/", {"q": "part"}), at_most=10)


def test_every_word_is_looked_for_in_every_field(staff_client, campaign):
    Campaign.objects.create(name="Spring fair", code="fair")
    page = staff_client().get(f"{CHOOSER}results/", {"q": "appeal spring"}).content.decode()
    assert "Spring appeal" in page
    assert "Spring fair" not in page


def test_nobody_browses_names_through_a_chooser(as_someone_who_may, campaign):
    client = as_someone_who_may("donations.view_fund")
    for place in ("", "results/", f"chosen/{campaign.pk}/", f"chosen-multiple/?id={campaign.pk}"):
        answer = client.get(f"{CHOOSER}{place}")
        assert answer.status_code == 403
        assert "Spring" not in answer.content.decode()


def test_what_is_added_while_choosing_is_audited_like_any_other(staff_client):
    client = staff_client()
    answer = client.post(f"{CHOOSER}create/", {"name": "Gala", "code": "gala"})
    assert answer.json()["result"]["title"] == "Gala"
    assert AuditEntry.objects.get().action == "campaign.created"
