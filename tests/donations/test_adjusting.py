"""Adjusting a posted gift: the original stays, a corrected one counts, and every total and paper follows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection, transaction

from constituents.services.merging import merge, undo_merge
from core import clock
from core.money import Money
from core.triggers import ProtectedRowError
from donations.errors import AdjustmentError, FutureGiftError, GiftStateError, RefundError
from donations.metrics import by_fund, giving_in
from donations.models import EntryKind, Gift, GiftKind, GiftStatus, ReceiptState
from donations.prospects import rank_prospects
from donations.services.adjusting import adjust_gift
from donations.services.books import check_books
from donations.services.gifts import charge_back_gift, post_gift, refund_gift, reinstate_gift, void_gift
from donations.services.receipts import issue_receipt
from donations.services.rollups import drifted_totals
from tests.factories.constituents import make_person
from tests.factories.donations import make_fund, make_gift, make_receipt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]

WHY = "Typed with a zero too many"


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def entries(gift: Gift) -> list[tuple[str, str, dt.date]]:
    return [(e.kind, usd(str(e.amount)).plain, e.effective_on) for e in gift.entries.order_by("pk")]


def books_are_right() -> bool:
    return check_books() == [] and drifted_totals() == []


def test_an_adjustment_reverses_the_original_and_counts_the_corrected_gift_in_its_place() -> None:
    original = make_gift(amount="500", reference="1042", note="From the fair")
    corrected = adjust_gift(original, money=usd("50"), by=None, reason=WHY)
    original.refresh_from_db()
    assert (original.status, original.amount, original.net_base_amount) == (GiftStatus.ADJUSTED, 500, 0)
    assert (corrected.status, corrected.amount, corrected.reference) == (GiftStatus.POSTED, 50, "1042")
    assert corrected.note == "From the fair"
    day = dt.date(2026, 3, 1)
    assert entries(original) == [(EntryKind.POSTED, "500.00", day), (EntryKind.ADJUSTMENT, "-500.00", day)]
    assert entries(corrected) == [(EntryKind.ADJUSTMENT, "50.00", day)]
    assert (original.adjusted_by.replacement, corrected.adjustment.reason) == (corrected, WHY)
    assert original.current == corrected
    assert corrected.donor.giving.lifetime == 50
    assert books_are_right()


def test_every_number_about_giving_reads_as_if_it_had_been_right_from_the_start() -> None:
    donor, roof, tower = make_person(), make_fund(), make_fund()
    gift = make_gift(donor, "500", fund=roof, on=dt.date(2025, 4, 1))
    adjust_gift(
        gift, money=usd("80"), received_on=dt.date(2026, 4, 1), allocations=[(tower, Decimal(80))], by=None, reason=WHY
    )
    assert (giving_in(2025).raised, giving_in(2026).raised) == (0, 80)
    found = by_fund(dt.date(2025, 1, 1), dt.date(2026, 12, 31))
    assert [(row["fund"], row["raised"]) for row in found] == [(tower.pk, 80)]
    assert rank_prospects(as_of=dt.date(2025, 6, 1)) == []
    assert rank_prospects(as_of=dt.date(2026, 6, 1))[0].history.lifetime == 80
    assert books_are_right()


def test_the_donor_moves_with_both_totals() -> None:
    wrong, right = make_person(), make_person()
    corrected = adjust_gift(make_gift(wrong, "60"), donor=right, by=None, reason="Her sister gave it")
    assert corrected.donor == right
    wrong.giving.refresh_from_db()
    assert (wrong.giving.lifetime, right.giving.lifetime) == (0, 60)
    assert books_are_right()


def test_a_gift_may_be_adjusted_again_and_again() -> None:
    first = make_gift(amount="10")
    second = adjust_gift(first, money=usd("20"), by=None, reason=WHY)
    third = adjust_gift(second, money=usd("30"), by=None, reason=WHY)
    first.refresh_from_db()
    assert first.current == third
    with pytest.raises(GiftStateError):
        adjust_gift(first, money=usd("40"), by=None, reason=WHY)
    assert third.donor.giving.lifetime == 30
    void_gift(third, by=None, reason="The cheque bounced")
    assert books_are_right()


def test_of_a_partly_refunded_gift_what_is_left_is_adjusted() -> None:
    gift = refund_gift(make_gift(amount="100"), money=usd("30"), by=None, reason="Overpaid")
    corrected = adjust_gift(gift, method="cash", by=None, reason="It was cash")
    assert (corrected.amount, corrected.method, corrected.refunded_amount) == (70, "cash", 0)
    assert books_are_right()


def test_a_split_stays_in_proportion_unless_it_is_corrected() -> None:
    roof, tower = make_fund(), make_fund()
    gift = make_gift(amount="100", allocations=[(roof, Decimal(75)), (tower, Decimal(25))])
    corrected = adjust_gift(gift, money=usd("10.01"), by=None, reason=WHY)
    assert [part.amount for part in corrected.allocations.all()] == [Decimal("7.51"), Decimal("2.5")]
    assert books_are_right()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({}, AdjustmentError),
        ({"money": usd("50"), "reason": " "}, AdjustmentError),
        ({"received_on": dt.date(2999, 1, 1)}, FutureGiftError),
    ],
)
def test_an_adjustment_needs_a_change_a_reason_and_a_day_that_came(change: dict, error: type[Exception]) -> None:
    gift = make_gift(amount="40")
    with pytest.raises(error):
        adjust_gift(gift, by=None, **({"reason": WHY} | change))
    gift.refresh_from_db()
    assert gift.status == GiftStatus.POSTED


def test_dues_keep_what_the_membership_was_sold_for_and_may_change_all_else() -> None:
    dues = make_gift(amount="40", kind=GiftKind.DUES)
    with pytest.raises(AdjustmentError):
        adjust_gift(dues, money=usd("50"), by=None, reason=WHY)
    assert adjust_gift(dues, method="cash", by=None, reason=WHY).kind == GiftKind.DUES


def test_an_adjusted_gift_frees_its_id_in_the_other_system_for_the_one_that_counts() -> None:
    gift = make_gift(external_system="old crm", external_id="G-7")
    assert adjust_gift(gift, money=usd("51"), by=None, reason=WHY).external_id == "G-7"


def test_an_adjustment_stays_on_record() -> None:
    adjust_gift(make_gift(), money=usd("51"), by=None, reason=WHY)
    for statement in ("UPDATE donations_adjustment SET reason = 'x'", "DELETE FROM donations_adjustment"):
        with connection.cursor() as cursor, pytest.raises(ProtectedRowError), transaction.atomic():
            cursor.execute(statement)


# Receipts


def test_a_live_receipt_is_void_and_another_stands_over_the_replacement() -> None:
    gift = make_gift(amount="500")
    receipt = make_receipt(gift)
    corrected = adjust_gift(gift, money=usd("50"), by=None, reason=WHY)
    receipt.refresh_from_db()
    assert receipt.state == ReceiptState.VOID
    assert (corrected.live_receipt.replaces, corrected.live_receipt.eligible) == (receipt, 50)
    assert books_are_right()


def test_a_gift_that_was_anothers_leaves_the_receipt_of_the_one_and_gets_one_of_its_own() -> None:
    wrong, right = make_person(), make_person()
    hers, not_hers = make_gift(wrong, "20"), make_gift(wrong, "30")
    receipt = issue_receipt([hers, not_hers], by=None)
    corrected = adjust_gift(not_hers, donor=right, by=None, reason="Another Hale")
    assert (hers.live_receipt.replaces, hers.live_receipt.eligible) == (receipt, 20)
    assert (corrected.live_receipt.recipient, corrected.live_receipt.replaces) == (right, None)
    assert books_are_right()


def test_a_gift_that_left_the_year_waits_for_the_receipt_of_its_own_year() -> None:
    donor = make_person()
    stays, goes = make_gift(donor, on=dt.date(2025, 5, 1)), make_gift(donor, on=dt.date(2025, 12, 30))
    issue_receipt([stays, goes], by=None, covers_year=2025)
    corrected = adjust_gift(goes, received_on=dt.date(2026, 1, 2), by=None, reason="The postmark says January")
    assert stays.live_receipt.covers_year == 2025
    assert corrected.live_receipt is None
    assert books_are_right()


# Merges


def test_a_gift_adjusted_since_a_merge_stays_where_it_was_adjusted_when_the_merge_is_undone() -> None:
    kept, merged = make_person(), make_person()
    gift = make_gift(merged, "40")
    done = merge(kept=kept, merged=merged, by=None)
    corrected = adjust_gift(Gift.objects.get(pk=gift.pk), money=usd("45"), by=None, reason=WHY)
    undo_merge(done, by=None)
    corrected.refresh_from_db()
    assert corrected.donor == kept
    assert books_are_right()


# Charge-backs


def test_a_charge_back_takes_all_and_a_reversal_brings_it_back() -> None:
    gift = make_gift(amount="80")
    receipt = make_receipt(gift)
    gift = charge_back_gift(gift, by=None, reason="Card reported stolen")
    assert (gift.status, gift.left.amount, gift.charged_back_amount) == (GiftStatus.CHARGED_BACK, 0, 80)
    receipt.refresh_from_db()
    assert receipt.is_void
    with pytest.raises(GiftStateError):
        refund_gift(gift, money=usd("1"), by=None, reason="Too")
    gift = reinstate_gift(gift, by=None, reason="We won the dispute")
    assert (gift.status, gift.left.amount, gift.donor.giving.lifetime) == (GiftStatus.POSTED, 80, 80)
    assert [kind for kind, _amount, _day in entries(gift)] == ["posted", "charge_back", "reinstated"]
    with pytest.raises(GiftStateError):
        reinstate_gift(gift, by=None, reason="Again")
    assert books_are_right()


def test_refunds_and_charge_backs_together_never_exceed_the_gift() -> None:
    roof, tower = make_fund(), make_fund()
    gift = make_gift(amount="100", allocations=[(roof, Decimal("33.33")), (tower, Decimal("66.67"))])
    refund_gift(gift, money=usd("20"), by=None, reason="Overpaid")
    refund_gift(gift, money=usd("30"), by=None, reason="Overpaid")
    gift = charge_back_gift(gift, money=usd("40"), by=None, reason="Disputed")
    assert (gift.status, gift.left) == (GiftStatus.PARTLY_REFUNDED, usd("10"))
    for verb in (refund_gift, charge_back_gift):
        with pytest.raises(RefundError):
            verb(gift, money=usd("10.01"), by=None, reason="Too much")
    gift = refund_gift(gift, money=usd("10"), by=None, reason="The rest")
    assert gift.status == GiftStatus.CHARGED_BACK
    gift = reinstate_gift(gift, by=None, reason="Won")
    assert (gift.status, gift.left) == (GiftStatus.PARTLY_REFUNDED, usd("40"))
    assert books_are_right()


# The future


def test_no_gift_is_here_before_its_day() -> None:
    tomorrow = clock.today() + dt.timedelta(days=1)
    with pytest.raises(FutureGiftError):
        make_gift(on=tomorrow)
    expected = make_gift(on=tomorrow, post=False)
    with pytest.raises(FutureGiftError):
        post_gift(expected, by=None)
    assert post_gift(expected, by=None, received_on=clock.today()).is_posted
