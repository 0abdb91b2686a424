"""core.triggers: what is posted stays, in the ORM, in raw SQL, on both databases."""

import pytest
from django.contrib.auth.models import Group
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from core import triggers
from core.triggers import ProtectedRowError, protect, registry
from tests.harness.models import Line
from tests.harness.triggers import lifted

MESSAGE = "What is written in the test ledger stays."


@pytest.fixture
def lines(transactional_db, monkeypatch):
    """The table, with no rule on it yet; a rule declared in the test is forgotten afterwards."""
    monkeypatch.setattr(registry, "_rules", dict(registry._rules))
    yield Line
    registry._rules.pop("test_line", None)
    triggers.install()


@pytest.fixture
def append_only(lines):
    protect("harness.Line", name="test_line", message=MESSAGE, fills=["settled_on"])
    triggers.install()
    return lines


@pytest.fixture
def posted_is_frozen(lines):
    protect("harness.Line", name="test_line", message=MESSAGE, when="OLD.status <> 'draft'", updates_of=["amount"])
    triggers.install()
    return lines


def test_an_append_only_row_refuses_every_change(append_only):
    line = append_only.objects.create(amount=5)
    line.note = "edited"
    with pytest.raises(ProtectedRowError, match=MESSAGE):
        line.save()
    with pytest.raises(ProtectedRowError, match=MESSAGE):
        line.delete()
    with pytest.raises(ProtectedRowError, match=MESSAGE):
        append_only.objects.update(status="draft")
    line.refresh_from_db()
    assert (line.note, line.status) == ("", "posted")


def test_raw_sql_is_refused_too(append_only):
    append_only.objects.create(amount=5)
    for statement in ("UPDATE harness_line SET amount = 6", "DELETE FROM harness_line"):
        with connection.cursor() as cursor, pytest.raises(ProtectedRowError):
            cursor.execute(statement)


def test_replacing_or_truncating_is_no_way_round(append_only):
    line = append_only.objects.create(amount=5)
    if connection.vendor == "postgresql":
        statement = "TRUNCATE harness_line"
    else:
        statement = f"REPLACE INTO harness_line (id, amount, note, status) VALUES ({line.pk}, 9, '', 'posted')"
    with connection.cursor() as cursor, pytest.raises(ProtectedRowError):
        cursor.execute(statement)
    assert append_only.objects.get().amount == 5


def test_writing_the_same_values_again_is_allowed(append_only):
    line = append_only.objects.create(amount=None, note="as it was")
    line.save()
    assert append_only.objects.update(amount=None) == 1


def test_an_empty_field_may_be_filled_once(append_only):
    line = append_only.objects.create(amount=5)
    append_only.objects.filter(pk=line.pk).update(settled_on="2026-03-01")
    with pytest.raises(ProtectedRowError):
        append_only.objects.filter(pk=line.pk).update(settled_on="2026-03-02")
    with pytest.raises(ProtectedRowError):
        append_only.objects.filter(pk=line.pk).update(settled_on=None)


def test_a_draft_is_free_and_a_posted_row_keeps_the_named_fields(posted_is_frozen):
    draft = posted_is_frozen.objects.create(amount=5, status="draft")
    posted_is_frozen.objects.filter(pk=draft.pk).update(amount=6)
    posted_is_frozen.objects.filter(pk=draft.pk).update(status="posted")
    posted_is_frozen.objects.filter(pk=draft.pk).update(note="no money fact")
    with pytest.raises(ProtectedRowError):
        posted_is_frozen.objects.filter(pk=draft.pk).update(amount=7)
    with pytest.raises(ProtectedRowError):
        draft.delete()
    spare = posted_is_frozen.objects.create(status="draft")
    spare.delete()


def test_the_transaction_around_a_refusal_can_go_on_after_a_savepoint(append_only):
    with transaction.atomic():
        append_only.objects.create(amount=5)
        with pytest.raises(ProtectedRowError), transaction.atomic():
            append_only.objects.update(amount=6)
        append_only.objects.create(amount=7)
    assert sorted(line.amount for line in append_only.objects.all()) == [5, 7]


def test_another_integrity_error_stays_itself(append_only):
    line = append_only.objects.create(amount=5)
    with pytest.raises(IntegrityError) as caught:
        append_only.objects.create(pk=line.pk)
    assert not isinstance(caught.value, ProtectedRowError)


def rebuild(model):
    note = model._meta.get_field("note")
    longer = models.CharField(max_length=40, blank=True)
    longer.set_attributes_from_name("note")
    with connection.schema_editor() as editor:
        editor.alter_field(model, note, longer)
        editor.alter_field(model, longer, note)


def test_a_rebuilt_table_is_protected_again_after_migrate(append_only):
    rebuild(append_only)
    call_command("migrate", verbosity=0)
    assert triggers.missing() == []
    append_only.objects.create(amount=5)
    with pytest.raises(ProtectedRowError):
        append_only.objects.update(amount=6)


@pytest.fixture
def closed_by_a_line(lines):
    """A rule that looks into another table: no group is added while a line says closed."""
    protect(
        "auth.Group",
        name="test_line",
        message=MESSAGE,
        updates_of=[],
        deletes=False,
        inserts_when="EXISTS (SELECT 1 FROM harness_line WHERE note = 'closed')",
    )
    triggers.install()
    return lines


def test_a_new_row_is_refused_on_a_condition_that_asks_another_table(closed_by_a_line):
    Group.objects.create(name="before")
    line = closed_by_a_line.objects.create(amount=5, note="closed")
    with pytest.raises(ProtectedRowError, match=MESSAGE):
        Group.objects.create(name="meanwhile")
    Group.objects.filter(name="before").update(name="renamed")
    line.delete()
    Group.objects.create(name="after")


def test_a_table_that_another_trigger_asks_can_still_be_migrated(closed_by_a_line):
    triggers.step_aside(plan=["a migration"])
    rebuild(closed_by_a_line)
    call_command("migrate", verbosity=0)
    assert triggers.missing() == []
    closed_by_a_line.objects.create(amount=5, note="closed")
    with pytest.raises(ProtectedRowError):
        Group.objects.create(name="meanwhile")


def test_nothing_steps_aside_when_nothing_is_migrated(closed_by_a_line):
    triggers.step_aside(plan=[])
    assert triggers.missing() == []


def test_installing_twice_changes_nothing(append_only):
    with CaptureQueriesContext(connection) as queries:
        triggers.install()
    assert [query["sql"] for query in queries if "TRIGGER" in query["sql"]] == []


def test_a_missing_trigger_is_named_and_warned_about(append_only):
    triggers.drop()
    assert any(line.startswith("harness_line: protect_test_line_update_") for line in triggers.missing())
    warnings = run_checks(tags=["database"], databases=["default"])
    assert any("protect_test_line_delete_" in warning.msg for warning in warnings)
    triggers.install()
    assert triggers.missing() == []
    assert [
        warning for warning in run_checks(tags=["database"], databases=["default"]) if warning.id == "core.W001"
    ] == []


def test_a_rule_that_changed_replaces_its_trigger(append_only):
    append_only.objects.create(amount=5)
    del registry._rules["test_line"]
    protect("harness.Line", name="test_line", message=MESSAGE, updates_of=["amount"], deletes=False)
    assert triggers.missing() != []
    triggers.install()
    append_only.objects.update(note="free now")
    append_only.objects.all().delete()


def test_tests_can_empty_protected_tables(append_only):
    append_only.objects.create(amount=5)
    with lifted():
        append_only.objects.all().delete()
    assert triggers.missing() == []
