"""The ledger: posting, voiding, refunding and cancelling, and that the rows alone prove every total."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from core.audit.models import AuditEntry
from core.money import Money
from core.organisation.models import Organisation
from core.triggers import ProtectedRowError
from donations.errors import AllocationError, ClosedFundError, GiftStateError, MissingRateError, RefundError
from donations.models import (
    EntryKind,
    ExchangeRate,
    Fund,
    Gift,
    GiftAllocation,
    GiftSource,
    GiftStatus,
    GivingTotals,
    LedgerEntry,
)
from donations.services.books import check_books
from donations.services.bulk import NewGift, post_gifts
from donations.services.gifts import cancel_gift, post_gift, record_gift, refund_gift, void_gift
from donations.services.rollups import drifted_totals
from tests.factories.constituents import make_person
from tests.factories.donations import make_fund, make_gift
from tests.harness.examples import drawn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]

REFUSED = (
    "UPDATE donations_gift SET amount = 1",
    "UPDATE donations_gift SET currency = 'EUR'",
    "UPDATE donations_gift SET received_on = '2020-01-01'",
    "UPDATE donations_gift SET method = 'cash'",
    "UPDATE donations_gift SET base_amount = 1",
    "DELETE FROM donations_gift",
    "UPDATE donations_giftallocation SET amount = 1",
    "UPDATE donations_giftallocation SET fund_id = fund_id + 1",
    "DELETE FROM donations_giftallocation",
    "UPDATE donations_ledgerentry SET amount = 1",
    "UPDATE donations_ledgerentry SET reason = 'x'",
    "DELETE FROM donations_ledgerentry",
)


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def kinds_and_amounts(gift: Gift) -> list[tuple[str, str]]:
    return [(entry.kind, usd(str(entry.amount)).plain) for entry in gift.entries.order_by("pk")]


def test_a_recorded_gift_is_in_the_ledger_its_totals_and_the_audit() -> None:
    gift = make_gift(amount="120.50")
    assert kinds_and_amounts(gift) == [(EntryKind.POSTED, "120.50")]
    assert gift.donor.giving.lifetime == Decimal("120.5")
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"gift.recorded", "gift.posted"}


def test_an_expected_gift_is_nowhere_in_the_books_until_it_comes() -> None:
    gift = make_gift(amount="75", post=False)
    assert not gift.entries.exists()
    assert not GivingTotals.objects.filter(lifetime__gt=0).exists()
    gift = post_gift(gift, by=None, received_on=dt.date(2026, 5, 6))
    assert (gift.status, gift.received_on) == (GiftStatus.POSTED, dt.date(2026, 5, 6))
    assert gift.entries.get().effective_on == dt.date(2026, 5, 6)
    assert check_books() == []


def test_a_gift_is_posted_once() -> None:
    gift = make_gift()
    with pytest.raises(GiftStateError):
        post_gift(gift, by=None)
    assert gift.entries.count() == 1


def test_a_cancelled_gift_never_counts_and_cannot_be_posted() -> None:
    gift = cancel_gift(make_gift(post=False), by=None, reason="The pledge was withdrawn")
    with pytest.raises(GiftStateError):
        post_gift(gift, by=None)
    with pytest.raises(GiftStateError):
        cancel_gift(make_gift(), by=None, reason="Too late")


def test_a_void_adds_the_reverse_and_leaves_the_first_entry_alone() -> None:
    gift = make_gift(amount="60")
    first = LedgerEntry.objects.values().get()
    void_gift(gift, by=None, reason="Typed twice")
    assert kinds_and_amounts(gift) == [(EntryKind.POSTED, "60.00"), (EntryKind.VOID, "-60.00")]
    assert LedgerEntry.objects.order_by("pk").values().first() == first
    assert gift.donor.giving.lifetime == 0
    with pytest.raises(GiftStateError):
        void_gift(gift, by=None, reason="Again")


def test_refunds_add_up_to_the_gift_and_never_beyond() -> None:
    gift = make_gift(amount="100")
    assert refund_gift(gift, money=usd("30"), by=None, reason="Overpaid").status == GiftStatus.PARTLY_REFUNDED
    with pytest.raises(RefundError):
        refund_gift(gift, money=usd("70.01"), by=None, reason="Too much")
    with pytest.raises(RefundError):
        refund_gift(gift, money=usd("0"), by=None, reason="Nothing")
    assert refund_gift(gift, money=usd("70"), by=None, reason="The rest").status == GiftStatus.REFUNDED
    assert LedgerEntry.objects.aggregate(total=Sum("amount"))["total"] == 0


def test_parts_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(AllocationError):
        make_gift(amount="100", allocations=[(make_fund(), Decimal(60)), (make_fund(), Decimal(39))])


def test_a_closed_fund_takes_nothing_more() -> None:
    fund = make_fund(closes_on=dt.date(2026, 1, 31))
    with pytest.raises(ClosedFundError):
        make_gift(fund=fund, on=dt.date(2026, 2, 1))
    assert make_gift(fund=fund, on=dt.date(2026, 1, 31)).is_counted


def test_another_currency_keeps_its_amount_and_takes_the_days_rate() -> None:
    with pytest.raises(MissingRateError):
        make_gift(amount="100", currency="EUR")
    ExchangeRate.objects.create(currency="EUR", valid_from=dt.date(2026, 1, 1), rate=Decimal("1.10"))
    ExchangeRate.objects.create(currency="EUR", valid_from=dt.date(2026, 3, 2), rate=Decimal("1.20"))
    gift = make_gift(amount="100", currency="EUR")
    assert (gift.amount, gift.currency, gift.base_amount) == (Decimal(100), "EUR", Decimal(110))
    refund_gift(gift, money=Money(Decimal("33.33"), "EUR"), by=None, reason="Part")
    assert check_books() == []


def test_base_currency_and_time_zone_stay_once_money_is_posted(organisation: Organisation) -> None:
    make_gift()
    for field, value in (("base_currency", "EUR"), ("time_zone", "Europe/Berlin")):
        organisation.refresh_from_db()
        setattr(organisation, field, value)
        with pytest.raises(ValidationError):
            organisation.full_clean()


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses_to_rewrite_posted_money(statement: str) -> None:
    make_gift()
    with connection.cursor() as cursor, pytest.raises(ProtectedRowError), transaction.atomic():
        cursor.execute(statement)


def test_the_orm_is_refused_as_raw_sql_is() -> None:
    gift = make_gift()
    gift.amount = Decimal(1)
    for attempt in (gift.save, LedgerEntry.objects.all().delete, GiftAllocation.objects.all().delete):
        with pytest.raises(ProtectedRowError), transaction.atomic():
            attempt()


def test_notes_and_appeal_of_a_posted_gift_may_still_be_completed() -> None:
    gift = make_gift()
    gift.note = "Met at the summer fair"
    gift.save()
    gift.refresh_from_db()
    assert gift.note == "Met at the summer fair"


def test_gifts_posted_in_bulk_stand_in_the_books_as_single_ones_do() -> None:
    donor, roof, tower = make_person(), make_fund(), make_fund()
    gifts = [
        NewGift(
            Gift(
                donor=donor,
                amount=Decimal(number) + Decimal("0.37"),
                currency="USD",
                received_on=dt.date(2026, 1, number),
                source=GiftSource.IMPORT,
            ),
            [(roof, Decimal(number)), (tower, Decimal("0.37"))],
        )
        for number in range(1, 8)
    ]
    posted = post_gifts(gifts, by=None)
    assert check_books() == []
    assert LedgerEntry.objects.count() == 14
    assert AuditEntry.objects.filter(action="gift.posted").count() == 7
    void_gift(posted[0], by=None, reason="Typed twice")
    assert check_books() == []


moves = st.lists(
    st.tuples(st.sampled_from(["refund", "void", "cancel", "post"]), st.integers(0, 3), st.integers(1, 120)), max_size=8
)


@drawn(10)
@given(
    gifts=st.lists(
        st.tuples(st.integers(1, 100_000), st.lists(st.integers(1, 9), min_size=2, max_size=7), st.booleans()),
        min_size=1,
        max_size=4,
    ),
    events=moves,
)
def test_whatever_happens_in_whatever_order_the_books_are_right(
    gifts: list[tuple[int, list[int], bool]], events: list[tuple[str, int, int]]
) -> None:
    with transaction.atomic():
        donor, funds = make_person(), [make_fund() for _ in range(7)]
        made = []
        for cents, weights, post in gifts:
            money = Money(Decimal(cents) / 100, "USD")
            parts = [
                (fund, part.amount) for fund, part in zip(funds, money.split(weights), strict=False) if part.amount
            ]
            assert sum(amount for _fund, amount in parts) == money.amount
            made.append(
                record_gift(
                    donor=donor,
                    money=money,
                    received_on=dt.date(2026, 3, 1),
                    by=None,
                    allocations=parts,
                    post=post,
                )
            )
        for what, which, percent in events:
            gift = Gift.objects.get(pk=made[which % len(made)].pk)
            try:
                if what == "refund":
                    refund_gift(gift, money=gift.money * percent * Decimal("0.01"), by=None, reason="Asked for it")
                elif what == "post":
                    post_gift(gift, by=None)
                elif what == "void":
                    void_gift(gift, by=None, reason="Typed twice")
                else:
                    cancel_gift(gift, by=None, reason="Never came")
            except (GiftStateError, RefundError):
                continue
        assert check_books() == []
        assert drifted_totals() == []
        left = sum((gift.net_base_amount for gift in Gift.objects.filter(donor=donor)), Decimal(0))
        entered = LedgerEntry.objects.filter(gift__donor=donor).values_list("base_amount", flat=True)
        assert sum(entered, Decimal(0)) == left
        transaction.set_rollback(True)


def test_every_split_from_a_cent_to_a_thousand_adds_up() -> None:
    for cents in [*range(1, 400), *range(400, 100_001, 997), 100_000]:
        money = Money(Decimal(cents) / 100, "USD")
        for parts in range(2, 8):
            assert sum((part.amount for part in money.split([1] * parts)), Decimal(0)) == money.amount
            assert sum((part.amount for part in money.split(range(1, parts + 1))), Decimal(0)) == money.amount


def test_no_column_of_money_is_a_float() -> None:
    kinds = {
        field.get_internal_type()
        for model in (Gift, GiftAllocation, LedgerEntry, GivingTotals, ExchangeRate, Fund)
        for field in model._meta.fields
    }
    assert "FloatField" not in kinds
