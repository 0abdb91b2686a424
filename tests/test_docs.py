"""The documents are true to the code: what they name between backticks is there, and their links lead somewhere."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
ROOMS = {"accounts", "communications", "config", "constituents", "core", "donations", "memberships", "office", "portal"}
ROOMS |= {"volunteers", "website"}
# Where a path may begin: at the top, or in the source root.
STARTS = ("", "site/")
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)+/?")
NAME = re.compile(r"[a-z]\w*(?:\.\w+)+")
CHECK = re.compile(r"[EW]\d+")


@cache
def files() -> frozenset[str]:
    """Return what is in the repository, folders too; nothing of the environment, and nothing that was left there."""
    folders = [path for path in ROOT.iterdir() if path.is_dir() and path.name != "var" and path.name[0] != "."]
    found = [*ROOT.iterdir(), *(path for folder in [ROOT / ".ci", *folders] for path in folder.rglob("*"))]
    return frozenset(path.relative_to(ROOT).as_posix() for path in found)


def said(document: Path) -> Iterator[str]:
    """Yield what stands between backticks, without the arguments of a call."""
    for span in re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", document.read_text(), flags=re.S)):
        yield span.partition("(")[0].strip()


def examples(document: Path) -> str:
    """Return the lines of code in a document."""
    return "\n".join(re.findall(r"```\w*\n(.*?)```", document.read_text(), flags=re.S))


def is_there(path: str) -> bool:
    """Whether a path names a file or folder, from the top or from anywhere in a room."""
    path = path.rstrip("/")
    return any(start + path in files() for start in STARTS) or any(file.endswith(f"/{path}") for file in files())


def means_something(name: str) -> bool:
    """Whether a dotted name is a module, something in one, a model, a permission or a check."""
    app, _dot, rest = name.partition(".")
    if CHECK.fullmatch(rest) or rest in permissions(app) or rest.partition(".")[0].lower() in apps.all_models[app]:
        return True
    return is_module(name) or is_defined(name.split("."))


def is_module(name: str) -> bool:
    """Whether there is a module of the name; it is not imported: settings of production refuse to."""
    path = name.replace(".", "/")
    return any(start + path + end in files() for start in STARTS for end in (".py", "/__init__.py"))


@cache
def permissions(app: str) -> frozenset[str]:
    """Return the permissions an app has."""
    models = list(apps.get_app_config(app).get_models()) if apps.is_installed(app) else []
    usual = (f"{verb}_{model._meta.model_name}" for model in models for verb in model._meta.default_permissions)
    own = (code for model in models for code, _words in model._meta.permissions)
    return frozenset([*usual, *own])


def is_defined(parts: list[str]) -> bool:
    """Whether the last part of a name is found in the module the first parts name."""
    for length in range(len(parts) - 1, 0, -1):
        if is_module(".".join(parts[:length])):
            found: Any = import_module(".".join(parts[:length]))
            return all((found := attribute(found, part)) is not None for part in parts[length:])
    return False


def attribute(thing: Any, name: str) -> Any:
    """Return an attribute, or the type of a field without a default; None when there is neither."""
    return getattr(thing, name, getattr(thing, "__annotations__", {}).get(name))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_document_names_is_there(document: Path) -> None:
    spans = list(said(document))
    paths = [span for span in spans if PATH.fullmatch(span) and re.search(r"\.(?:py|md|css|js|html|csv)$|/$", span)]
    # An address of the site is no path of the repository.
    missing = [path for path in paths if not is_there(path) and not path.endswith("/")]
    names = [span for span in spans if NAME.fullmatch(span) and span.partition(".")[0] in ROOMS]
    for module, imported in re.findall(r"^from ([\w.]+) import ([\w, ]+)$", examples(document), flags=re.M):
        names += [f"{module}.{name.strip()}" for name in imported.split(",") if module.partition(".")[0] in ROOMS]
    missing += [name for name in names if not means_something(name) and not is_there(name)]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_document_tells_one_to_run_is_there(document: Path) -> None:
    text = "\n".join([*said(document), examples(document)])
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.M))
    unknown = set(re.findall(r"manage\.py ([a-z]\w+)", text)) - set(get_commands())
    unknown |= set(re.findall(r"^make ([a-z-]+)", text, flags=re.M)) - targets
    assert unknown == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_link_leads_to_a_file(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)(?:#[^)]*)?\)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []
