"""Where private files are kept."""

from __future__ import annotations

from django.core.files.storage import Storage, storages


def private_storage() -> Storage:
    """Return the storage that no public address leads to."""
    return storages["private"]
