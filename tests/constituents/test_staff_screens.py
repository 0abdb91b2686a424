"""What staff see and do about people in the workspace."""

import pytest
from django.urls import reverse

from constituents.models import Constituent, Interaction
from tests.factories.constituents import make_household, make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(staff_client):
    return staff_client()


def add(client, **data):
    return client.post(reverse("constituents:add"), {"kind": "person", **data}, follow=True)


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(client, assert_constant_queries) -> None:
    def more(number: int) -> None:
        for _ in range(number):
            make_household(make_person(email=f"p{Constituent.objects.count()}@example.org"), make_person())

    assert_constant_queries(more, lambda: client.get(reverse("constituents:index")))


def test_the_constituent_page_asks_the_same_number_of_questions_however_long_the_history(
    client, assert_constant_queries
) -> None:
    person = make_person(email="ann@example.org")
    make_household(person, make_person())

    def more(number: int) -> None:
        for _ in range(number):
            client.post(reverse("constituents:log", args=[person.pk]), {"kind": "call", "subject": "Rang"})

    assert_constant_queries(more, lambda: client.get(reverse("constituents:inspect", args=[person.pk])))


def test_search_in_the_list_finds_by_part_of_an_e_mail(client) -> None:
    ann = make_person("Ann", "Lee", email="ann.lee@example.org")
    make_person("Bo", "Ray")
    response = client.get(reverse("constituents:index"), {"q": "ann.le"})
    assert [row.pk for row in response.context["page_obj"]] == [ann.pk]


def test_a_new_person_comes_with_how_to_reach_them(client) -> None:
    add(client, given_name="Ann", family_name="Lee", email="ann@example.org", street="1 Quay", city="Boston")
    ann = Constituent.objects.get()
    assert ann.primary_email == "ann@example.org"
    assert ann.addresses.get().city == "Boston"


def test_somebody_with_a_known_e_mail_is_shown_before_being_added_twice(client) -> None:
    known = make_person("Ann", "Lee", email="ann@example.org")
    response = add(client, given_name="Anna", family_name="Li", email="ANN@example.org")
    assert Constituent.objects.count() == 1
    assert "Perhaps already on record" in response.text
    assert reverse("constituents:inspect", args=[known.pk]) in response.text
    add(client, given_name="Anna", family_name="Li", email="ANN@example.org", is_someone_else="on")
    assert Constituent.objects.count() == 2


def test_the_live_look_says_why(client) -> None:
    make_person("Ann", "Lee", email="ann@example.org")
    response = client.get(reverse("constituent_matches"), {"email": "ann@example.org"})
    assert "same e-mail" in response.text


def test_an_organisation_has_its_own_form(client) -> None:
    response = client.get(reverse("constituents:add"), {"kind": "organisation"})
    assert 'name="organisation_name"' in response.text
    assert 'name="given_name"' not in response.text
    client.post(reverse("constituents:add"), {"kind": "organisation", "organisation_name": "Harbour Trust"})
    assert Constituent.objects.get().organisation_name == "Harbour Trust"


def test_a_change_keeps_what_the_form_does_not_show(client) -> None:
    ann = make_person("Ann", "Lee", email="ann@example.org")
    client.post(reverse("constituents:edit", args=[ann.pk]), {"given_name": "Ann", "family_name": "Ray"})
    ann.refresh_from_db()
    assert (ann.family_name, ann.primary_email, ann.kind) == ("Ray", "ann@example.org", "person")


def test_contact_is_logged_in_one_line_and_stands_on_the_timeline(client) -> None:
    ann = make_person("Ann", "Lee")
    client.post(reverse("constituents:log", args=[ann.pk]), {"kind": "call", "subject": "Rang to say thank you"})
    assert Interaction.objects.get().participants.get() == ann
    assert "Rang to say thank you" in client.get(reverse("constituents:inspect", args=[ann.pk])).text


def test_a_name_with_markup_prints_as_typed(client) -> None:
    ann = make_person("<b>Ann</b>", "Lee & Sons")
    text = client.get(reverse("constituents:inspect", args=[ann.pk])).text
    assert "<b>Ann</b>" not in text
    assert "&lt;b&gt;Ann&lt;/b&gt; Lee &amp; Sons" in text


def test_a_board_reader_sees_no_telephone_numbers(staff_client) -> None:
    ann = make_person(phone="(207) 555-0100")
    response = staff_client("Board reader").get(reverse("constituents:inspect", args=[ann.pk]))
    assert response.status_code in (302, 403)


def test_the_household_page_shows_who_lives_there(client) -> None:
    household = make_household(make_person("Ann", "Lee"), make_person("Bo", "Lee"))
    text = client.get(reverse("households:inspect", args=[household.pk])).text
    assert "Dear Ann and Bo" in text


def test_organisations_and_people_stand_in_one_list(client) -> None:
    make_person("Ann", "Lee")
    make_organisation("Harbour Trust")
    assert len(client.get(reverse("constituents:index")).context["page_obj"].object_list) == 2
