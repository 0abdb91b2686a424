"""Posting a batch: all rows or none, once, and only when it agrees or somebody who may says why not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from threading import Barrier

import pytest
from django.db import transaction
from pypdf import PdfReader

from accounts.roles import Role
from constituents.services.merging import merge
from core.audit.models import AuditEntry
from core.money import Money
from core.triggers import ProtectedRowError
from donations.accounting.periods import close_period
from donations.batches.opening import discard_batch
from donations.batches.posting import post_batch
from donations.batches.rows import save_row
from donations.batches.slip import slip_of
from donations.documents.deposit_slip import draw_deposit_slip
from donations.errors import BatchClosedError, BatchDisagreesError, BatchRowsError
from donations.models import Batch, BatchRow, BatchState, Gift, LedgerEntry, Method
from donations.services.adjusting import adjust_gift
from donations.services.books import check_books
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_person
from tests.factories.donations import make_appeal, make_batch, make_fund, type_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


def test_every_row_becomes_a_gift_in_the_books_as_it_was_typed() -> None:
    appeal, roof = make_appeal(), make_fund("Roof")
    batch = make_batch(2, "150", appeal=appeal)
    ann = make_person("Ann", "Lee")
    type_row(batch, ann, "100", reference="1001", parts=[{"fund": roof.pk, "amount": "40"}], tribute="Joan")
    type_row(batch, None, "")
    type_row(batch, make_person(), "50", method="cash", received_on="2026-03-01", is_anonymous=True, note="Fair")
    posted = post_batch(batch, by=None)
    assert (posted.state, posted.posted_count, posted.posted_total, posted.reason) == ("posted", 2, Decimal(150), "")
    one, other = batch.gifts.order_by("pk")
    assert (one.donor, one.reference, one.appeal, one.campaign) == (ann, "1001", appeal, appeal.campaign)
    assert [(part.fund.name, part.amount) for part in one.allocations.all()] == [
        (batch.fund.name, Decimal(60)),
        ("Roof", Decimal(40)),
    ]
    assert (other.method, other.received_on, other.is_anonymous) == ("cash", dt.date(2026, 3, 1), True)
    assert [row.gift for row in batch.rows.all()] == [one, other]
    assert str(one.dedication) == "In memory of Joan"
    assert one.acknowledgement.state == "to_do"
    assert check_books() == []


def test_a_gift_that_is_adjusted_later_stays_with_its_batch_and_the_slip_as_it_was_paid_in() -> None:
    batch = make_batch()
    type_row(batch, make_person(), reference="1001")
    post_batch(batch, by=None)
    row = batch.rows.get()
    adjust_gift(row.gift, by=None, reason="Misread", money=Money(Decimal(60), "USD"))
    assert [gift.amount for gift in batch.gifts.counted()] == [Decimal(60)]
    assert str(slip_of(Batch.objects.get()).total) == "$50.00"


def test_a_row_dated_into_closed_books_is_named_and_a_donor_merged_since_gives_under_the_record_kept() -> None:
    kept, other = make_person("Ann", "Lee"), make_person("Ann", "Lea")
    batch = make_batch(received_on=dt.date(2026, 2, 27))
    row = type_row(batch, other)
    merge(kept, other, by=None)
    close_period(through=dt.date(2026, 2, 28), by=None)
    with pytest.raises(BatchRowsError, match="Row 1: The books are closed through"):
        post_batch(batch, by=None)
    save_row(batch, {"donor": other.pk, "amount": "50", "received_on": "2026-03-02"}, key=row.key, version=1, by=None)
    post_batch(batch, by=None)
    assert batch.gifts.get().donor == kept


def test_one_bad_row_keeps_all_of_them_out_and_is_named() -> None:
    batch = make_batch(2, "100")
    type_row(batch, make_person(), "50")
    type_row(batch, None, "50", donor_typed="smi")
    with pytest.raises(BatchRowsError, match="Row 2: “smi” is nobody on record yet"):
        post_batch(batch, by=None)
    assert not Gift.objects.exists()


def test_a_refusal_of_the_books_half_way_takes_everything_back_and_names_the_row() -> None:
    batch = make_batch(2, "100")
    type_row(batch, make_person(), "50")
    row = type_row(batch, make_person(), "50")
    BatchRow.objects.filter(pk=row.pk).update(method="nonsense")  # what no check of ours foresees
    with pytest.raises(BatchRowsError, match="Row 2: "):
        post_batch(batch, by=None)
    batch.refresh_from_db()
    assert (batch.state, Gift.objects.count(), LedgerEntry.objects.count()) == (BatchState.OPEN, 0, 0)


def test_a_batch_that_does_not_agree_posts_only_when_a_supervisor_says_why() -> None:
    batch = make_batch(2, "110")
    type_row(batch, make_person(), "50")
    type_row(batch, make_person(), "50")
    with pytest.raises(BatchDisagreesError, match=r"2 gifts over \$100.00 are entered, but 2 over \$110.00"):
        post_batch(batch, by=None)
    with pytest.raises(BatchDisagreesError, match="supervisor"):
        post_batch(batch, by=UserFactory(role=Role.GIFT_PROCESSOR), override_reason="Close enough")
    supervisor = UserFactory(role=Role.ADMINISTRATOR)
    posted = post_batch(batch, by=supervisor, override_reason="One cheque was misread: 50, not 60")
    assert posted.reason == "One cheque was misread: 50, not 60"
    entry = AuditEntry.objects.get(action="batch.posted")
    assert (entry.user, entry.payload.data["old"]["total"], entry.payload.data["new"]["total"]) == (
        supervisor,
        "110.00",
        "100.00",
    )
    assert check_books() == []


def test_posting_twice_posts_once_and_a_discarded_batch_never() -> None:
    batch = make_batch()
    type_row(batch, make_person())
    assert post_batch(batch, by=None) == post_batch(batch, by=None)
    assert Gift.objects.count() == 1
    with pytest.raises(BatchClosedError):
        discard_batch(batch, by=None, reason="Too late")
    other = make_batch()
    type_row(other, make_person())
    discard_batch(other, by=None, reason="Opened twice")
    with pytest.raises(BatchClosedError):
        post_batch(other, by=None)
    with pytest.raises(BatchDisagreesError):
        post_batch(make_batch(), by=None)
    assert Gift.objects.count() == 1


def test_the_database_refuses_to_change_what_was_posted() -> None:
    batch = make_batch()
    row = type_row(batch, make_person())
    post_batch(batch, by=None)
    for change in ({"amount": 60}, {"gift": None}, {"position": 7}):
        with pytest.raises(ProtectedRowError), transaction.atomic():
            BatchRow.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(ProtectedRowError), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(posted_total=60)


def test_the_deposit_slip_lists_cheques_page_after_page_and_carries_their_total() -> None:
    batch = make_batch(41, "473", title="Monday’s post")
    donor = make_person("Łukasz", "Żółć")
    for number in range(39):
        type_row(batch, donor, "11", reference=str(1000 + number))
    type_row(batch, donor, "20", method=Method.CASH)
    type_row(batch, donor, "24", method=Method.TRANSFER)
    post_batch(batch, by=None)
    slip = slip_of(Batch.objects.get())
    assert (len(slip.cheques), str(slip.cheque_total), str(slip.cash)) == (39, "$429.00", "$20.00")
    pages = [page.extract_text() for page in PdfReader(BytesIO(draw_deposit_slip(slip))).pages]
    assert len(pages) > 1
    assert "Portbury Savings 4021" in pages[0]
    carried = [line for line in pages[0].splitlines() if line.endswith(".00")][-1]
    assert "Carried forward" in pages[0]
    assert carried.split()[-1] in pages[1].split("Brought forward")[1]
    assert "$449.00" in pages[0]
    assert "1 gift by bank transfer over $24.00" in pages[-1]


# Many at once


@pytest.mark.django_db(transaction=True)
def test_a_batch_is_posted_once_however_many_press_the_button(run_together: Callable) -> None:
    batch = make_batch(3, "150")
    for _row in range(3):
        type_row(batch, make_person())
    outcomes = run_together(6, lambda _number: post_batch(batch, by=None))
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    assert Gift.objects.count() == 3
    assert check_books() == []


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_each_of_them_would_post(run_together: Callable) -> None:
    batch = make_batch()
    everyone_has_looked = Barrier(6)

    def would_post(_number: int) -> bool:
        is_open = Batch.objects.get(pk=batch.pk).is_open
        everyone_has_looked.wait(timeout=30)
        return is_open

    assert sum(bool(outcome.value) for outcome in run_together(6, would_post)) > 1


@pytest.mark.django_db(transaction=True)
def test_no_row_slips_into_a_batch_while_it_is_posted(run_together: Callable) -> None:
    batch, donor = make_batch(), make_person()
    type_row(batch, donor)

    def act(number: int) -> object:
        return type_row(batch, donor, "9") if number else post_batch(batch, by=None)

    run_together(4, act)
    batch.refresh_from_db()
    if batch.is_posted:
        assert batch.rows.filter(gift__isnull=True).count() == 0
    assert Gift.objects.count() in (0, 1)
    assert check_books() == []
