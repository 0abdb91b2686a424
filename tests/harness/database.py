"""The test database as another process is told of it."""

from __future__ import annotations

from urllib.parse import quote

from django.db import connection


def database_url() -> str:
    """Return the `DATABASE_URL` of the database the tests run on."""
    here = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{here['NAME']}"
    secret = quote(here["PASSWORD"], safe="")
    return f"postgresql://{here['USER']}:{secret}@{here['HOST']}:{here['PORT']}/{here['NAME']}"
