import datetime as dt
import itertools
from decimal import Decimal

import pytest
from django.db.models import ProtectedError

from core.audit.models import AuditEntry
from core.staff.refusals import explain
from donations.models import Campaign
from tests.core.staff.screens import CampaignViewSet

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.staff.screens")]
LIST = "/screens/test_campaigns/"
numbers = itertools.count()


def make_campaigns(count):
    for number in itertools.islice(numbers, count):
        parent = Campaign.objects.create(name=f"Parent {number}", code=f"parent-{number}")
        Campaign.objects.create(name=f"Part {number}", code=f"part-{number}", parent=parent, goal=Decimal(10))


def test_a_list_asks_the_same_number_of_questions_however_long_it_is(staff_client, assert_constant_queries):
    client = staff_client()
    assert_constant_queries(make_campaigns, lambda: client.get(LIST), at_most=15)


def test_a_list_shows_amounts_dates_chips_links_and_totals(staff_client, campaign):
    Campaign.objects.create(name="Part", code="part", parent=campaign, starts_on=dt.date(2026, 3, 1), goal=Decimal(500))
    page = staff_client().get(LIST).content.decode()
    assert '<td data-label="Goal" class="s-amount">1,000.00</td>' in page, "a phone names the value beside it"
    assert '<td data-label="Starts on" data-empty' in page, "and leaves out what is not there"
    assert '<time datetime="2026-03-01">' in page
    assert '<span class="s-chip s-chip--good">spring</span>' in page
    assert '<a href="/there/">Spring appeal</a>' in page
    assert "<dt>Goals</dt><dd>€1,500.00</dd>" in page


def test_a_row_links_to_the_records_page(staff_client, campaign):
    assert f'href="{LIST}inspect/{campaign.pk}/"' in staff_client().get(LIST).content.decode()


def test_an_empty_list_says_what_to_do_first(staff_client):
    assert "Start with the campaign you are running now." in staff_client().get(LIST).content.decode()


def test_searching_looks_in_every_search_field(staff_client, campaign):
    Campaign.objects.create(name="Gala", code="autumn-gala")
    client = staff_client()
    assert [found.name for found in client.get(LIST, {"q": "autumn"}).context["object_list"]] == ["Gala"]


def test_a_list_comes_back_as_it_was_left(staff_client, campaign):
    client = staff_client()
    client.get(LIST, {"q": "spring", "p": "1"})
    assert client.get(LIST).headers["Location"] == f"{LIST}?q=spring"


def test_taking_the_last_filter_off_is_remembered(staff_client, campaign):
    client = staff_client()
    client.get(LIST, {"q": "spring"})
    client.get(f"{LIST}results/", {"q": ""})
    assert client.get(LIST).status_code == 200


def test_ordering_by_what_is_no_column_is_ignored(staff_client, campaign):
    assert staff_client().get(LIST, {"ordering": "parent__code__regex"}).status_code == 200


def test_adding_and_changing_writes_old_and_new_values(staff_client, campaign):
    client = staff_client()
    client.post(f"{LIST}new/", {"name": "Gala", "code": "gala", "goal": "250", "starts_on": ""})
    gala = Campaign.objects.get(code="gala")
    client.post(f"{LIST}edit/{gala.pk}/", {"name": "Gala night", "code": "gala", "goal": "300", "starts_on": ""})

    changed, created = AuditEntry.objects.for_instance(gala)
    assert (created.action, created.user, created.new["name"]) == ("campaign.created", client.user, "Gala")
    assert (changed.action, changed.old, changed.new) == (
        "campaign.changed",
        {"name": "Gala", "goal": "250.000"},
        {"name": "Gala night", "goal": "300.000"},
    )


def test_saving_without_a_change_writes_nothing(staff_client, campaign):
    data = {"name": "Spring appeal", "code": "spring", "goal": "1000", "starts_on": ""}
    staff_client().post(f"{LIST}edit/{campaign.pk}/", data)
    assert not AuditEntry.objects.exists()


