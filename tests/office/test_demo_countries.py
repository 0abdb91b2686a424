"""The demo data of another country: its law, its money, its papers."""

import datetime as dt
from functools import reduce
from operator import or_

import pytest

from core.demo import DemoPlan, demo_parts
from core.organisation import current_organisation
from donations.models import Gift, GiftAidClaim, GiftAidDeclaration, Receipt, SmallClaim
from donations.services.books import check_books

pytestmark = pytest.mark.django_db

#: The parts of the demo that a country's law has a say in.
LAWFUL = {"organisation", "people", "funds", "giving", "papers", "receipts"}


@pytest.mark.parametrize(
    ("country", "currency", "says"),
    [("GB", "GBP", "gift aid claims"), ("CA", "CAD", "receipts"), ("DE", "EUR", "receipts")],
)
def test_in_another_country_it_follows_that_countrys_law(country: str, currency: str, says: str) -> None:
    plan = DemoPlan(people=40, years=2, seed=7, today=dt.date(2026, 11, 20), country=country)
    counts = reduce(or_, (part(plan) for name, part in demo_parts() if name in LAWFUL))
    assert counts[says]
    assert set(Gift.objects.exclude(method="transfer").values_list("currency", flat=True)) == {currency}
    assert set(Receipt.objects.values_list("regime", flat=True)) == {current_organisation().regime}
    assert check_books() == []
    if country == "GB":
        assert GiftAidClaim.objects.with_hmrc().count() == 2
        assert SmallClaim.objects.get().state == "paid"
        assert GiftAidDeclaration.objects.exclude(cancelled_from=None).exists()
    if country == "CA":
        assert set(Receipt.objects.values_list("snapshot__language", flat=True)) == {"en-ca", "fr-ca"}
