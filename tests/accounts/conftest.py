"""Sign-in throttles live in the cache: each test starts with an empty one."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client


@pytest.fixture(autouse=True)
def _nobody_tried_before(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ask_for_code(client: Client, mailoutbox: list) -> Callable[..., str]:
    """Return a function that asks for a sign-in mail and returns its text."""

    def ask(email: str, *, next_url: str = "", client: Client = client) -> str:
        response = client.post("/account/sign-in/", {"email": email, "next": next_url})
        assert response.status_code == 302, response.content.decode()
        assert response["Location"].startswith("/account/code/")
        return mailoutbox[-1].body

    return ask


def code_in(text: str) -> str:
    """Return the code of a mail."""
    return re.search(r"\b\d{4}-\d{4}\b", text)[0]


def link_in(text: str) -> str:
    """Return the path of the sign-in link of a mail."""
    return re.search(r"/account/sign-in/link/\S+", text)[0]
