"""A signed-in supporter and the record the organisation holds find each other."""

from constituents.models import Constituent
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_person
from tests.portal.conftest import client_of


def test_the_record_with_a_proved_address_is_offered_and_claimed(mine, user) -> None:
    ann = make_person("Ann", "Lee", email="ANN@example.org")
    page = mine.get("/account/claim/").text
    assert "Ann Lee" in page
    mine.post("/account/claim/", {"record": ann.uuid})
    ann.refresh_from_db()
    assert ann.user == user
    assert mine.get("/account/").status_code == 200


def test_people_who_share_an_address_choose_and_may_be_none_of_them(mine, user) -> None:
    make_person("Ann", "Lee", email="ann@example.org")
    make_person("Bo", "Lee", email="ann@example.org")
    page = mine.get("/account/claim/").text
    assert "Ann Lee" in page
    assert "Bo Lee" in page
    mine.post("/account/claim/new/", {"given_name": "Cy", "family_name": "Lee"})
    assert Constituent.objects.get(user=user).full_name == "Cy Lee"


def test_an_address_that_is_not_proved_claims_nothing(db) -> None:
    user = UserFactory(email="eve@example.org", verified=False)
    ann = make_person("Ann", "Lee", email="eve@example.org")
    client = client_of(user)
    assert "Ann Lee" not in client.get("/account/claim/").text
    assert client.post("/account/claim/", {"record": ann.uuid}).status_code == 404
    client.post("/account/claim/new/", {"given_name": "Eve"})
    assert not Constituent.objects.filter(user=user).exists()


def test_somebody_elses_record_cannot_be_claimed(mine) -> None:
    other = make_person("Bo", "Ray", email="bo@example.org")
    assert mine.post("/account/claim/", {"record": other.uuid}).status_code == 404
    other.refresh_from_db()
    assert other.user is None


def test_somebody_new_adds_themselves_under_the_address_they_proved(mine, user) -> None:
    response = mine.post("/account/claim/new/", {"given_name": "Ann", "family_name": "Lee"})
    assert response["Location"] == "/account/details/"
    me = Constituent.objects.get(user=user)
    assert (me.full_name, me.primary_email, me.source) == ("Ann Lee", "ann@example.org", "portal")
    mine.post("/account/claim/new/", {"given_name": "Ann", "family_name": "Again"})
    assert Constituent.objects.filter(user=user).count() == 1
