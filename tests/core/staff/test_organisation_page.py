import pytest
from django.urls import reverse

from core.audit.models import AuditEntry
from core.models import Organisation
from core.theme import accent_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation(db):
    return Organisation.objects.create(name="Riverside Trust", base_currency="EUR", time_zone="Europe/Berlin")


@pytest.fixture
def address(organisation):
    return reverse("wagtailsettings:edit", args=["core", "organisation", organisation.pk])


def send(client, address, **changes):
    form = client.get(address).context["form"]
    data = {name: form[name].value() for name in form.fields}
    return client.post(address, {name: "" if value is None else value for name, value in data.items()} | changes)


def test_every_field_of_the_organisation_stands_on_some_tab(staff_client, address):
    form = staff_client().get(address).context["form"]
    fields = {field.name for field in Organisation._meta.concrete_fields} - {"id"}
    assert fields == set(form.fields)


def test_a_change_is_audited_with_old_and_new_and_nothing_else(staff_client, organisation, address):
    client = staff_client()
    assert send(client, address, name="Riverside", fiscal_year_start_month="4").status_code == 302
    entry = AuditEntry.objects.for_instance(organisation).get()
    assert (entry.action, entry.user) == ("organisation.changed", client.user)
    assert entry.old == {"name": "Riverside Trust", "fiscal_year_start_month": 1}
    assert entry.new == {"name": "Riverside", "fiscal_year_start_month": 4}


def test_the_page_offers_currencies_time_zones_and_months_by_name(staff_client, address):
    page = staff_client().get(address).content.decode()
    assert '<option value="EUR" selected>' in page
    assert '<option value="Europe/Berlin" selected>' in page
    assert ">April</option>" in page


def test_a_colour_that_would_be_hard_to_read_is_shown_as_it_will_be(staff_client, organisation, address):
    Organisation.objects.filter(pk=organisation.pk).update(accent_colour="#ffee00")
    page = staff_client().get(address).content.decode()
    shown = accent_for("#ffee00", "light").accent
    assert shown != "#ffee00"
    assert f'fill="{shown}"' in page
