import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import clock
from core.audit import chain, record, seal, verify
from core.audit.models import AuditEntry, AuditHead, AuditPayload
from core.models import Organisation
from core.triggers import ProtectedRowError


@pytest.fixture
def organisation(db):
    return Organisation.objects.create(name="Riverside Trust")


@pytest.fixture
def chained(organisation):
    for number in range(6):
        record("organisation.checked", organisation, by=None, new={"round": number})
    seal()
    return organisation


def test_the_sealer_numbers_entries_without_a_gap_and_chains_each_to_the_one_before(chained):
    entries = list(AuditEntry.objects.sealed())
    assert [entry.sequence for entry in entries] == [1, 2, 3, 4, 5, 6]
    assert [entry.previous_hash for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]
    head = AuditHead.objects.get()
    assert (head.sequence, head.hash) == (6, entries[-1].hash)


def test_sealing_twice_changes_nothing(chained):
    before = list(AuditEntry.objects.sealed().values())
    assert seal() == 0
    assert list(AuditEntry.objects.sealed().values()) == before


def test_an_untouched_chain_proves_whole(chained):
    assert verify().problems == []


def tamper_entry(column, value):
    return lambda entry: AuditEntry.objects.filter(pk=entry.pk).update(**{column: value})


def tamper_payload(**data):
    def act(entry):
        payload = AuditPayload.objects.get(entry=entry)
        AuditPayload.objects.filter(entry=entry).update(data={**payload.data, **data})

    return act


def remove_payload(entry):
    AuditPayload.objects.filter(entry=entry).delete()


def swap_with_neighbour(entry):
    other = AuditEntry.objects.exclude(pk=entry.pk).earliest("pk")
    a, b = entry.sequence, other.sequence
    AuditEntry.objects.filter(pk=entry.pk).update(sequence=1_000)
    AuditEntry.objects.filter(pk=other.pk).update(sequence=a)
    AuditEntry.objects.filter(pk=entry.pk).update(sequence=b)


def reseal_alone(entry):
    entry.action = "organisation.praised"
    entry.hash = chain.link_hash(entry.previous_hash, entry.sequence, entry)
    entry.save()


TAMPERINGS = [
    tamper_entry("action", "organisation.praised"),
    tamper_entry("object_id", "999"),
    tamper_entry("user_id", 42),
    tamper_entry("about_id", "7"),
    tamper_entry("timestamp", "2020-01-01T00:00:00Z"),
    tamper_entry("deleted", True),
    tamper_entry("commitment", "0" * 64),
    tamper_entry("hash", "0" * 64),
    tamper_entry("previous_hash", "0" * 64),
    tamper_entry("sequence", 77),
    tamper_payload(label="Another name"),
    tamper_payload(new={"round": 99}),
    tamper_payload(reason="Because"),
    remove_payload,
    lambda entry: AuditPayload.objects.filter(entry=entry).update(salt="0" * 32),
    lambda entry: entry.delete(),
    swap_with_neighbour,
    reseal_alone,
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tampering=st.sampled_from(TAMPERINGS), link=st.integers(2, 6))
def test_any_tampering_with_any_sealed_entry_is_found(chained, lifted_triggers, rolled_back, tampering, link):
    with rolled_back():
        tampering(AuditEntry.objects.get(sequence=link))
        assert verify().problems


@pytest.mark.parametrize("tampering", [act for act in TAMPERINGS if act is not remove_payload])
def test_the_database_refuses_to_rewrite_or_remove_a_sealed_entry(chained, tampering):
    with pytest.raises(ProtectedRowError), transaction.atomic():
        tampering(AuditEntry.objects.get(sequence=3))


def test_the_command_names_the_rows_that_do_not_hold(chained, lifted_triggers):
    broken = AuditEntry.objects.get(sequence=3)
    AuditEntry.objects.filter(pk=broken.pk).update(action="organisation.praised")
    out = StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("verify_audit", json=True, stdout=out)
    report = json.loads(out.getvalue())
    assert stop.value.code == 1
    assert [(problem["entry"], problem["sequence"]) for problem in report["problems"]] == [(broken.pk, 3)]


def test_the_command_seals_what_waits_and_prints_the_head(chained):
    record("organisation.checked", chained, by=None)
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert f"head 7 {AuditHead.objects.get().hash}" in out.getvalue()


def test_proving_a_longer_chain_takes_no_more_queries(chained):
    verify()
    with CaptureQueriesContext(connection) as few:
        verify()
    for number in range(30):
        record("organisation.checked", chained, by=None, new={"round": number})
    seal()
    with CaptureQueriesContext(connection) as many:
        verify()
    assert len(few) == len(many)


@pytest.mark.django_db(transaction=True)
def test_sealers_that_run_at_once_make_one_chain(run_together):
    organisation = Organisation.objects.create(name="Riverside Trust")
    for number in range(60):
        record("organisation.checked", organisation, by=None, new={"round": number})

    outcomes = run_together(4, lambda _: seal(batch_size=7))

    assert [outcome.error for outcome in outcomes] == [None] * 4
    assert sum(outcome.value for outcome in outcomes) == 60

    assert list(AuditEntry.objects.sealed().values_list("sequence", flat=True)) == list(range(1, 61))
    assert verify().problems == []


def test_without_the_lock_sealers_that_run_at_once_collide(organisation):
    """The control: two sealers that both read the head before either wrote give a number twice."""
    for number in range(60):
        record("organisation.checked", organisation, by=None, new={"round": number})
    AuditHead.objects.create(pk=1)
    one, other = AuditHead.objects.get(pk=1), AuditHead.objects.get(pk=1)

    chain.extend_chain(one, 30)
    with pytest.raises(IntegrityError), transaction.atomic():
        chain.extend_chain(other, 30)


def test_the_clock_seals_what_waits(organisation):
    record("organisation.checked", organisation, by=None)
    assert chain.seal_waiting(now=clock.now()) == 1
    assert not AuditEntry.objects.unsealed().exists()


def test_a_backlog_is_sealed_in_portions_that_join(organisation):
    for number in range(6):
        record("organisation.checked", organisation, by=None, new={"round": number})
    assert [seal(batch_size=2, most=3), seal()] == [4, 2]
    assert verify().problems == []
