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
from typing import Self

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
    with Spent() as ours:
        issued = issue_all(ours)
    with Spent() as bare:
        drawn = draw_bare(tmp_path)
    print(f"\n{connection.vendor}: {issued:,} receipts in {ours.seconds:.1f} s, {issued / ours.seconds:.0f}/s")
    print(f"bare ReportLab on {processors()} processors {drawn / bare.seconds:.0f}/s", end="; ")
    print(f"ratio {issued / ours.seconds / (drawn / bare.seconds):.2f}")
    print(f"processor time {ours.work / issued * 1000:.1f} ms a receipt, bare {bare.work / drawn * 1000:.1f}", end="; ")
    print(f"ratio {bare.work / drawn / (ours.work / issued):.2f}")
    print(f"at most {memory():,.0f} MB in the run's own process")
    assert issued == DONORS
    assert check_books() == []


class Spent:
    """How many seconds went by, and how many processors worked for them, helpers included."""

    seconds = work = 0.0

    def __enter__(self) -> Self:
        self._began, self._worked = time.perf_counter(), _worked()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.seconds, self.work = self.so_far, _worked() - self._worked

    @property
    def so_far(self) -> float:
        """Seconds since it began."""
        return time.perf_counter() - self._began


def _worked() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def memory() -> float:
    """Return the most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def issue_all(spent: Spent) -> int:
    """Issue the year, saying now and then how far it is; return how many receipts there are."""
    issued = 0
    for step in issue_year(2025, by=None):
        before, issued = issued, issued + len(step.receipts)
        if issued // 10_000 > before // 10_000:
            print(f"\n{issued:,} receipts after {spent.so_far:.0f} s, {memory():,.0f} MB", end="", flush=True)
    return issued


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


def draw_bare(folder: Path) -> int:
    """Draw the same words with the bare program; return how many pages."""
    snapshots = Receipt.objects.order_by("pk").values_list("snapshot", flat=True)[:2_000]
    to_draw = [(str(folder / f"{place // 100}" / f"{place}.pdf"), each) for place, each in enumerate(snapshots)]
    fonts = {"text": "StewardSans-Regular", "strong": "StewardSans-Semibold", "heading": "StewardSerif-Regular"}
    told = ({name: str(FOLDER / f"{face}.ttf") for name, face in fonts.items()},)
    steps = spread(
        bare_receipts.draw_all, batched(to_draw, 50), helpers=processors(), prepare=bare_receipts.register, told=told
    )
    return sum(count for _step, count in steps)
