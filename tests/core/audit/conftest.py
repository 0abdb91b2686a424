from contextlib import contextmanager

import pytest
from django.db import transaction


@pytest.fixture
def rolled_back():
    """Return a context that undoes what happened in it, for property tests that tamper again and again."""

    @contextmanager
    def context():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return context
