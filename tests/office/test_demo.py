"""The demo data: plausible, deterministic, and right in the books."""

import datetime as dt

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction

from constituents.models import Constituent
from core.demo import DemoPlan
from donations.models import Gift
from donations.services.books import check_books
from office.demo.loading import load_demo
from tests.factories.constituents import make_person
from volunteers.models import Shift

pytestmark = pytest.mark.django_db

PLAN = DemoPlan(people=60, years=3, seed=7, today=dt.date(2026, 11, 20))


def fingerprint() -> list[tuple]:
    gifts = Gift.objects.order_by("pk").values_list("donor__display_name", "amount", "received_on", "method")
    return [*Constituent.objects.order_by("pk").values_list("display_name", "search_entry__tokens"), *gifts]


def test_the_same_seed_makes_the_same_data() -> None:
    with transaction.atomic():
        load_demo(PLAN)
        first = fingerprint()
        transaction.set_rollback(True)
    load_demo(PLAN)
    assert fingerprint() == first


def test_the_books_are_right_no_gift_is_dated_in_the_future_and_no_shift_is_overbooked() -> None:
    counts = load_demo(PLAN)
    assert counts["people"] + counts["organisations"] == 60
    assert counts["gifts"] > 50
    assert check_books() == []
    assert not Gift.objects.filter(received_on__gt=PLAN.today).exists()
    assert all(shift.sign_ups.holding_a_place().count() == shift.places_taken for shift in Shift.objects.all()[:50])


def test_a_database_with_data_is_refused() -> None:
    make_person()
    with pytest.raises(CommandError, match="holds data already"):
        call_command("load_demo", "--people", "40")


def test_the_data_ends_on_the_organisations_own_day_not_on_greenwichs() -> None:
    with time_machine.travel(dt.datetime(2026, 11, 22, 1, tzinfo=dt.UTC)):
        call_command("load_demo", "--people", "40", "--years", "2", verbosity=0)
    assert not Gift.objects.filter(received_on__gt=dt.date(2026, 11, 21)).exists()
    assert Gift.objects.filter(received_on=dt.date(2026, 11, 21)).exists()
