"""Adding, changing and finding people and organisations."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from constituents.folding import fold
from constituents.models import Constituent, EmailAddress, Kind
from constituents.services.people import add_constituent, add_email, change_constituent
from core.audit.models import AuditEntry
from tests.factories.constituents import make_household, make_organisation, make_person
from tests.harness.examples import drawn

pytestmark = pytest.mark.django_db


def test_a_name_is_kept_as_it_was_typed() -> None:
    person = make_person("ÞÓRA  ", "de la Cruz-O’Neill")
    assert person.given_name == "ÞÓRA  "
    assert person.family_name == "de la Cruz-O’Neill"


def test_a_person_needs_at_least_one_name() -> None:
    with pytest.raises(ValidationError, match="at least one name"):
        add_constituent(by=None, kind=Kind.PERSON)


def test_an_organisation_needs_a_name() -> None:
    with pytest.raises(ValidationError, match="Give the organisation a name"):
        add_constituent(by=None, kind=Kind.ORGANISATION)


def test_a_person_may_have_a_single_name() -> None:
    assert str(make_person("Madonna", "")) == "Madonna"


@pytest.mark.parametrize(
    "words",
    [
        "zolc",
        "Żółć lukasz",
        "LUKASZ",
        "lukasz.z@example.org",
        "example.org",
        "07700 900123",
        "+44 7700 900 123",
        "SW1A",
    ],
)
def test_search_finds_a_person_by_any_of_their_words(words: str) -> None:
    person = make_person(
        "Łukasz",
        "Żółć",
        email="lukasz.z@example.org",
        phone="07700 900123",
        address={"street": "1 Quay", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"},
    )
    make_person("Someone", "Else", email="else@example.net", phone="07700 900999")
    assert list(Constituent.objects.search(words)) == [person]


def test_search_finds_an_organisation_by_a_part_of_its_name() -> None:
    trust = make_organisation("The Harbour Trust")
    assert list(Constituent.objects.search("harb trust")) == [trust]


def test_search_wants_every_word() -> None:
    make_person("Ann", "Lee")
    assert not Constituent.objects.search("ann ray").exists()


def test_a_change_is_found_by_search_and_written_to_the_audit_with_old_and_new() -> None:
    person = make_person("Ann", "Lee")
    change_constituent(person, by=None, family_name="Ray", reason="Married")
    assert Constituent.objects.search("ray").get() == person
    entry = AuditEntry.objects.filter(action="constituent.changed").get()
    assert entry.payload.data["old"] == {"family_name": "Lee"}
    assert entry.payload.data["new"] == {"family_name": "Ray"}


def test_a_change_of_name_renames_the_household() -> None:
    ann, bo = make_person("Ann", "Lee"), make_person("Bo", "Lee")
    household = make_household(ann, bo)
    change_constituent(bo, by=None, family_name="Ray")
    household.refresh_from_db()
    assert household.name == "Ann Lee and Bo Ray"


def test_the_first_e_mail_address_is_used_first_and_the_second_is_not() -> None:
    person = make_person(email="first@example.org")
    add_email(person, address="second@example.org")
    assert person.primary_email == "first@example.org"
    assert person.emails.filter(is_primary=True).count() == 1


def test_the_same_address_twice_is_one() -> None:
    person = make_person(email="ann@example.org")
    add_email(person, address=" ANN@example.org ")
    assert person.emails.count() == 1


def test_the_database_refuses_a_second_primary_address() -> None:
    person = make_person(email="first@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        EmailAddress.objects.create(constituent=person, address="other@example.org", is_primary=True)


def test_the_database_refuses_one_external_id_for_two_people() -> None:
    make_person(external_ids={"npsp": "003A"})
    with pytest.raises(IntegrityError), transaction.atomic():
        make_person(external_ids={"npsp": "003A"})


@drawn(25)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
def test_whoever_has_a_name_can_be_found_by_it(name: str) -> None:
    if not name.strip() or not fold(name):
        return
    with transaction.atomic():
        person = make_person(name, "")
        assert person in Constituent.objects.search(name)
        transaction.set_rollback(True)
