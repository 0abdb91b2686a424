"""Staff put segments together by keyboard, with or without script, and see only what they may."""

import re

import pytest
from django.urls import reverse

from constituents.models import Segment, Tag
from constituents.services.segments import make_segment
from tests.factories.constituents import make_person
from tests.factories.donations import make_gift

pytestmark = pytest.mark.django_db

LIVING = {"match": "all", "of": [{"criterion": "deceased", "operator": "no"}]}
GAVE = {"match": "all", "of": [{"criterion": "giving.gave", "operator": "yes"}]}
NEW = {"name": "Friends", "criteria-n": "1", "criteria-match": "all", "criteria-0-criterion": "deceased"}


def test_conditions_are_put_together_press_by_press_without_script(staff_client) -> None:
    client = staff_client()
    make_person("Ann", "Lee")
    press = Tag.objects.create(name="Press")
    address = reverse("segments:add")
    page = client.post(address, NEW | {"criteria-do": "look", "criteria-0-operator": "no"})
    assert "<b>1</b> match now" in page.text
    assert "Ann Lee" in page.text
    page = client.post(address, NEW | {"criteria-0-operator": "no", "criteria-do": "group:"})
    assert 'name="criteria-1-0-criterion"' in page.text
    assert not Segment.objects.exists()
    assert "could not be created due to errors" not in page.text
    whole = NEW | {
        "criteria-n": "2",
        "criteria-0-operator": "no",
        "criteria-1-n": "1",
        "criteria-1-match": "none",
        "criteria-1-0-criterion": "tag",
        "criteria-1-0-operator": "any_of",
        "criteria-1-0-was": "tag|any_of",
        "criteria-1-0-value": [str(press.pk)],
        "is_shared": "on",
    }
    client.post(address, whole)
    assert Segment.objects.get().criteria == {
        "match": "all",
        "of": [
            {"criterion": "deceased", "operator": "no"},
            {"match": "none", "of": [{"criterion": "tag", "operator": "any_of", "value": [press.pk]}]},
        ],
    }
    client.post(reverse("segments:edit", args=[Segment.objects.get().pk]), whole | {"name": "Best friends"})
    assert Segment.objects.get().name == "Best friends"


def test_an_unfinished_condition_is_named_beside_its_row(staff_client) -> None:
    page = staff_client().post(reverse("segments:add"), NEW | {"criteria-0-criterion": "town"})
    assert "Type what to look for." in page.text
    assert not Segment.objects.exists()


def test_the_fragment_answers_a_press_with_the_builder_alone(staff_client) -> None:
    answer = staff_client().post(reverse("segment_criteria"), NEW | {"criteria-do": "remove:0"})
    assert "No condition yet: everyone is found." in answer.text
    assert "<html" not in answer.text


def test_presses_that_come_together_are_all_about_the_form_as_it_stood(staff_client) -> None:
    form = {"criteria-n": "4", "criteria-match": "all"}
    form |= {
        f"criteria-{number}-criterion": key for number, key in enumerate(["deceased", "town", "tag", "giving.gave"])
    }
    pressed = ["remove:0", "add:", "remove:2", "remove:0"]
    answer = staff_client().post(reverse("segment_criteria"), form | {"criteria-do": pressed})
    left = re.findall(r'-criterion".*?value="([\w.]*)" selected', answer.text, re.DOTALL)
    assert left == ["town", "giving.gave", ""]


def test_who_may_not_see_giving_can_neither_ask_by_it_nor_read_who_gave(staff_client) -> None:
    ann = make_person("Ann")
    make_gift(ann)
    givers = make_segment(by=None, name="Givers", criteria=GAVE, is_shared=True)
    client = staff_client("Volunteer coordinator")
    assert "Givers" not in client.get(reverse("segments:index")).text
    assert client.get(reverse("segments:inspect", args=[givers.pk])).status_code == 404
    listed = client.get(reverse("constituents:index"), {"segment": givers.pk})
    assert "Select a valid choice" in listed.text
    answer = client.post(reverse("segment_criteria"), NEW | {"criteria-0-criterion": "giving.gave"})
    assert "Total given" not in answer.text
    assert "match now" not in answer.text
    client.post(reverse("segments:add"), NEW | {"criteria-0-criterion": "giving.gave", "criteria-0-operator": "yes"})
    assert Segment.objects.count() == 1


def test_a_segment_of_somebody_else_is_copied_not_changed(staff_client) -> None:
    shared = make_segment(by=None, name="Living", criteria=LIVING, is_shared=True)
    private = make_segment(by=None, name="Mine alone", criteria=LIVING)
    client = staff_client("Fundraiser")
    assert client.get(reverse("segments:edit", args=[shared.pk])).status_code == 404
    assert client.get(reverse("segments:inspect", args=[private.pk])).status_code == 404
    client.post(reverse("segments:copy", args=[shared.pk]))
    assert Segment.objects.get(owner=client.user).name == "Living (copy)"


def test_the_list_of_people_is_narrowed_to_a_segment_and_to_a_list(staff_client) -> None:
    make_person("Ann", "Lee"), make_person("Bo", "Ray", is_deceased=True)
    client = staff_client()
    living = make_segment(by=client.user, name="Living", criteria=LIVING)
    client.post(reverse("segments:list", args=[living.pk]), {"name": "Spring letter"})
    for narrowed in ({"segment": living.pk}, {"list": living.snapshots.get().pk}):
        page = client.get(reverse("constituents:index"), narrowed)
        assert [str(row) for row in page.context["page_obj"]] == ["Ann Lee"]
    assert client.get(reverse("lists:inspect", args=[living.snapshots.get().pk])).status_code == 200


def test_a_segment_that_names_what_is_gone_says_so_and_finds_nobody(staff_client) -> None:
    make_person("Ann")
    client = staff_client()
    tag = Tag.objects.create(name="Press")
    criteria = {"match": "none", "of": [{"criterion": "tag", "operator": "any_of", "value": [tag.pk]}]}
    segment = make_segment(by=client.user, name="Not press", criteria=criteria)
    tag.delete()
    assert "no longer there" in client.get(reverse("segments:inspect", args=[segment.pk])).text
    assert not client.get(reverse("constituents:index"), {"segment": segment.pk}).context["page_obj"].object_list


def test_the_pages_ask_the_same_number_of_questions_however_many(staff_client, assert_constant_queries) -> None:
    client = staff_client()

    def more(number: int) -> None:
        for _ in range(number):
            make_segment(by=client.user, name=f"Living {Segment.objects.count()}", criteria=LIVING)
            make_person()

    assert_constant_queries(more, lambda: client.get(reverse("segments:index")))
    address = reverse("segments:inspect", args=[Segment.objects.first().pk])
    assert_constant_queries(more, lambda: client.get(address))
