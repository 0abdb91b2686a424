"""Taking the protecting triggers off: only tests may, and only while they empty tables."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from core import triggers


@contextmanager
def lifted() -> Iterator[None]:
    """Let protected rows be changed and deleted inside the block."""
    triggers.drop()
    try:
        yield
    finally:
        triggers.install()


@contextmanager
def asleep() -> Iterator[None]:
    """Let this connection alone change what is protected: PostgreSQL can, without making a hundred triggers anew."""
    if connection.vendor != "postgresql" or not _is_superuser():
        with lifted():
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def _is_superuser() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])
