"""Rows of a batch: kept as they are typed, never overwritten, and honest about what is wrong with them."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from core.triggers import ProtectedRowError
from donations.batches.checking import Tally, problems_of
from donations.batches.opening import change_batch, discard_batch
from donations.batches.rows import remove_row, rows_in_order, save_row
from donations.batches.visiting import note_visit
from donations.errors import BatchClosedError, BatchError, StaleRowError
from donations.models import Batch, BatchRow, Gift, Method
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_person
from tests.factories.donations import make_appeal, make_batch, make_fund, make_gift, type_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


def faults(batch: Batch) -> dict[int, list[str]]:
    """What stands in the way, by the number of the row."""
    rows = rows_in_order(batch)
    found = problems_of(batch, rows)
    return {row.position: [problem.field for problem in found[row.pk]] for row in rows if row.pk in found}


def test_what_is_half_typed_is_kept_as_it_stands_and_is_no_gift() -> None:
    batch = make_batch()
    row = type_row(batch, amount="12 or", donor_typed="smi")
    row.refresh_from_db()
    assert (row.donor_typed, row.amount, row.amount_typed, row.version) == ("smi", Decimal(12), "", 1)
    odd = type_row(batch, amount="twelve", parts=[{"fund": None, "amount": "7,,x"}, {"fund": None, "amount": ""}])
    assert (odd.amount, odd.amount_typed) == (None, "twelve")
    assert [(part.fund, part.amount) for part in odd.parts.all()] == [(None, Decimal(7))]
    assert not Gift.objects.exists()
    assert faults(batch) == {1: ["donor"], 2: ["donor", "amount", "parts"]}


def test_a_row_begins_with_what_the_batch_says_and_keeps_it() -> None:
    appeal, roof = make_appeal(), make_fund("Roof")
    batch = make_batch(appeal=appeal, fund=roof, method=Method.CASH)
    row = type_row(batch, make_person())
    change_batch(batch, by=None, method=Method.CHEQUE, appeal=None)
    kept = save_row(batch, {"donor": row.donor_id, "amount": "60"}, key=row.key, version=1, by=None)
    assert (kept.method, kept.appeal, kept.fund, kept.amount) == (Method.CASH, appeal, roof, Decimal(60))
    assert type_row(batch).method == Method.CHEQUE


def test_the_same_row_sent_twice_is_one_row() -> None:
    batch, key, said = make_batch(), uuid.uuid4(), {"donor_typed": "ann", "amount": "5"}
    for _time in range(2):
        assert save_row(batch, said, key=key, version=0, by=None).version == 1
    assert BatchRow.objects.count() == 1


def test_a_row_that_somebody_else_has_changed_is_not_overwritten() -> None:
    batch = make_batch()
    row = type_row(batch, amount="5")
    save_row(batch, {"amount": "6"}, key=row.key, version=1, by=None)
    with pytest.raises(StaleRowError) as refused:
        save_row(batch, {"amount": "7"}, key=row.key, version=1, by=None)
    assert refused.value.row.amount == Decimal(6)
    with pytest.raises(StaleRowError):
        remove_row(batch, key=row.key, version=1, by=None)
    remove_row(batch, key=row.key, version=2, by=None)
    remove_row(batch, key=row.key, version=2, by=None)
    with pytest.raises(StaleRowError) as gone:
        save_row(batch, {"amount": "7"}, key=row.key, version=2, by=None)
    assert gone.value.row is None


def test_rows_stay_numbered_one_after_the_other() -> None:
    batch = make_batch()
    first, _second, _third = (type_row(batch, amount=str(number)) for number in (1, 2, 3))
    remove_row(batch, key=first.key, version=1, by=None)
    type_row(batch, amount="4")
    assert [(row.position, row.amount) for row in rows_in_order(batch)] == [(1, 2), (2, 3), (3, 4)]


def test_nothing_is_typed_into_a_batch_that_is_not_open_nor_into_another() -> None:
    batch, other = make_batch(), make_batch()
    row = type_row(batch)
    with pytest.raises(BatchError):
        save_row(other, {"amount": "1"}, key=row.key, version=1, by=None)
    discard_batch(batch, by=None, reason="Opened twice")
    with pytest.raises(BatchClosedError):
        type_row(batch)
    with pytest.raises(ProtectedRowError):
        Batch.objects.filter(pk=batch.pk).update(state="open", closed_at=None)


def test_a_split_leaves_the_rest_with_the_rows_own_fund_and_is_never_more_than_the_gift() -> None:
    batch, roof = make_batch(), make_fund("Roof", closes_on=dt.date(2026, 1, 31))
    type_row(batch, make_person(), "100", parts=[{"fund": roof.pk, "amount": "140"}])
    type_row(batch, make_person(), "100", parts=[{"fund": roof.pk, "amount": ""}])
    assert faults(batch) == {1: ["parts", "fund"], 2: ["parts"]}


def test_the_same_cheque_is_noticed_in_the_books_in_this_batch_and_in_another_open_one() -> None:
    ann, bo = make_person("Ann", "Lee"), make_person("Bo", "Reyes")
    make_gift(ann, "50", reference=" 1001", on=dt.date(2026, 2, 10))
    make_gift(bo, "50", reference="1001", on=dt.date(2026, 1, 10))  # too long ago
    other = make_batch()
    type_row(other, bo, "70", reference="7")
    batch = make_batch()
    type_row(batch, ann, "50", reference="1001")
    type_row(batch, ann, "50", reference="1002")
    type_row(batch, ann, "50", reference="1002 ")
    type_row(batch, bo, "70", reference="7")
    type_row(batch, bo, "50", reference="1001")
    type_row(batch, bo, "50", reference="")
    type_row(batch, ann, "50", reference="1001", twin_is_meant=True)
    assert faults(batch) == {1: ["twin"], 3: ["twin"], 4: ["twin"]}


def test_a_future_date_and_no_donor_are_said_and_a_blank_row_is_left_alone() -> None:
    batch = make_batch()
    type_row(batch, None, "", received_on="2999-01-01")
    type_row(batch, None, "5", received_on="2999-01-01")
    type_row(batch, make_person(), "5", received_on="no day")
    assert faults(batch) == {2: ["donor", "received_on"]}
    assert Tally.of(batch, rows_in_order(batch)).count == 2


def test_what_is_wrong_is_asked_in_as_many_questions_however_long_the_batch(django_assert_max_num_queries) -> None:
    batch = make_batch()
    for number in range(12):
        type_row(batch, make_person(), "5", reference=str(number))
    with django_assert_max_num_queries(12):
        assert problems_of(batch, rows_in_order(batch)) == {}


def test_two_at_one_batch_know_of_each_other(time_machine) -> None:
    ines, omar = UserFactory(), UserFactory()
    batch = make_batch()
    time_machine.move_to(dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC), tick=False)
    assert note_visit(batch, by=ines) == []
    assert note_visit(batch, by=omar) == [ines]
    time_machine.shift(dt.timedelta(minutes=2))
    assert note_visit(batch, by=ines) == []
