import pytest

from core.staff.parts import Action
from tests.core.staff.screens import CampaignRecordView

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.staff.screens")]


@pytest.fixture
def address(campaign):
    return f"/screens/test_campaigns/inspect/{campaign.pk}/"


def test_the_page_says_what_it_is_about_and_what_matters(staff_client, address):
    page = staff_client().get(address).content.decode()
    assert '<h2 class="s-record__name">Spring appeal</h2>' in page
    assert '<span class="s-chip s-chip--good">Running</span>' in page
    assert "<dt>Goal</dt>" in page


def test_only_the_open_tab_is_made(staff_client, address):
    client = staff_client()
    assert "The facts" in client.get(address).content.decode()
    page = client.get(address, {"tab": "secret"}).content.decode()
    assert "The secret" in page
    assert "The facts" not in page
    assert "The facts" in client.get(address, {"tab": "nonsense"}).content.decode()


def test_a_panel_is_left_out_for_those_who_may_not_see_it(as_someone_who_may, address):
    client = as_someone_who_may("donations.view_campaign")
    assert "The secret" not in client.get(address, {"tab": "secret"}).content.decode()


def test_the_timeline_comes_a_page_at_a_time_with_script_or_without(staff_client, address):
    client = staff_client()
    answer = client.get(address)
    assert [event.title for event in answer.context["timeline"]] == ["Day 7", "Day 6", "Day 5"]

    later = client.get(address + answer.context["timeline_next"], headers={"HX-Request": "true"})
    assert later.content.decode().count("s-timeline__event") == 3
    assert "<html" not in later.content.decode()

    plain = client.get(address + answer.context["timeline_next"])
    assert [event.title for event in plain.context["timeline"]] == ["Day 4", "Day 3", "Day 2"]
    last = client.get(address + plain.context["timeline_next"])
    assert ([event.title for event in last.context["timeline"]], last.context["timeline_next"]) == (["Day 1"], "")


@pytest.mark.parametrize("before", ["nonsense", "2026-13-01T00:00:00+00:00", "2026-01-01", "2026-01-01T00:00:00"])
def test_a_mangled_address_opens_the_first_page(staff_client, address, before):
    assert staff_client().get(address, {"before": before}).context["timeline"][0].title == "Day 7"


def test_a_header_with_many_buttons_keeps_room_for_its_title(staff_client, address, monkeypatch):
    actions = [Action(f"Do {number}", f"/do/{number}/", primary=True) for number in range(5)]
    monkeypatch.setattr(CampaignRecordView, "actions", lambda self: actions)
    shown = staff_client().get(address).context["header_buttons"]
    assert [button.label for button in shown] == ["Do 0", "Do 1", "Do 2", ""]
    assert [button.label for button in shown[-1].dropdown_buttons][:2] == ["Do 3", "Do 4"]
