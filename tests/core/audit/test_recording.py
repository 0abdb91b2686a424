import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from core.audit import Draft, changes, forget, record, record_many, snapshot, verify
from core.audit.canonical import plain
from core.audit.models import AuditEntry
from core.models import Organisation
from core.money import Money

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return get_user_model().objects.create_user("ines.okafor@example.org", first_name="Ines", last_name="Okafor")


@pytest.fixture
def organisation():
    return Organisation.objects.create(name="Riverside Trust", base_currency="EUR")


def test_an_entry_says_who_did_what_to_which_record_and_why(clerk, organisation):
    record("organisation.renamed", organisation, by=clerk, old={"name": "A"}, new={"name": "B"}, reason="AGM")

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.user, entry.label, entry.user_display_name) == (
        "organisation.renamed",
        clerk,
        "Riverside Trust",
        "Ines Okafor",
    )
    assert (entry.old, entry.new, entry.reason) == ({"name": "A"}, {"name": "B"}, "AGM")
    assert entry.message == "Organisation renamed"


def test_an_entry_stands_or_falls_with_the_change(organisation):
    with transaction.atomic():
        record("organisation.renamed", organisation, by=None)
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()


def test_what_steward_does_by_itself_is_signed_by_steward(organisation):
    assert record("organisation.checked", organisation, by=None).user_display_name == "Steward"


def test_the_history_of_a_record_shows_what_is_about_it(clerk, organisation):
    record("user.invited", clerk, by=None, about=organisation)
    record("organisation.renamed", organisation, by=clerk)
    record("user.left", clerk, by=None)

    actions = set(AuditEntry.objects.for_instance(organisation).values_list("action", flat=True))
    assert actions == {"user.invited", "organisation.renamed"}


def test_an_entry_costs_two_statements(organisation, django_assert_num_queries):
    record("organisation.checked", organisation, by=None)  # the content type is cached from here on
    with django_assert_num_queries(2), transaction.atomic(savepoint=False):
        record("organisation.checked", organisation, by=None)
    with django_assert_num_queries(2), transaction.atomic(savepoint=False):
        record_many(Draft(verb="organisation.checked", obj=organisation, by=None) for _ in range(50))


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (Decimal("12.50"), "12.50"),
        (Decimal("1E+3"), "1000"),
        (Money(Decimal(5), "EUR"), "5.00 EUR"),
        (dt.date(2026, 2, 28), "2026-02-28"),
        (dt.datetime(2026, 2, 28, 12, tzinfo=dt.timezone(dt.timedelta(hours=1))), "2026-02-28T11:00:00+00:00"),
        (uuid.UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        ({"b": {2, 1}}, {"b": [1, 2]}),
        (0.5, "0.5"),
        (None, None),
        (True, True),
    ],
)
def test_values_are_kept_as_plain_text_that_reads_the_same_everywhere(value, stored):
    assert plain(value) == stored


def test_changes_are_what_differs_between_two_snapshots(organisation):
    before = snapshot(organisation)
    organisation.name, organisation.fiscal_year_start_month = "Riverside", 4
    assert changes(before, snapshot(organisation)) == (
        {"name": "Riverside Trust", "fiscal_year_start_month": 1},
        {"name": "Riverside", "fiscal_year_start_month": 4},
    )


def test_a_password_never_reaches_the_audit(clerk):
    clerk.set_password("correct horse battery staple")
    assert "password" not in snapshot(clerk)
    assert "password" not in snapshot(clerk, ["password", "email"])


def test_an_erased_payload_takes_names_and_values_along_but_not_the_proof(clerk, organisation):
    record("organisation.renamed", organisation, by=clerk, old={"name": "Secret name"})
    assert verify().problems == []

    assert forget(AuditEntry.objects.for_instance(organisation), obj=organisation, by=None) == 1

    proof = verify()
    assert (proof.problems, proof.erased) == ([], 1)
    entry = AuditEntry.objects.get(action="organisation.renamed")
    assert (entry.label, entry.old, entry.user_display_name) == ("(erased)", {}, "(erased)")


def test_a_record_without_a_key_is_refused():
    with pytest.raises(ValueError, match="save the record before"):
        record("organisation.renamed", Organisation(), by=None)
