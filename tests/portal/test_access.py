"""The portal shows people themselves, and nothing of anybody else."""

import uuid

import pytest
from django.test import Client

from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_person
from tests.factories.donations import make_receipt
from tests.factories.volunteers import make_shift
from tests.portal.conftest import client_of
from volunteers.services.signing_up import sign_up

PAGES = [
    "", "details/", "directory/", "giving/", "membership/", "shifts/", "shifts/hours/", "preferences/", "privacy/",
    "privacy/erasure/",
]  # fmt: skip


@pytest.mark.parametrize(
    "page", [*PAGES, "claim/", "membership/renew/", "giving/receipts/0b6f3c1e-52f2-4f6e-9c8b-0f5d5e2b8a11/"]
)
def test_every_page_asks_for_a_sign_in(client: Client, db, page) -> None:
    response = client.get(f"/account/{page}")
    assert response.status_code == 302
    assert response["Location"].startswith("/account/sign-in/")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_somebody_without_a_record_leads_to_claiming(mine, page) -> None:
    assert mine.get(f"/account/{page}")["Location"] == "/account/claim/"


@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers_somebody_of_whom_we_know_only_the_name(mine, me, page) -> None:
    response = mine.get(f"/account/{page}")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_what_is_somebody_elses_answers_like_what_does_not_exist(mine, me) -> None:
    receipt = make_receipt()
    place = sign_up(make_shift(), volunteer=make_person(), by=None)
    for theirs, nobodys in (
        (f"/account/giving/receipts/{receipt.uuid}/", f"/account/giving/receipts/{uuid.uuid4()}/"),
        (f"/account/shifts/{place.uuid}/cancel/", f"/account/shifts/{uuid.uuid4()}/cancel/"),
    ):
        assert mine.get(theirs).status_code == mine.get(nobodys).status_code == 404
    assert mine.post(f"/account/shifts/{place.uuid}/cancel/").status_code == 404


def test_a_record_of_somebody_elses_sign_in_is_not_shown(me) -> None:
    other = client_of(UserFactory())
    assert "Ann" not in other.get("/account/", follow=True).content.decode().split("</nav>")[-1].split("<form")[0]
