"""The screens of the staff kit, as somebody sees them who cannot see well, or works on a phone in the dark."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import User
from core.audit import record
from core.models import Organisation
from donations.models import Campaign, Fund

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def administrator(settings):
    settings.DEMO = True  # no second factor between the test and the screens
    return User.objects.create_superuser("ines.okafor@example.org", first_name="Ines", last_name="Okafor")


@pytest.fixture
def addresses(administrator):
    organisation = Organisation.objects.create(name="Riverside Trust", base_currency="EUR")
    campaign = Campaign.objects.create(name="Spring appeal", code="spring", goal=Decimal(5_000))
    fund = Fund.objects.create(name="Where it is needed most", code="general")
    record("fund.changed", fund, by=administrator, old={"name": "General"}, new={"name": fund.name}, reason="Clearer")
    return [
        reverse("funds:index"),
        reverse("funds:add"),
        reverse("funds:edit", args=[fund.pk]),
        reverse("funds:history", args=[fund.pk]),
        reverse("funds:delete", args=[fund.pk]),
        reverse("campaigns:edit", args=[campaign.pk]),
        reverse("audit"),
        reverse("wagtailsettings:edit", args=["core", "organisation", organisation.pk]),
    ]


@pytest.mark.parametrize(("device", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_no_staff_screen_has_an_accessibility_fault(
    visitors, administrator, addresses, assert_accessible, device, scheme
):
    page = visitors.open(device, scheme=scheme, user=administrator)
    for address in addresses:
        page.goto(address)
        assert page.url.endswith(address), "someone stands in the way of the screen"
        visitors.settle(page)
        assert_accessible(page, within="main")
