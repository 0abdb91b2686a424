"""What anybody can do on the public pages: promise a gift, ask to join, sign up for a shift."""

import re
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client

from constituents.models import ConsentRecord, Constituent
from core.mail.models import Message
from donations.models import Appeal, Campaign, Fund, Gift, GivingTotals
from donations.services.gifts import post_gift
from memberships.models import Application
from tests.factories.constituents import make_person
from tests.factories.memberships import make_level
from tests.factories.volunteers import make_shift
from tests.factories.website import form_token
from volunteers.models import SignUp

pytestmark = pytest.mark.django_db

ANN = {"given_name": "Ann", "family_name": "Lee", "email": "ann@example.org"}


@pytest.fixture(autouse=True)
def fund() -> Fund:
    cache.clear()
    return Fund.objects.create(name="Where it is needed most", code="general", is_default=True)


def promise(client: Client, address: str = "/give/", **changes: object):
    data = {"amount": "50", "method": "transfer", "token": form_token(), **ANN, **changes}
    return client.post(address, data, follow=True)


@pytest.mark.parametrize("address", ["/", "/give/", "/join/", "/volunteer/", "/members/"])
def test_every_public_page_answers_on_an_empty_site(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


def test_a_promise_is_an_expected_gift_and_no_money_yet(client: Client) -> None:
    response = promise(client)
    gift = Gift.objects.get()
    assert (gift.status, gift.amount, gift.source, gift.donor.full_name) == (
        "pending",
        Decimal(50),
        "online",
        "Ann Lee",
    )
    assert not GivingTotals.objects.filter(lifetime__gt=0).exists()
    assert "Thank you" in response.text
    assert Message.objects.get().to == "ann@example.org"


def test_the_same_form_sent_twice_is_one_gift(client: Client) -> None:
    token = form_token()
    promise(client, token=token)
    promise(client, token=token)
    assert Gift.objects.count() == 1
    assert Message.objects.count() == 1


def test_the_form_page_carries_a_fresh_token(client: Client) -> None:
    tokens = [re.search(r'name="token" value="([^"]+)"', client.get("/give/").text)[1] for _ in range(2)]
    assert tokens[0] != tokens[1]


def test_an_amount_of_ones_own_wins_over_the_suggested_one(client: Client) -> None:
    promise(client, amount="other", other_amount="$1,234.50")
    assert Gift.objects.get().amount == Decimal("1234.50")


@pytest.mark.parametrize("written", ["abc", "0", "-5", "9999999", "1e3", "2 x 25", "12 50", "1.000", "12.345", "NaN"])
def test_an_amount_that_cannot_be_is_named_beside_its_field(client: Client, written: str) -> None:
    response = promise(client, amount="other", other_amount=written)
    assert not Gift.objects.exists()
    assert "error" in response.text.lower()
    assert 'value="ann@example.org"' in response.text


def test_a_known_e_mail_with_the_same_name_is_the_same_person(client: Client) -> None:
    known = make_person("Ann", "Lee", email="ann@example.org")
    promise(client)
    assert Gift.objects.get().donor == known


def test_a_known_e_mail_with_another_name_is_somebody_new_and_overwrites_nothing(client: Client) -> None:
    known = make_person("Bo", "Lee", email="ann@example.org")
    promise(client)
    assert Gift.objects.get().donor != known
    known.refresh_from_db()
    assert known.full_name == "Bo Lee"


def test_the_appeals_code_in_the_link_credits_it(client: Client) -> None:
    campaign = Campaign.objects.create(name="Winter", code="winter")
    appeal = Appeal.objects.create(campaign=campaign, name="Letter", code="winter-letter")
    promise(client, "/give/?a=winter-letter")
    gift = Gift.objects.get()
    assert (gift.appeal, gift.campaign) == (appeal, campaign)


def test_consent_is_noted_only_for_what_was_ticked(client: Client) -> None:
    promise(client, consents=["newsletter"])
    assert list(ConsentRecord.objects.values_list("purpose", "decision")) == [("newsletter", "given")]


def test_a_robot_that_fills_the_trap_gives_nothing(client: Client) -> None:
    promise(client, website="http://spam.example")
    assert not Gift.objects.exists()


def test_one_address_cannot_send_forms_without_end(client: Client) -> None:
    for _ in range(21):
        promise(client)
    assert Gift.objects.count() == 20


def test_a_received_promise_counts(client: Client) -> None:
    promise(client)
    post_gift(Gift.objects.get(), by=None)
    assert GivingTotals.objects.get().lifetime == Decimal(50)


def test_asking_to_join_waits_for_the_dues(client: Client) -> None:
    level = make_level("Friend")
    client.post(f"/join/{level.code}/", {**ANN, "method": "transfer"}, follow=True)
    assert Application.objects.get().level == level
    assert Constituent.objects.get().full_name == "Ann Lee"


def test_a_stranger_signs_up_for_a_shift_and_is_written_to(client: Client) -> None:
    shift = make_shift()
    response = client.post(f"/volunteer/{shift.uuid}/", ANN, follow=True)
    assert "You are signed up" in response.text
    assert SignUp.objects.get().volunteer.full_name == "Ann Lee"
    assert Message.objects.get().to == "ann@example.org"


def test_signing_up_twice_says_so(client: Client) -> None:
    shift = make_shift()
    client.post(f"/volunteer/{shift.uuid}/", ANN)
    assert "signed up for this shift already" in client.post(f"/volunteer/{shift.uuid}/", ANN).text


def test_a_full_shift_offers_the_waiting_list(client: Client) -> None:
    shift = make_shift(capacity=1)
    client.post(f"/volunteer/{shift.uuid}/", ANN)
    other = {"given_name": "Bo", "family_name": "Ray", "email": "bo@example.org"}
    assert "waiting list" in client.post(f"/volunteer/{shift.uuid}/", other, follow=True).text
    assert SignUp.objects.get(volunteer__given_name="Bo").status == "waiting"


def test_shifts_are_shown_on_the_organisations_clocks(client: Client) -> None:
    import datetime as dt

    from core import clock
    from core.organisation import current_organisation

    organisation = current_organisation()
    organisation.time_zone = "America/New_York"
    organisation.save()
    day = clock.today() + dt.timedelta(days=3)
    make_shift(starts_at=dt.datetime.combine(day, dt.time(17), tzinfo=clock.zone()))
    assert "5:00\u202fPM" in client.get("/volunteer/").text
