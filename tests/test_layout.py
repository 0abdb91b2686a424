"""The shape of the repository: what must be where, and what must not be."""

import inspect
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import BaseConstraint

DEFAULT_WORDS = BaseConstraint.default_violation_error_message
ROOT = Path(__file__).resolve().parent.parent
ROOMS = [ROOT / name for name in ("communications", "constituents", "donations", "memberships", "site", "volunteers")]
PAGES = [
    path
    for folder in (ROOT / "templates", ROOT / "site" / "static")
    for path in folder.rglob("*")
    if path.suffix in {".html", ".css", ".js", ".svg", ".txt"}
]
# What a page would fetch by itself; a link that a person may follow is no request of ours.
FETCHES = re.compile(r"""(?:src|srcset|action|href)\s*=\s*["'](?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import\s""")
LINK = re.compile(r"""<a\b[^>]*href\s*=\s*["']https?://""")


def test_site_is_a_source_root_and_never_a_package():
    assert not (ROOT / "site" / "__init__.py").exists()


def test_templates_live_in_templates_only():
    assert [path for room in ROOMS for path in room.rglob("*.html")] == []


def test_no_page_asks_an_outside_host():
    found = {path: FETCHES.findall(LINK.sub("", path.read_text(encoding="utf-8"))) for path in PAGES}
    assert {path.relative_to(ROOT).as_posix(): hits for path, hits in found.items() if hits} == {}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_pinned_by_hash_and_name_no_index(name):
    text = (ROOT / name).read_text()
    pins = re.findall(r"^[A-Za-z0-9][^\n]*(?:\n[ ]+--hash=\S+[^\n]*)*", text, re.MULTILINE)
    assert pins
    assert [pin.splitlines()[0] for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []
    assert re.findall(r"--(?:extra-)?index-url|--find-links|https?://", text) == []


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_rule_of_the_database_says_in_words_what_it_asks_for():
    files = {model: Path(inspect.getfile(model)) for model in apps.get_models()}
    ours = [model for model, file in files.items() if any(file.is_relative_to(room) for room in ROOMS)]
    rules = [rule for model in ours for rule in model._meta.constraints]
    assert len(rules) > 250
    silent = [rule.name for rule in rules if rule.violation_error_message == DEFAULT_WORDS]
    assert silent == [], "give it a violation_error_message"


def test_migrations_are_named_for_what_they_do():
    automatic = [path for room in ROOMS for path in room.rglob("migrations/*_auto_*.py")]
    assert automatic == []
