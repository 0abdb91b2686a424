"""The file of a receipt: drawn from its snapshot, kept under one name, hashed. Knows no database; helpers run it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.core.files.base import ContentFile
from django.core.files.storage import Storage

from donations.documents import draw_receipt
from donations.models.receipt import private_storage

ToDraw = tuple[str, Mapping[str, Any]]


class StoredFile(NamedTuple):
    """Where a receipt's file is, and what proves that it is the one."""

    path: str
    sha256: str
    byte_count: int


def draw_and_store(to_draw: Sequence[ToDraw]) -> list[StoredFile]:
    """Draw each (path, snapshot) and store it under its path; doing so again changes nothing."""
    storage = private_storage()
    return [_stored(storage, path, draw_receipt(snapshot)) for path, snapshot in to_draw]


def _stored(storage: Storage, path: str, content: bytes) -> StoredFile:
    """Store the file under its one name. What an attempt killed half-way left there is replaced."""
    sealed = StoredFile(path, hashlib.sha256(content).hexdigest(), len(content))
    if storage.exists(path):
        with storage.open(path, "rb") as file:
            if file.read() == content:
                return sealed
        storage.delete(path)
    return sealed._replace(path=storage.save(path, ContentFile(content)))
