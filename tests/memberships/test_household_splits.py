"""What becomes of a household's membership when the household splits."""

import datetime as dt

import pytest

from constituents.household_steps import loose_ends_of, split_steps
from constituents.models import Constituent
from constituents.services.splitting import split_household
from constituents.services.taking_back import take_back
from core import clock
from memberships.models import Membership
from memberships.services.joining import comp
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_household, make_person
from tests.factories.memberships import make_level

pytestmark = pytest.mark.django_db


@pytest.fixture
def family() -> Membership:
    """Ann and Bo on a family plan that Bo pays for."""
    ann, bo = make_person("Ann", "Lee"), make_person("Bo", "Ray")
    household = make_household(ann, bo)
    term = comp(
        holder=household,
        level=make_level(capacity=4),
        by=None,
        reason="Test",
        people=[ann, bo],
        payer=bo,
        starts_on=clock.today() - dt.timedelta(days=30),
    )
    return term.membership


def names_on(membership: Membership) -> list[str]:
    return [place.person.given_name for place in membership.people.filter(until=None).order_by("pk")]


def test_the_form_asks_what_becomes_of_it(family: Membership) -> None:
    question = next(step for step in split_steps() if step.name == "membership").question(family.household)
    assert family.number in str(question.label)
    assert [value for value, _label in question.options] == ["stays", "shared"]


def test_it_stays_with_those_who_stay_and_they_pay(family: Membership) -> None:
    ann, bo = family.household.members
    change = split_household(family.household, leavers=[bo], by=None, answers={"membership": "stays"})
    family.refresh_from_db()
    assert (names_on(family), family.payer) == (["Ann"], ann)
    take_back(change, by=None)
    family.refresh_from_db()
    assert (names_on(family), family.payer) == (["Ann", "Bo"], bo)


def test_or_everyone_stays_on_the_plan(family: Membership) -> None:
    bo = Constituent.objects.get(given_name="Bo")
    split_household(family.household, leavers=[bo], by=None, answers={"membership": "shared"})
    family.refresh_from_db()
    assert (names_on(family), family.payer) == (["Ann", "Bo"], bo)


def test_a_death_leaves_the_membership_to_decide_about(family: Membership) -> None:
    boss = UserFactory(is_superuser=True)
    labels = [str(end.label) for end in loose_ends_of(family.payer, boss)]
    assert any("which they pay for" in label for label in labels)
    assert loose_ends_of(family.payer, UserFactory()) == []
