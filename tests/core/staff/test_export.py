from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured

from core.audit.models import AuditEntry
from core.staff.viewsets import StaffViewSet
from donations.models import Campaign, Fund

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.staff.screens")]
LIST = "/screens/test_campaigns/"


@pytest.fixture(autouse=True)
def permission(db):
    return Permission.objects.get_or_create(
        content_type=ContentType.objects.get_for_model(Campaign), codename="export_campaign"
    )


def download(client, **query):
    return b"".join(client.get(LIST, query).streaming_content)  # the test client closes the file at its end


def test_an_export_is_what_the_filters_let_through_with_nothing_that_runs(staff_client, campaign):
    Campaign.objects.create(name="=HYPERLINK(1)", code="spring-2", parent=campaign, goal=Decimal(5))
    Campaign.objects.create(name="Gala", code="gala")
    client = staff_client()
    text = download(client, export="csv", q="spring", ordering="name").decode()
    assert text.splitlines()[0] == "Name,Part of,Goal,Starts on"
    assert "Spring appeal,,1000" in text
    assert "Gala" not in text
    assert "\n=HYPERLINK" not in text

    entry = AuditEntry.objects.get(action="export.downloaded")
    assert (entry.action, entry.user, entry.new["rows"]) == ("export.downloaded", client.user, 2)
    assert "spring" in entry.new["filter"]


def test_an_export_needs_its_own_permission(as_someone_who_may, campaign):
    client = as_someone_who_may("donations.view_campaign", "donations.change_campaign")
    for fmt in ("csv", "xlsx"):
        assert client.get(LIST, {"export": fmt}).status_code == 403
    assert "Download" not in client.get(LIST).content.decode()
    assert not AuditEntry.objects.filter(action="export.downloaded").exists()


def test_those_who_may_export_are_offered_it(as_someone_who_may, campaign):
    client = as_someone_who_may("donations.view_campaign", "donations.export_campaign")
    assert "Download CSV" in client.get(LIST).content.decode()
    assert download(client, export="xlsx").startswith(b"PK")


def test_a_longer_export_asks_no_more_questions(staff_client, campaign, assert_constant_queries):
    client = staff_client()

    def make(count):
        for number in range(Campaign.objects.count(), Campaign.objects.count() + count):
            Campaign.objects.create(name=f"Part {number}", code=f"part-{number}", parent=campaign)

    assert_constant_queries(make, lambda: download(client, export="csv"))


def test_a_viewset_with_an_export_insists_on_its_permission():
    class FundScreens(StaffViewSet):
        model = Fund
        list_export = ["name"]
        form_fields = ["name"]

    Fund._meta.permissions, before = [], Fund._meta.permissions
    try:
        with pytest.raises(ImproperlyConfigured, match="export_fund"):
            FundScreens("test_funds").check_export_permission()
    finally:
        Fund._meta.permissions = before
