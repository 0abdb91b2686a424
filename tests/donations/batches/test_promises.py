"""A row offers what its donor has promised, and posting keeps it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from core.money import Money
from donations.batches.checking import problems_of
from donations.batches.expecting import offer_for
from donations.batches.posting import post_batch
from donations.batches.rows import rows_in_order
from donations.errors import BatchRowsError
from donations.models import Batch, Fund, Gift
from donations.services.books import check_books
from tests.factories.constituents import make_person
from tests.factories.donations import make_batch, make_fund, type_row
from tests.factories.promises import make_pledge, make_recurring

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]

NOVEMBER = dt.date(2026, 11, 2)


@pytest.fixture(autouse=True)
def _in_november() -> object:
    with time_machine.travel(dt.datetime(2026, 11, 3, 15, tzinfo=dt.UTC), tick=True):
        yield


def november_batch(count: int = 1, total: str = "50") -> Batch:
    fund = Fund.objects.filter(is_default=True).first() or make_fund("General fund", is_default=True)
    return make_batch(count, total, received_on=NOVEMBER, fund=fund)


def test_the_next_instalment_is_offered_with_its_amount_and_its_funds() -> None:
    ann, roof = make_person("Ann", "Lee"), make_fund("Roof")
    pledge = make_pledge(ann, "100", first=dt.date(2026, 11, 1), number=2, fund=roof)
    offer = offer_for(november_batch(), ann)
    assert offer is not None
    assert offer.words == "Instalment 1 of a pledge: $50.00 due on Nov 1, 2026"
    assert (offer.money, [fund for fund, _amount in offer.funds]) == (pledge.instalments.first().left, [roof])


def test_nothing_is_offered_when_nothing_is_due_about_now_or_another_row_keeps_it() -> None:
    ann, bo, cy = make_person("Ann"), make_person("Bo"), make_person("Cy")
    batch = november_batch(2, "100")
    assert offer_for(batch, ann) is None
    make_pledge(bo, "50", first=dt.date(2027, 6, 1), number=1)
    assert offer_for(batch, bo) is None
    make_pledge(cy, "50", first=dt.date(2026, 11, 1), number=1)
    offer = offer_for(batch, cy)
    assert offer is not None
    row = type_row(batch, cy, "50", promise=offer.key)
    assert offer_for(batch, cy) is None
    assert offer_for(batch, cy, row=row.key) == offer


def test_posting_keeps_what_the_rows_promise() -> None:
    ann, bo = make_person("Ann", "Lee"), make_person("Bo", "Ray")
    pledge = make_pledge(ann, "100", first=dt.date(2026, 11, 1), number=2)
    order = make_recurring(bo, "20", starts_on=dt.date(2026, 11, 1))
    batch = november_batch(2, "70")
    for donor, amount in ((ann, "50"), (bo, "20")):
        offer = offer_for(batch, donor)
        assert offer is not None
        type_row(batch, donor, amount, promise=offer.key)
    post_batch(batch, by=None)
    pledge.refresh_from_db()
    assert pledge.paid == Money(Decimal(50), "USD")
    assert Gift.objects.get(donor=bo).recurring == order
    assert check_books() == []


def test_a_promise_that_was_kept_meanwhile_is_said_before_posting_and_let_go_with_the_donor() -> None:
    ann = make_person("Ann", "Lee")
    pledge = make_pledge(ann, "50", first=dt.date(2026, 11, 1), number=1)
    batch = november_batch()
    row = type_row(batch, ann, "50", promise=f"instalment-{pledge.instalments.get().pk}")
    assert problems_of(batch, rows_in_order(batch)) == {}
    other = november_batch()
    type_row(other, ann, "50", promise=row.promise)
    post_batch(other, by=None)
    (problem,) = problems_of(batch, rows_in_order(batch))[row.pk]
    assert (problem.field, "not open any more" in problem.words) == ("promise", True)
    with pytest.raises(BatchRowsError, match="Row 1"):
        post_batch(batch, by=None)
    assert type_row(batch, None, "5", donor_typed="Somebody", promise=row.promise).promise == ""


def test_the_grid_is_told_of_it(staff_client: Callable[..., Client]) -> None:
    ann = make_person("Ann", "Lee")
    make_pledge(ann, "100", first=dt.date(2026, 11, 1), number=2)
    batch, client = november_batch(), staff_client()
    address = f"/admin/batches/entry/{batch.pk}/expected/"
    offer = client.get(address, {"donor": ann.pk}).json()["offer"]
    assert (offer["amount"], offer["parts"]) == ("50.00", [])
    type_row(batch, ann, "50", promise=offer["key"])
    (row,) = client.get(f"/admin/batches/entry/{batch.pk}/sheet/").json()["rows"]
    assert row["promise"]["words"] == offer["words"]
    assert client.get(address, {"donor": "nobody", "row": "x"}).json() == {"offer": None}
