"""People change their own details at once, and what they were is written down."""

from constituents.models import Audience, Constituent, DirectoryField
from constituents.services.people import add_address
from core.audit.models import AuditEntry
from tests.factories.constituents import make_household, make_organisation, make_person
from tests.portal.conftest import client_of

FORM = {"given_name": "Ann", "family_name": "Lee"}


def test_a_name_a_number_and_an_address_are_changed(mine, me) -> None:
    change = {
        "given_name": "Anna", "family_name": "Lee", "pronouns": "she/her", "phone": "(207) 555-0123",
        "street": "2 Mill Lane", "city": "Exampleton", "country": "US", "biography": "I mend boats.",
    }  # fmt: skip
    assert mine.post("/account/details/", change).status_code == 302
    me = Constituent.objects.get(pk=me.pk)
    assert (me.full_name, me.pronouns, me.primary_phone) == ("Anna Lee", "she/her", "(207) 555-0123")
    assert str(me.addresses.get()) == "2 Mill Lane, Exampleton"
    assert Constituent.objects.search("exampleton anna").get() == me
    assert AuditEntry.objects.filter(action="constituent.changed").count() == 3


def test_saving_without_a_change_writes_nothing(mine, me) -> None:
    mine.post("/account/details/", FORM)
    assert not AuditEntry.objects.filter(action="constituent.changed").exists()


def test_emptying_number_and_address_takes_them_away(mine, me) -> None:
    mine.post("/account/details/", FORM | {"phone": "555 0199", "street": "1 Low Road", "city": "Tidewick"})
    mine.post("/account/details/", FORM)
    assert not me.phones.exists()
    assert not me.addresses.exists()


def test_changing_the_households_address_changes_only_ones_own(mine, me) -> None:
    household = make_household(me, make_person("Bo", "Lee"))
    add_address(household=household, street="1 Low Road", city="Tidewick")
    assert "1 Low Road" in mine.get("/account/details/").text
    mine.post("/account/details/", FORM | {"street": "9 Hill Top", "city": "Tidewick"})
    assert household.addresses.get().street == "1 Low Road"
    assert me.addresses.get().street == "9 Hill Top"


def test_a_website_that_is_none_is_refused_and_nothing_is_lost(mine, me) -> None:
    response = mine.post("/account/details/", FORM | {"website": "not a site", "occupation": "Baker"})
    assert response.status_code == 422
    assert "Baker" in response.text


def test_an_organisation_changes_its_name(user) -> None:
    trust = make_organisation("Harbour Trust", user=user)
    client_of(user).post("/account/details/", {"organisation_name": "Harbour & Bay Trust"})
    trust.refresh_from_db()
    assert trust.display_name == "Harbour & Bay Trust"


def test_directory_choices_are_saved_field_by_field_and_nobody_leaves_no_row(mine, me) -> None:
    nobody = dict.fromkeys(["name", "town", "occupation", "biography", "website", "email"], Audience.NOBODY)
    assert mine.post("/account/directory/", nobody | {"name": "everyone", "town": "members"}).status_code == 302
    shown = dict(me.directory_choices.values_list("field", "audience"))
    assert shown == {DirectoryField.NAME: Audience.EVERYONE, DirectoryField.TOWN: Audience.MEMBERS}
    mine.post("/account/directory/", nobody)
    assert not me.directory_choices.exists()
    assert AuditEntry.objects.filter(action="directory.chosen").count() == 2


def test_the_preview_shows_the_effect_and_saves_nothing(mine, me) -> None:
    Constituent.objects.filter(pk=me.pk).update(occupation="Beekeeper", biography="I mend boats.")
    choices = {
        "name": "everyone", "town": "nobody", "occupation": "members", "biography": "nobody", "website": "nobody",
        "email": "nobody",
    }  # fmt: skip
    seen = mine.post("/account/directory/preview/", choices).text
    members, everyone = seen.split("seen-by-everyone", 1)
    assert "Beekeeper" in members
    assert "Beekeeper" not in everyone
    assert "boats" not in seen
    assert "Beekeeper" in mine.post("/account/directory/", choices | {"preview": "1"}).text
    assert not me.directory_choices.exists()


def test_the_preview_refuses_what_is_no_choice(mine, me) -> None:
    assert mine.post("/account/directory/preview/", {"name": "the world"}).status_code == 400
