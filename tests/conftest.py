"""Fixtures for every room: the database put back after each test, staff clients, races, the browser.

`assert_constant_queries`, `run_together` and `assert_accessible` are fixtures that return functions of `tests.harness`.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.harness import baseline, browser, queries, races, template, triggers

ROOT = Path(__file__).resolve().parent.parent

# How long an example takes says more about the machine than about the code. A shared run draws the same examples each
# time; on a desk they vary.
hypothesis_settings.register_profile("steward", deadline=None, print_blob=True, derandomize="CI" in os.environ)
hypothesis_settings.register_profile(
    "thorough", hypothesis_settings.get_profile("steward"), max_examples=300, stateful_step_count=50, derandomize=False
)
hypothesis_settings.load_profile("steward")


# The database -----------------------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make bench` and `make sandbox` ask for what the suite leaves out."""
    parser.addoption("--benchmarks", action="store_true", help="Measure instead of test: tests/benchmarks.")
    parser.addoption("--sandbox", action="store_true", help="Ask Stripe's sandbox with a test key: tests/sandbox.")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the benchmarks out of the suite, and what needs the network."""
    asked_for = {"benchmarks": config.option.benchmarks, "sandbox": config.option.sandbox}
    left_out = [ROOT / "tests" / name for name, is_asked_for in asked_for.items() if not is_asked_for]
    return True if any(collection_path.is_relative_to(folder) for folder in left_out) else None


def pytest_configure(config: pytest.Config) -> None:
    """Make the database anew when `--reuse-db` would meet one of other migrations, or one left behind by a kill."""
    if config.option.reuse_db and not _is_reusable():
        config.option.create_db = True


def pytest_collection_finish() -> None:
    """Search no more through all that is loaded for what nobody holds: it stays, and took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def _stamp() -> Path:
    """A file that stands while a reusable database is clean, with the migrations it was made of."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    vendor = django_settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    return django_settings.VAR_DIR / "test" / f"database-{vendor}-{worker}.json"


def _migrations() -> dict[str, str]:
    tops = [top for top in ROOT.iterdir() if top.is_dir() and not top.name.startswith(".")]
    files = [path for top in tops for path in top.glob("**/migrations/*.py")]
    return {path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _is_reusable() -> bool:
    """Whether every migration the database was made of is still the same; those that came after are run."""
    if not _stamp().is_file():
        return False
    return json.loads(_stamp().read_text()).items() <= _migrations().items()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what need run on one kind of database only: what asks for none cannot tell them apart, for pytest-django
    opens no connection to it. Another test says why: `@pytest.mark.once("Why no database can change it")`.
    """
    said = item.get_closest_marker("once")
    if said is not None and not said.args:
        raise pytest.UsageError(f"{item.nodeid}: say why it is the same on every database.")
    asks = {"db", "transactional_db", "live_server"}
    if item.get_closest_marker("django_db") is None and asks.isdisjoint(getattr(item, "fixturenames", ())):
        item.add_marker(pytest.mark.once("It asks for no database."))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """Begin with a copy of the template, when there is one."""
    if not template.is_given():
        yield
        return
    template.start_from()
    yield
    if connection.vendor == "sqlite":
        connection.close()
        template.copied_to().unlink()


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """Keep what stands there when it is the copy of a template: Django would delete the file to make a new one."""
    return django_db_keepdb or (template.is_given() and connection.vendor == "sqlite")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object, django_db_keepdb: bool) -> Iterator[None]:
    """Remember what the migrations left in the database, before the first test writes."""
    _stamp().parent.mkdir(parents=True, exist_ok=True)
    _stamp().unlink(missing_ok=True)
    with django_db_blocker.unblock():
        baseline.capture()
    yield
    if django_db_keepdb and not template.is_given():
        _stamp().write_text(json.dumps(_migrations()))


@pytest.fixture(scope="session", autouse=True)
def _files_of_the_run() -> Iterator[None]:
    """Take away the files that tests stored."""
    yield
    shutil.rmtree(django_settings.TEST_FILES, ignore_errors=True)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Start and end each test with no organisation in memory."""
    from core.organisation import forget_organisation

    forget_organisation()
    yield
    forget_organisation()


@pytest.fixture
def lifted_triggers(db: None) -> Iterator[None]:
    """Take the protecting triggers off for one test."""
    with triggers.lifted():
        yield


# People at the keyboard -------------------------------------------------------------------------------------------


@pytest.fixture
def staff_client(db: None, django_user_model: type) -> Callable[..., Client]:
    """Return a function that signs someone new in: `staff_client()` may do all, `staff_client("Board")` what that
    group may. The user is `client.user`.
    """

    def sign_in(role: str | None = None, *, email: str | None = None) -> Client:
        email = email or f"{(role or 'administrator').lower().replace(' ', '.')}@staff.example"
        if role is None:
            user = django_user_model.objects.create_superuser(email, "correct horse battery")
        else:
            user = django_user_model.objects.create_user(email, "correct horse battery", is_staff=True)
            user.groups.add(Group.objects.get(name=role))
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        client.user = user
        return client

    return sign_in


# Proofs -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def assert_constant_queries() -> Callable:
    """See tests.harness.queries."""
    return queries.assert_constant_queries


@pytest.fixture
def run_together(transactional_db: None) -> Callable:
    """See tests.harness.races."""
    return races.run_together


@pytest.fixture
def run_jobs(transactional_db: None) -> Callable[[], None]:
    """Return a function that does every job and task that is due, in a real worker, and then comes back."""
    from core.jobs.workers import TaskWorker

    return lambda: TaskWorker(batch=True, interval=0).run()


# The browser ------------------------------------------------------------------------------------------------------

# How long a journey waits for what is to come: a machine with much to do is slow, not wrong.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything that opens the browser, so that `-m "not browser"` leaves it out."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()) or ROOT / "tests" / "journeys" in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    # Playwright keeps an event loop in this thread; Django would refuse the ORM beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = browser.launch(playwright)
        yield running
        running.close()


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """The running site; its files come from whitenoise, as in production."""
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = lambda site: site
    server.start()
    yield server
    server.stop()


@pytest.fixture
def visitors(chromium: Browser, live_server: object) -> Iterator[browser.Visitors]:
    """Windows on the running site: `visitors.open("phone", scheme="dark", user=...)`."""
    with browser.visiting(chromium, live_server.url) as opened:
        yield opened


@pytest.fixture
def browser_page(visitors: browser.Visitors) -> Page:
    """A page on a desktop, in light colours, signed out."""
    return visitors.open()


@pytest.fixture
def assert_accessible() -> Callable:
    """See tests.harness.browser."""
    return browser.assert_accessible
