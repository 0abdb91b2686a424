"""Who sees giving, records gifts and voids them, role by role."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.roles import sync_roles
from core import clock
from donations.models import Fund
from tests.factories.constituents import make_person
from tests.factories.donations import make_gift, make_receipt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


@pytest.mark.parametrize(
    ("role", "sees", "records", "voids"),
    [
        ("Gift processor", True, True, True),
        ("Fundraiser", True, True, False),
        ("Read-only", True, False, False),
        ("Volunteer coordinator", False, False, False),
        ("Board reader", False, False, False),
    ],
)
def test_roles_may_what_their_work_needs(
    staff_client: Callable[..., Client],
    general: Fund,
    role: str,
    sees: bool,
    records: bool,
    voids: bool,
    settings: object,
) -> None:
    sync_roles()
    settings.DEMO = True  # no second factor is asked for in the demo
    gift, receipt = make_gift(), make_receipt()
    client = staff_client(role)

    def may(url: str) -> bool:
        return client.get(url).status_code == 200

    assert may("/admin/gifts/") is sees
    assert may(f"/admin/gifts/inspect/{gift.pk}/") is sees
    assert may(f"/admin/giving/receipts/{receipt.uuid}/") is sees
    assert may("/admin/gifts/new/") is records
    assert may("/admin/giving/donors/?donor_search=lee") is records
    assert may(f"/admin/gifts/void/{gift.pk}/") is voids
    assert may(f"/admin/receipts/void/{receipt.pk}/") is voids


def test_the_constituent_page_shows_giving_only_to_those_who_may(
    staff_client: Callable[..., Client], settings: object
) -> None:
    sync_roles()
    settings.DEMO = True
    donor = make_person("Ann", "Lee")
    receipt = make_receipt(make_gift(donor, "321", on=clock.today()))
    page = staff_client().get(f"/admin/people/inspect/{donor.pk}/").content.decode()
    for part in ("Lifetime giving", "$321.00", receipt.serial, "Record a gift"):
        assert part in page
    page = staff_client("Volunteer coordinator").get(f"/admin/people/inspect/{donor.pk}/").content.decode()
    assert "321" not in page
    assert receipt.serial not in page
