"""How fast a year's receipts are issued, numbered, drawn, stored and audited, beside bare ReportLab on the same cores.

DONORS=100000 chooses how many. The run is the real one, with a kill-proof job's steps; the bare program draws the same
words into files with as many helper processes.
"""

from __future__ import annotations

import datetime as dt
import os
import resource
import time
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection

from constituents.models import Address, Constituent
from core.documents.typefaces import FOLDER
from core.spreading import batched, processors, spread
from donations.models import Fund, Gift, GiftSource, Method, Receipt
from donations.services.books import check_books
from donations.services.bulk import NewGift, post_gifts
from donations.services.yearly import issue_year
from tests.benchmarks import bare_receipts
from tests.benchmarks.crowd import crowd, write_rows
from tests.donations.conftest import organisation  # noqa: F401  a fixture
from tests.factories.donations import make_fund

DONORS = int(os.environ.get("DONORS", "2000"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("organisation")
def test_a_year_of_receipts(tmp_path: Path) -> None:
    write_donors(make_fund("General", is_default=True))
    started = time.perf_counter()
    issued = sum(len(step.receipts) for step in issue_year(2025, by=None))
    ours = time.perf_counter() - started
    bare = draw_bare(tmp_path)
    print(f"\n{connection.vendor}: {issued:,} receipts in {ours:.1f} s, {issued / ours:.0f}/s")
    print(f"bare ReportLab on {processors()} processors {bare:.0f}/s; ratio {issued / ours / bare:.2f}")
    print(f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB in the run's own process")
    assert issued == DONORS
    assert check_books() == []


def write_donors(fund: Fund) -> None:
    """Write donors with an address, and two gifts of the year for each."""
    for people in batched(crowd(DONORS), 1_000):
        donors = Constituent.objects.bulk_create(
            Constituent(
                given_name=one.given,
                family_name=one.family,
                display_name=f"{one.given} {one.family}",
                sort_name=f"{one.family} {one.given}".lower(),
            )
            for one in people
        )
        street = {"street": "2 Mill Lane", "city": "Exampleton", "is_primary": True}
        write_rows(Address, ({"constituent_id": d.pk, "postal_code": f"{d.pk % 99_999:05}", **street} for d in donors))
        gifts = [_gift(donor, month) for donor in donors for month in (3, 9)]
        post_gifts([NewGift(gift, [(fund, gift.amount)]) for gift in gifts], by=None, audited=False)


def _gift(donor: Constituent, month: int) -> Gift:
    return Gift(
        donor=donor,
        amount=Decimal(10 + donor.pk % 90),
        currency="USD",
        received_on=dt.date(2025, month, 1 + donor.pk % 28),
        method=Method.CHEQUE,
        source=GiftSource.IMPORT,
    )


def draw_bare(folder: Path) -> float:
    """Return how many pages a second the bare program draws of the same words."""
    snapshots = Receipt.objects.order_by("pk").values_list("snapshot", flat=True)[:2_000]
    to_draw = [(str(folder / f"{place // 100}" / f"{place}.pdf"), each) for place, each in enumerate(snapshots)]
    fonts = {"text": "StewardSans-Regular", "strong": "StewardSans-Semibold", "heading": "StewardSerif-Regular"}
    told = ({name: str(FOLDER / f"{face}.ttf") for name, face in fonts.items()},)
    started = time.perf_counter()
    steps = spread(
        bare_receipts.draw_all, batched(to_draw, 50), helpers=processors(), prepare=bare_receipts.register, told=told
    )
    drawn = sum(count for _step, count in steps)
    return drawn / (time.perf_counter() - started)
