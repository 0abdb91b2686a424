from decimal import Decimal

import pytest
from django.urls import reverse

from core.audit import record, seal
from core.audit.models import AuditEntry
from core.models import Organisation
from donations.models import Campaign, Fund

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return Organisation.objects.create(name="Riverside Trust", base_currency="EUR")


def test_the_audit_names_who_what_and_each_value_before_and_after(staff_client, organisation):
    client = staff_client()
    record("organisation.changed", organisation, by=client.user, old={"name": "Riverside"}, new={"name": "Trust"})
    seal()
    page = client.get(reverse("audit")).content.decode()
    assert "<del>Riverside</del>" in page
    assert "<ins>Trust</ins>" in page
    assert str(client.user) in page


def test_a_relation_written_down_by_name_is_shown_by_name(staff_client, organisation):
    client = staff_client()
    winter = Campaign.objects.create(name="Winter", code="winter")
    record("campaign.changed", winter, by=client.user, old={"parent": 0}, new={"parent": "All of 2026"})
    page = client.get(reverse("audit")).content.decode()
    assert "<del>#0</del>" in page
    assert "<ins>All of 2026</ins>" in page


def test_the_audit_asks_the_same_number_of_questions_however_long_it_is(
    staff_client, organisation, assert_constant_queries
):
    client = staff_client()
    numbers = iter(range(1_000))

    def act(times):
        for number in range(times):
            fund = Fund.objects.create(name=f"Fund {next(numbers)}", code=f"fund-{next(numbers)}")
            record("fund.created", fund, by=client.user, new={"name": fund.name, "goal": Decimal(number)})

    assert_constant_queries(act, lambda: client.get(reverse("audit")), at_most=15)


def test_only_those_who_may_read_the_audit_see_it(client, django_user_model, organisation):
    user = django_user_model.objects.create_user("fundraiser@example.org", is_staff=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("audit")).status_code in {302, 403}
    assert not AuditEntry.objects.viewable_by_user(user).exists()


def test_wagtails_own_site_history_reads_our_entries(staff_client, organisation):
    client = staff_client()
    record("organisation.changed", organisation, by=client.user, new={"name": "Trust"})
    address = reverse("wagtailadmin_reports:site_history")
    assert "Riverside Trust" in client.get(address).content.decode()
    assert "Riverside Trust" in client.get(address, {"label": "riverside"}).content.decode()
    results = client.get(reverse("wagtailadmin_reports:site_history_results"), {"label": "nobody"})
    assert "Riverside Trust" not in results.content.decode()


def test_wagtails_own_exports_go_through_the_safe_writer_too(staff_client, organisation):
    client = staff_client()
    fund = Fund.objects.create(name="=HYPERLINK(1)", code="trap")
    record("fund.created", fund, by=client.user)
    answer = client.get(reverse("wagtailadmin_reports:site_history"), {"export": "csv"})
    text = b"".join(answer.streaming_content).decode()
    assert "HYPERLINK" in text
    assert ",=HYPERLINK" not in text
    assert AuditEntry.objects.get(action="export.downloaded").user == client.user
