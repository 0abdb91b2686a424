"""Rows are saved by one statement when they are right, and refused in words when they are not."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from constituents.models import Constituent, EmailAddress
from core.saving import save_valid
from tests.factories.constituents import make_person

pytestmark = pytest.mark.django_db
KEPT = ["display_name", "sort_name"]


def test_a_row_that_is_right_costs_its_own_statement_and_no_question(django_assert_num_queries: Any) -> None:
    ann = make_person()
    with django_assert_num_queries(3):  # savepoint, row, release
        save_valid(EmailAddress(constituent=ann, address="ann@example.org", is_primary=True))


def test_what_the_database_refuses_is_refused_in_the_words_of_its_constraint() -> None:
    with pytest.raises(ValidationError, match="at least one name"):
        save_valid(Constituent(kind="person"), exclude=KEPT)
    assert not Constituent.objects.exists()


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ValidationError) as refused:
        save_valid(Constituent(kind="person", website="no address"), exclude=KEPT)
    assert set(refused.value.message_dict) == {"website", "__all__"}


def test_what_no_word_is_found_for_is_raised_as_it_came() -> None:
    ann = make_person()
    ann.display_name = ann.uuid = None
    with pytest.raises(IntegrityError):
        save_valid(ann, exclude=[*KEPT, "uuid"])
