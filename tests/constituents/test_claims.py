"""Claiming the record the organisation already holds."""

import pytest

from accounts.models import User
from constituents.errors import CannotClaimError
from constituents.services.claims import claim_record, claimable
from tests.factories.constituents import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    return User.objects.create_user("ann@example.org")


def test_a_verified_address_on_the_record_lets_its_owner_claim_it(ann: User) -> None:
    person = make_person(email="Ann@example.org")
    assert claimable(["ann@example.org"]) == [person]
    assert claim_record(person, by=ann, verified_emails=["ann@example.org"]).user == ann


def test_an_address_that_is_not_on_the_record_claims_nothing(ann: User) -> None:
    person = make_person(email="someone@example.org")
    with pytest.raises(CannotClaimError):
        claim_record(person, by=ann, verified_emails=["ann@example.org"])


def test_people_who_share_an_address_choose_among_them(ann: User) -> None:
    both = [make_person("Ann", "Lee", email="ann@example.org"), make_person("Bo", "Lee", email="ann@example.org")]
    assert claimable(["ann@example.org"]) == both


def test_a_claimed_record_cannot_be_claimed_again(ann: User) -> None:
    person = make_person(email="ann@example.org")
    claim_record(person, by=ann, verified_emails=["ann@example.org"])
    thief = User.objects.create_user("thief@example.org")
    with pytest.raises(CannotClaimError):
        claim_record(person, by=thief, verified_emails=["ann@example.org"])


def test_the_dead_and_the_merged_are_not_offered(ann: User) -> None:
    kept = make_person("Ann", "Lee")
    make_person("Bo", "Lee", email="ann@example.org", is_deceased=True)
    merged = make_person("Ann", "Li", email="ann@example.org")
    merged.merged_into = kept
    merged.save()
    assert claimable(["ann@example.org"]) == []
