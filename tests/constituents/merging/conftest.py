"""What the tests of merging share: an organisation, and two records of one person."""

from __future__ import annotations

import pytest

from constituents.models import Constituent
from tests.donations.conftest import organisation  # noqa: F401  the same small charity
from tests.factories.constituents import make_person


@pytest.fixture
def kept(db: None) -> Constituent:
    """The record that is kept."""
    return make_person("Ann", "Lee")


@pytest.fixture
def merged(db: None) -> Constituent:
    """The one that is merged into it."""
    return make_person("Anne", "Lee")