def test_what_the_database_holds_on_to_is_named(campaign):
    Campaign.objects.create(name="Part", code="part", parent=campaign)
    with pytest.raises(ProtectedError) as held:
        campaign.delete()
    assert "still in use by 1 other record (Part)" in explain(held.value)


def test_the_history_shows_each_value_before_and_after(staff_client, campaign):
    client = staff_client()
    client.post(
        f"{LIST}edit/{campaign.pk}/", {"name": "Spring", "code": "spring", "goal": "2000", "starts_on": "2026-03-01"}
    )
    page = client.get(f"{LIST}history/{campaign.pk}/").content.decode()
    assert "<del>Spring appeal</del>" in page
    assert "<ins>Spring</ins>" in page
    assert "<del>1,000.00</del>" in page
    assert "<ins>2,000.00</ins>" in page
    assert "<ins>Mar 1, 2026</ins>" in page


def test_a_history_asks_the_same_number_of_questions_however_long_it_is(
    staff_client, campaign, assert_constant_queries
):
    client = staff_client()

    def change(times):
        for number in itertools.islice(numbers, times):
            data = {"name": f"Spring {number}", "code": "spring", "goal": "1000", "starts_on": ""}
            client.post(f"{LIST}edit/{campaign.pk}/", data)

    assert_constant_queries(change, lambda: client.get(f"{LIST}history/{campaign.pk}/"), at_most=15)


def test_deleting_keeps_what_was_deleted(staff_client, campaign):
    staff_client().post(f"{LIST}delete/{campaign.pk}/")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.deleted, entry.old["name"]) == ("campaign.deleted", True, "Spring appeal")
    assert not Campaign.objects.exists()


def test_what_is_in_use_stays_and_the_user_learns_why(staff_client, campaign):
    Campaign.objects.create(name="Part", code="part", parent=campaign)
    page = staff_client().post(f"{LIST}delete/{campaign.pk}/", follow=True).content.decode()
    assert "“Part” is part of it: move that first." in page
    assert Campaign.objects.filter(pk=campaign.pk).exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("place", ["", "new/", "edit/{pk}/", "delete/{pk}/", "history/{pk}/", "inspect/{pk}/"])
def test_every_screen_is_closed_to_those_who_may_not_see_the_records(as_someone_who_may, campaign, place):
    client = as_someone_who_may("donations.view_fund")
    assert client.get(LIST + place.format(pk=campaign.pk)).status_code in {302, 403}


def test_a_reader_may_look_and_not_touch(as_someone_who_may, campaign):
    client = as_someone_who_may("donations.view_campaign")
    assert client.get(LIST).status_code == 200
    assert client.get(f"{LIST}inspect/{campaign.pk}/").status_code == 200
    assert client.get(f"{LIST}history/{campaign.pk}/").status_code == 200
    assert client.get(f"{LIST}edit/{campaign.pk}/").status_code in {302, 403}
    page = client.get(LIST).content.decode()
    assert "Raise the goal" not in page
    assert "edit/" not in page


def test_columns_take_heading_and_order_from_their_field(staff_client, campaign):
    Campaign.objects.create(name="Gala", code="gala", goal=Decimal(5), parent=campaign)
    client = staff_client()
    assert "Part of" in client.get(LIST).content.decode()
    by_goal = client.get(LIST, {"ordering": "goal"}).context["object_list"]
    assert [found.name for found in by_goal] == ["Gala", "Spring appeal"]


def test_a_view_that_is_turned_off_has_no_address_and_no_button():
    closed = type("Closed", (CampaignViewSet,), {"delete_view_enabled": False, "add_view_enabled": False})("closed")
    assert {"delete", "add"}.isdisjoint(pattern.name for pattern in closed.get_urlpatterns())
    assert closed.get_common_view_kwargs()["delete_url_name"] is None
    assert closed.get_common_view_kwargs()["edit_url_name"] == "closed:edit"
