"""One question, one answer (M12): first page, board, paper, list, file, journal, books and SQL, in three time zones."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from core import clock
from core.money import Money
from core.organisation import current_organisation, forget_organisation
from core.organisation.models import Organisation
from donations import metrics
from donations.accounting.as_of import books_as_of, given_between
from donations.accounting.exporting import preview_journal
from donations.services.books import check_books
from donations.services.gifts import refund_gift, void_gift
from tests.factories.constituents import make_person
from tests.factories.donations import make_gift

pytestmark = pytest.mark.django_db

#: Half past noon in Greenwich on New Year's Eve: in Auckland the new year has begun, in New York it is morning.
INSTANT = dt.datetime(2026, 12, 31, 12, 30, tzinfo=dt.UTC)
WHOLE = Decimal("150.00")


def lines_of(page: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(page.decode())))


@pytest.mark.parametrize(
    ("zone", "year"), [("UTC", 2026), ("America/New_York", 2026), ("Pacific/Auckland", 2027)], ids=["utc", "ny", "nz"]
)
def test_everybody_says_the_same_of_the_year(staff_client: Callable[..., Client], zone: str, year: int) -> None:
    Organisation.objects.filter(pk=current_organisation().pk).update(time_zone=zone)
    forget_organisation()
    with time_machine.travel(INSTANT, tick=False):
        client = staff_client()
        first, last = clock.calendar_year_bounds(clock.today().year)
        assert clock.today().year == year
        donor = make_person("Ann", "Lee")
        for amount in ("0.10", "0.20", "33.33", "100.01"):
            make_gift(donor, amount, on=clock.today())
        refund_gift(
            make_gift(donor, "20.00", on=first), money=Money(Decimal("3.64"), "USD"), by=None, reason="Overpaid"
        )
        void_gift(make_gift(donor, "55.55", on=clock.today()), by=None, reason="Typed twice")
        make_gift(donor, "70", on=first - dt.timedelta(days=1))
        make_gift(donor, "90", on=clock.today(), post=False)

        asked = {"received_on_from": first.isoformat(), "received_on_to": last.isoformat()}
        exported = client.get(reverse("gifts:index"), asked | {"export": "csv"})
        paper = client.get(reverse("office_board"), {"format": "pdf"})
        words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT SUM(base_amount) FROM donations_ledgerentry WHERE gift_id IN"
                " (SELECT id FROM donations_gift WHERE received_on BETWEEN %s AND %s)",
                [first, last],
            )
            sql = Decimal(str(cursor.fetchone()[0]))
        answers = {
            "figures": metrics.giving_in(clock.fiscal_year(clock.today())).raised,
            "foot of the list": client.get(reverse("gifts:index"), asked).context["totals"][1][1].amount,
            "file": sum(Decimal(row["Net in base currency"]) for row in lines_of(b"".join(exported))),
            "ledger": given_between(first, last),
            "books": sum(line.net for line in books_as_of(clock.today(), first=first, last=last)),
            "SQL": round(sql, 2),
        }
        assert answers == dict.fromkeys(answers, WHOLE)
        assert "$150" in client.get("/admin/").text
        assert "$150" in client.get(reverse("office_board")).text
        assert "$150" in words
        journal = preview_journal(through=clock.today())
        came_in = sum(line.debit - line.credit for line in journal.lines if line.method)
        assert (journal.debit - journal.credit, came_in) == (0, WHOLE + 70)
        assert check_books() == []
