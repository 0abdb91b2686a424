"""Member numbers: from a locked counter, each once, never used again."""

import time

import pytest
from django.db import transaction

from memberships.models import Membership, MembershipSettings, NumberCounter
from memberships.services.numbers import take_numbers
from tests.factories.constituents import make_person
from tests.factories.memberships import make_bare_membership


@pytest.mark.django_db
def test_numbers_follow_each_other_in_the_chosen_form():
    settings = MembershipSettings.load()
    settings.number_prefix, settings.number_digits = "HBR/", 4
    settings.save()
    assert take_numbers(3) == ["HBR/0001", "HBR/0002", "HBR/0003"]


@pytest.mark.django_db
def test_a_number_is_never_used_again():
    membership = make_bare_membership()
    number = membership.number
    membership.delete()
    assert make_bare_membership().number != number


@pytest.mark.django_db
def test_numbers_that_came_with_an_import_are_passed_over():
    Membership.objects.create(number="M-00002", constituent=make_person())
    assert take_numbers(3) == ["M-00001", "M-00003", "M-00004"]


@pytest.mark.django_db(transaction=True)
def test_clerks_at_the_same_moment_get_different_numbers(run_together):
    outcomes = run_together(8, lambda _runner: [take_numbers()[0] for _turn in range(5)])
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    numbers = [number for outcome in outcomes for number in outcome.value]
    assert len(set(numbers)) == 40
    assert NumberCounter.objects.get().last == 40


@pytest.mark.django_db(transaction=True)
def test_the_race_is_real_without_the_lock(run_together):
    """The control: the same work by "highest number and one" gives the same number to several."""
    NumberCounter.objects.create(pk=1)

    def unlocked(_runner):
        taken = []
        for _turn in range(5):
            last = NumberCounter.objects.get(pk=1).last  # read outside of any lock or transaction
            time.sleep(0.005)  # the clerk's own work in between
            with transaction.atomic():
                NumberCounter.objects.filter(pk=1).update(last=last + 1)
            taken.append(last + 1)
        return taken

    outcomes = run_together(8, unlocked)
    numbers = [number for outcome in outcomes if not outcome.error for number in outcome.value]
    assert len(set(numbers)) < len(numbers)
