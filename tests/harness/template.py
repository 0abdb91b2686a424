"""One migrated database that every test process starts from a copy of.

To run all migrations costs half a minute; `.ci/suite` runs them once a kind of database and says by
TEST_DATABASE_TEMPLATE where they went, a file on SQLite, a name on PostgreSQL. Without it a run makes its own
database, as pytest-django does.
"""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path

from django.db import connection


def make(name: str) -> None:
    """Make the template under the name or path given."""
    # Migrations make models by the ten thousand: to search all there is for garbage so often took a sixth of the time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 10, 10)
    connection.settings_dict["TEST"]["NAME"] = name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()


def is_given() -> bool:
    """Whether there is a template to start from."""
    return bool(os.environ.get("TEST_DATABASE_TEMPLATE"))


def start_from() -> None:
    """Let the test database of this process begin as a copy of the template; called before it is made."""
    template = os.environ["TEST_DATABASE_TEMPLATE"]
    connection.settings_dict["TEST"]["MIGRATE"] = False  # it has been
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = template
    else:
        for left_by_a_kill in ("-wal", "-shm"):
            copied_to().with_name(copied_to().name + left_by_a_kill).unlink(missing_ok=True)
        shutil.copyfile(template, copied_to())


def copied_to() -> Path:
    """Return the file of this process's SQLite database."""
    return Path(connection.settings_dict["TEST"]["NAME"])
