"""What is dear to make, made once for the tests of a module that look at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from core.organisation import forget_organisation


@contextmanager
def standing(django_db_blocker: Any) -> Iterator[None]:
    """Keep what is written inside while the block lasts, and undo it then: the body of a fixture of a module.

    Each test writes on top of it and is undone by itself, as always; none of the module may commit.
    """
    block = transaction.atomic()
    # No transaction for the code under test, like the one that Django's TestCase wraps around each.
    block._from_testcase = True  # type: ignore[attr-defined]
    with django_db_blocker.unblock(), block:
        yield
        transaction.set_rollback(True)
    forget_organisation()
