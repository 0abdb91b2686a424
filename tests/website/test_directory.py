"""The member directory: everyone is out until they opt in, field by field, and nothing hidden leaks."""

import datetime as dt

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from constituents.models import Audience, Constituent, DirectoryChoice, DirectoryField
from constituents.services.people import add_address, change_constituent
from core import clock
from core.mail.models import Message
from tests.factories.constituents import make_person
from tests.factories.memberships import make_membership
from tests.harness.examples import drawn
from website import directory

pytestmark = pytest.mark.django_db


def make_member(given_name: str = "Ann", family_name: str = "Lee", **details: object) -> Constituent:
    person = make_person(given_name, family_name, **details)
    make_membership(person, starts_on=clock.today() - dt.timedelta(days=30))
    return person


def show(person: Constituent, audience: str = Audience.EVERYONE, *fields: str) -> None:
    for field in fields or (DirectoryField.NAME,):
        DirectoryChoice.objects.update_or_create(constituent=person, field=field, defaults={"audience": audience})


def page(client: Client, address: str = "/members/") -> str:
    return client.get(address).text


def test_a_member_is_hidden_until_they_say_so(client: Client) -> None:
    person = make_member("Ann", "Seabright")
    assert "Seabright" not in page(client)
    assert client.get(f"/members/{person.uuid}/").status_code == 404
    show(person)
    assert "Seabright" in page(client)


def test_only_the_fields_that_are_shown_are_on_the_page(client: Client) -> None:
    person = make_member("Ann", "Seabright", occupation="Beekeeper", email="ann@secret.example", phone="555 0199")
    add_address(constituent=person, street="7 Hidden Lane", city="Quietville")
    show(person)
    for address in ("/members/", f"/members/{person.uuid}/"):
        text = page(client, address)
        for hidden in ("Beekeeper", "Quietville", "Hidden Lane", "secret.example", "555 0199"):
            assert hidden not in text
    show(person, Audience.EVERYONE, DirectoryField.TOWN)
    assert "Quietville" in page(client)
    assert "Beekeeper" not in page(client)


def test_a_hidden_field_cannot_be_found_out_by_searching_for_it(client: Client) -> None:
    person = make_member("Ann", "Seabright", occupation="Beekeeper")
    add_address(constituent=person, city="Quietville")
    show(person)
    assert "Seabright" not in page(client, "/members/?q=beekeeper")
    assert "Seabright" not in page(client, "/members/?q=quietville")
    assert "Seabright" not in page(client, "/members/?town=Quietville")
    assert "Quietville" not in page(client)
    show(person, Audience.EVERYONE, DirectoryField.OCCUPATION)
    assert "Seabright" in page(client, "/members/?q=beekeeper")


def test_what_is_for_members_is_seen_by_members_only(client: Client) -> None:
    person = make_member("Ann", "Seabright")
    show(person, Audience.MEMBERS)
    assert "Seabright" not in page(client)
    reader = make_member("Bo", "Ray")
    reader.user = User.objects.create_user("bo@example.org")
    reader.save()
    client.force_login(reader.user, backend="django.contrib.auth.backends.ModelBackend")
    assert "Seabright" in page(client)


def test_leaving_takes_effect_at_once(client: Client) -> None:
    person = make_member("Ann", "Seabright")
    show(person)
    assert "Seabright" in page(client)
    show(person, Audience.NOBODY)
    assert "Seabright" not in page(client)


def test_the_lapsed_the_dead_and_children_are_never_listed(client: Client) -> None:
    lapsed = make_person("Ann", "Lapsedson")
    make_membership(lapsed, starts_on=clock.today() - dt.timedelta(days=800))
    child = make_member("Cy", "Minorson", birth_year=clock.today().year - 12)
    dead = make_member("Di", "Deadson")
    change_constituent(dead, by=None, is_deceased=True)
    for person in (lapsed, child, dead):
        show(person)
    text = page(client)
    assert not [name for name in ("Lapsedson", "Minorson", "Deadson") if name in text]


def test_accents_do_not_matter_to_search(client: Client) -> None:
    show(make_member("Zoë", "Müller"))
    assert "Müller" in page(client, "/members/?q=zoe+muller")


def test_the_page_asks_the_same_number_of_questions_however_many_are_listed(client, assert_constant_queries) -> None:
    def more(number: int) -> None:
        for _ in range(number):
            show(make_member("Ann", f"Seabright {Constituent.objects.count()}"))

    assert_constant_queries(more, lambda: client.get("/members/"))


def test_a_message_reaches_the_member_and_their_address_stays_hidden(client: Client) -> None:
    person = make_member("Ann", "Seabright", email="ann@secret.example")
    show(person, Audience.EVERYONE, DirectoryField.NAME, DirectoryField.EMAIL)
    answer = client.post(
        f"/members/{person.uuid}/",
        {"given_name": "Bo", "family_name": "Ray", "email": "bo@example.org", "message": "Shall we sail?"},
        follow=True,
    )
    assert "ann@secret.example" not in answer.text
    message = Message.objects.get()
    assert message.to == "ann@secret.example"
    assert "Shall we sail?" in message.text


def test_the_directory_keeps_out_of_search_engines_and_caches(client: Client) -> None:
    response = client.get("/members/")
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]


@drawn(8)
@given(
    choices=st.dictionaries(st.sampled_from(DirectoryField.values), st.sampled_from(Audience.values)),
    as_member=st.booleans(),
)
def test_an_entry_never_holds_more_than_its_owner_shows_the_reader(choices: dict[str, str], as_member: bool) -> None:
    person = Constituent.objects.filter(family_name="Property").first()
    if person is None:
        person = make_member(
            "Ann", "Property", occupation="Beekeeper", biography="About Ann", website="https://ann.example"
        )
        add_address(constituent=person, city="Quietville")
    person.directory_choices.all().delete()
    for field, audience in choices.items():
        show(person, audience, field)
    seen = {Audience.EVERYONE, Audience.MEMBERS} if as_member else {Audience.EVERYONE}
    shown = {field for field, audience in choices.items() if audience in seen}
    found = directory.entries(directory.search("", members=as_member), members=as_member)
    if DirectoryField.NAME not in shown:
        assert found == []
        return
    [entry] = found
    assert bool(entry.line) == (DirectoryField.OCCUPATION in shown)
    assert bool(entry.town) == (DirectoryField.TOWN in shown)
    assert bool(entry.about) == (DirectoryField.BIOGRAPHY in shown)
    assert bool(entry.website) == (DirectoryField.WEBSITE in shown)
    assert entry.takes_messages == (DirectoryField.EMAIL in shown)
