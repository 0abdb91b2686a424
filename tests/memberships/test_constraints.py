"""Terms of one membership never overlap: the database itself refuses, for code, shell and raw SQL alike."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from memberships.models import Term
from tests.factories.memberships import add_bare_term, make_bare_membership, make_level

pytestmark = pytest.mark.django_db


@pytest.fixture
def membership():
    return make_bare_membership()


@pytest.fixture
def level():
    return make_level()


def insert(membership, level, starts_on, ends_on):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO memberships_term (membership_id, level_id, kind, starts_on, ends_on, sold_until, price, fee,"
            " credit, currency, reason, created_at) VALUES (%s, %s, 'join', %s, %s, %s, 0, 0, 0, 'USD', '', %s)",
            [membership.pk, level.pk, starts_on, ends_on, ends_on and max(ends_on, starts_on), dt.datetime.now(dt.UTC)],
        )


def day(text):
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        ("2025-12-31", "2026-12-30"),
        ("2024-06-01", "2025-01-01"),
        ("2025-03-01", "2025-03-31"),
        ("2024-01-01", "2026-01-01"),
        ("2025-06-01", None),
        ("2024-06-01", None),
    ],
)
def test_a_raw_insert_that_overlaps_is_refused(membership, level, starts, ends):
    insert(membership, level, day("2025-01-01"), day("2025-12-31"))
    with pytest.raises(IntegrityError, match="memberships_terms_never_overlap"):
        insert(membership, level, day(starts), ends and day(ends))


def test_a_raw_insert_after_a_term_for_life_is_refused(membership, level):
    insert(membership, level, day("2025-01-01"), None)
    with pytest.raises(IntegrityError, match="memberships_terms_never_overlap"):
        insert(membership, level, day("2050-01-01"), day("2050-12-31"))


def test_a_raw_update_into_another_term_is_refused(membership, level):
    other = make_bare_membership()
    insert(membership, level, day("2025-01-01"), day("2025-12-31"))
    insert(other, level, day("2025-06-01"), day("2026-05-31"))
    with (
        pytest.raises(IntegrityError, match="memberships_terms_never_overlap"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        # What a merge of two records might do.
        cursor.execute(
            "UPDATE memberships_term SET membership_id = %s WHERE membership_id = %s", [membership.pk, other.pk]
        )


def test_terms_that_touch_and_terms_of_others_are_fine(membership, level):
    insert(membership, level, day("2025-01-01"), day("2025-12-31"))
    insert(membership, level, day("2026-01-01"), day("2026-12-31"))
    insert(membership, level, day("2024-01-01"), day("2024-12-31"))
    insert(make_bare_membership(), level, day("2025-06-01"), None)
    assert Term.objects.count() == 4


def test_a_term_that_covers_no_day_overlaps_nothing(membership, level):
    insert(membership, level, day("2025-06-01"), day("2025-05-31"))
    insert(membership, level, day("2025-01-01"), day("2025-12-31"))
    insert(membership, level, day("2025-07-01"), day("2025-06-30"))
    assert Term.objects.real().count() == 1


def test_the_form_says_so_in_words(membership, level):
    add_bare_term(membership, level, day("2025-01-01"))
    late = Term.of(level, starts_on=day("2025-12-31"), is_new=False, membership=membership, price=0)
    with pytest.raises(ValidationError, match="Another term of this membership"):
        late.full_clean()


def test_saving_a_term_again_does_not_collide_with_itself(membership, level):
    term = add_bare_term(membership, level, day("2025-01-01"))
    term.full_clean()
    term.save()


def test_the_guard_survives_a_rebuild_of_the_table(membership, level):
    insert(membership, level, day("2025-01-01"), day("2025-12-31"))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'memberships_term'")
            names = {name for (name,) in cursor.fetchall()}
        assert {"memberships_terms_never_overlap_insert", "memberships_terms_never_overlap_update"} <= names
    with pytest.raises(IntegrityError):
        insert(membership, level, day("2025-12-31"), day("2026-12-30"))
