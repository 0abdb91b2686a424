"""Where the money is, as of a date, explained."""

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command

from core.money import Money
from donations.models import Fund, GiftKind
from donations.prospects import History, rank_prospects, reasons_for, suggested_ask
from donations.services.gifts import record_gift, refund_gift
from tests.factories.constituents import make_person

pytestmark = pytest.mark.django_db
AS_OF = dt.date(2026, 6, 30)


@pytest.fixture(autouse=True)
def fund() -> Fund:
    return Fund.objects.create(name="Where it is needed most", code="general", is_default=True)


def give(donor, amount: str, on: str, **details):
    return record_gift(
        donor=donor, money=Money(Decimal(amount), "USD"), received_on=dt.date.fromisoformat(on), by=None, **details
    )


def test_a_gift_counts_half_for_each_year_of_its_age() -> None:
    ann = make_person()
    give(ann, "100", "2026-06-30")
    give(ann, "80", "2024-06-30")
    [prospect] = rank_prospects(as_of=AS_OF)
    assert prospect.score == pytest.approx(100 + 80 * 0.5 ** (730 / 365.25))


def test_nothing_dated_after_the_day_changes_the_ranking() -> None:
    ann, bo = make_person(), make_person()
    refunded = give(ann, "100", "2026-01-10")
    give(bo, "90", "2026-01-10")
    before = [(p.constituent_id, p.score) for p in rank_prospects(as_of=AS_OF)]
    give(bo, "5000", "2026-07-01")
    refund_gift(refunded, money=Money(Decimal(100), "USD"), by=None, reason="Wrong account")
    assert [(p.constituent_id, p.score) for p in rank_prospects(as_of=AS_OF)] == before


def test_dues_and_promises_rank_nobody() -> None:
    give(make_person(), "100", "2026-01-10", kind=GiftKind.DUES)
    give(make_person(), "100", "2026-01-10", post=False)
    assert rank_prospects(as_of=AS_OF) == []


def test_equal_scores_go_by_record_number() -> None:
    people = [make_person() for _ in range(3)]
    for person in reversed(people):
        give(person, "10", "2026-01-10")
    assert [p.constituent_id for p in rank_prospects(as_of=AS_OF)] == sorted(person.pk for person in people)


def test_who_must_not_be_asked_is_ranked_and_marked() -> None:
    give(make_person(do_not_contact=True), "100", "2026-01-10")
    [prospect] = rank_prospects(as_of=AS_OF)
    assert prospect.excluded == "do not contact"


def test_the_ask_is_the_next_step_above_what_they_usually_give() -> None:
    history = History(1)
    history.add(dt.date(2025, 1, 1), Decimal(50), 1)
    assert suggested_ask(history) == Decimal(75)
    history.add(dt.date(2026, 1, 1), Decimal(10_000_000), 1)
    assert suggested_ask(history) == Decimal(10_000_000)


def test_the_reasons_say_how_long_how_much_and_how_recently() -> None:
    ann = make_person()
    for year in range(2022, 2027):
        give(ann, "500" if year == 2024 else "50", f"{year}-03-01")
    [prospect] = rank_prospects(as_of=AS_OF)
    reasons = reasons_for(prospect.history, as_of=AS_OF, participation=["volunteers monthly"])
    assert reasons == ["gave 5 years running", "largest $500.00", "gave 3 months ago", "volunteers monthly"]


def test_the_command_writes_everyone_with_rank_score_ask_and_reasons(tmp_path: Path) -> None:
    ann = make_person(external_ids={"npsp": "003A"})
    give(ann, "100", "2026-06-30")
    out = tmp_path / "prospects.csv"
    call_command("rank_prospects", "--as-of", "2026-06-30", "--kind", "value", "--csv", str(out))
    [row] = csv.DictReader(out.read_text(encoding="utf-8").splitlines())
    assert row["constituent"] == str(ann.pk)
    assert row["external_id"] == "npsp:003A"
    assert row["score"] == "100.000000"
    assert row["ask"] == "150.00"
    assert row["reasons"].startswith("one gift so far")
