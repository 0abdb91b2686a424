"""Someone who is signed in, with and without a record."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from constituents.models import Constituent
from tests.factories.accounts import UserFactory
from tests.factories.constituents import make_person
from tests.harness.billing import hear, sign_up

__all__ = ["hear", "sign_up"]

BACKEND = "django.contrib.auth.backends.ModelBackend"


def client_of(user: User) -> Client:
    """Return a client signed in as the user."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def user(db: None) -> User:
    """A supporter who signed in."""
    return UserFactory(email="ann@example.org", first_name="Ann", last_name="Lee")


@pytest.fixture
def mine(user: User) -> Client:
    """Their browser."""
    return client_of(user)


@pytest.fixture
def me(user: User) -> Constituent:
    """Their record, claimed."""
    return make_person("Ann", "Lee", email="ann@example.org", user=user)
