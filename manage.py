#!/usr/bin/env python
"""Steward's command line: every command in docs/reference/commands.md runs through here."""

import os
import sys
from pathlib import Path

# `site/` is a source root, not a package: Python already has a module of that name.
sys.path.insert(0, str(Path(__file__).resolve().parent / "site"))


def main() -> None:
    """Run one management command with the settings named by the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit("Django is not installed here. Run `make setup` and use .venv/bin/python.") from error
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
