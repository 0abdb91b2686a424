"""Member cards: what they show, and what their code says to whoever checks it."""

import datetime as dt
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.roles import Role
from memberships.cards import NOT_VALID, Verdict, cards_of, qr_svg, token_of, verify
from memberships.documents import card_sheets, single_card
from memberships.services.cards import revoke_cards
from memberships.services.changing import cancel, remove_person
from memberships.services.dues import Payment
from memberships.services.joining import join
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_household, make_person
from tests.factories.memberships import make_level, make_membership

pytestmark = pytest.mark.django_db

JOINED = dt.date(2026, 6, 1)


@pytest.fixture(autouse=True)
def today(time_machine):
    def be(date):
        time_machine.move_to(dt.datetime.combine(dt.date.fromisoformat(date), dt.time(12), tzinfo=dt.UTC), tick=False)

    be("2026-11-21")
    return be


@pytest.fixture
def membership():
    return make_membership(make_person("Ann", "Lee"), starts_on=JOINED)


@pytest.fixture
def household():
    household = make_household()
    term = join(
        holder=household,
        level=make_level(capacity=4),
        by=None,
        payment=Payment(received_on=JOINED),
        people=household.members,
    )
    return term.membership


def words(pdf):
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_a_card_names_the_member_level_number_and_last_day(membership):
    pdf = single_card(cards_of(membership)[0])
    page = PdfReader(BytesIO(pdf)).pages[0]
    assert round(float(page.mediabox.width) / 72 * 25.4, 1) == 85.6
    for said in ("Ann Lee", membership.level.name, membership.number, "31 May 2027"):
        assert said in words(pdf)


def test_the_same_card_is_the_same_bytes(membership):
    card = cards_of(membership)[0]
    assert single_card(card) == single_card(card)


def test_names_in_any_script_and_of_any_length_fit(household):
    person = make_person("Wolfeschlegelsteinhausenbergerdorff", "محمد صالح " * 6)
    card = cards_of(make_membership(person, starts_on=JOINED))[0]
    assert single_card(card).startswith(b"%PDF")


def test_ten_cards_fill_a_sheet(household):
    cards = cards_of(household) * 6
    assert len(PdfReader(BytesIO(card_sheets(cards[:10]))).pages) == 1
    assert len(PdfReader(BytesIO(card_sheets(cards))).pages) == 2


def test_everyone_on_the_plan_has_a_card_of_their_own(household):
    cards = cards_of(household)
    assert [card.name for card in cards] == [person.full_name for person in household.household.members]
    assert len({card.url for card in cards}) == 2


def test_the_code_says_valid_until_and_an_initial_only(client, membership):
    token = token_of(membership, membership.constituent)
    assert verify(token) == Verdict(is_valid=True, until=dt.date(2027, 5, 31), initial="A")
    page = client.get(reverse("verify_card", args=[token]))
    content = page.content.decode()
    assert "May 31, 2027" in content
    assert "Lee" not in content
    assert membership.number not in content
    assert page["Cache-Control"]


def test_a_card_ends_with_the_membership(membership, today):
    token = token_of(membership, membership.constituent)
    today("2027-08-01")
    assert verify(token) == NOT_VALID
    today("2026-12-01")
    cancel(membership, by=None, reason="Asked", last_day=dt.date(2026, 11, 30))
    assert verify(token) == NOT_VALID


def test_who_left_the_plan_has_no_valid_card(household, today):
    person = household.household.members[1]
    token = token_of(household, person)
    assert verify(token).is_valid
    remove_person(household, person=person, by=None, reason="Moved out")
    today("2026-11-22")
    assert verify(token) == NOT_VALID


def test_revoked_cards_are_worthless_and_new_ones_are_good(membership):
    old = token_of(membership, membership.constituent)
    membership = revoke_cards(membership, by=None, reason="Lost on the ferry")
    assert verify(old) == NOT_VALID
    assert verify(token_of(membership, membership.constituent)).is_valid


@pytest.mark.parametrize("token", ["x", "a.1.b:c", "a.1.b", "%00", "a" * 500])
def test_a_forged_code_is_answered_like_an_unknown_one(client, token):
    assert verify(token) == NOT_VALID
    assert "Not valid" in client.get(reverse("verify_card", args=[token])).content.decode()


def test_checking_is_throttled(client, membership):
    url = reverse("verify_card", args=["guess"])
    answers = [client.get(url).status_code for _ in range(61)]
    assert set(answers[:60]) == {200}
    assert answers[-1] == 429


def test_the_picture_of_the_code_needs_no_style(membership):
    svg = qr_svg(cards_of(membership)[0].url)
    assert svg.startswith("<svg")
    assert "style" not in svg


def test_staff_print_one_card_or_all_that_the_list_shows(client, household):
    officer = UserFactory(role=Role.MEMBERSHIP_OFFICER, is_staff=True)
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(reverse("memberships_card", args=[household.pk]))
    assert response["Content-Type"] == "application/pdf"
    assert household.household.members[0].full_name in words(response.content)
    assert "Print cards" in client.get(reverse("memberships:index")).content.decode()
    lapsed = make_membership(starts_on=dt.date(2020, 1, 1))
    sheet = words(client.get(reverse("memberships_cards")).content)
    assert household.number in sheet
    assert lapsed.number not in sheet
    assert client.get(reverse("memberships_cards"), {"status": "lapsed"}).status_code == 302
