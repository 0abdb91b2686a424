"""How fast an NPSP file comes in, beside the same people and gifts written by bare `bulk_create` with no rules."""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal

import pytest
from django.utils import timezone

from constituents.models import Constituent, EmailAddress
from donations.models import Fund, Gift, GiftAllocation, LedgerEntry
from tests.factories import npsp
from tests.office import imports

pytestmark = pytest.mark.django_db

ROWS = 2_000


def test_import_speed(tmp_path):
    path = imports.save_npsp(tmp_path, npsp.people_with_gifts(ROWS))
    started = time.process_time()
    outcome, code = imports.bring_in(path)
    taken = time.process_time() - started
    started = time.process_time()
    bare()
    without_rules = time.process_time() - started

    records = sum(outcome["created"].values())
    print(f"\nimport: {ROWS / taken:,.0f} rows/s, {records / taken:,.0f} records/s of CPU;", end=" ")
    print(f"bare bulk_create {ROWS / without_rules:,.0f} rows/s; {taken / without_rules:.1f} times as long")
    assert code == 0


def bare():
    fund = Fund.objects.first()
    people = [
        Constituent(given_name="Ann", family_name=str(n), display_name=f"Ann {n}", sort_name=f"{n} ann")
        for n in range(ROWS)
    ]
    Constituent.objects.bulk_create(people)
    EmailAddress.objects.bulk_create(EmailAddress(constituent=p, address=f"z{p.pk}@x.example") for p in people)
    now, day, ten = timezone.now(), dt.date(2025, 1, 31), Decimal(10)
    gifts = [
        Gift(
            donor=p,
            amount=ten,
            currency="USD",
            base_amount=ten,
            net_base_amount=ten,
            received_on=day,
            status="posted",
            posted_at=now,
        )
        for p in people
    ]
    Gift.objects.bulk_create(gifts)
    GiftAllocation.objects.bulk_create(GiftAllocation(gift=gift, fund=fund, amount=ten) for gift in gifts)
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            gift=gift,
            fund=fund,
            donor_id=gift.donor_id,
            kind="posted",
            amount=ten,
            currency="USD",
            base_amount=ten,
            effective_on=day,
            recorded_at=now,
        )
        for gift in gifts
    )
