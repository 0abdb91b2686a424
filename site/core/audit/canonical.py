"""One text for one value: what the audit stores, and what it hashes, on either database and in any year."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise

from core.money import Money


def plain(value: Any) -> Any:
    """Return the value in JSON's own types: amounts and dates as text, records as their key, the rest as it prints."""
    match value:
        case Enum():
            return plain(value.value)
        case None | bool() | int():
            return value
        case str() | Promise():
            return str(value).replace("\x00", "\N{REPLACEMENT CHARACTER}")  # which PostgreSQL cannot store
        case dt.datetime():
            return (value.astimezone(dt.UTC) if value.tzinfo else value).isoformat()
        case dt.date() | dt.time():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case Money():
            return f"{value.plain} {value.currency}"
        case Model():
            return plain(value.pk)
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case set() | frozenset():
            return sorted((plain(item) for item in value), key=str)
        case bytes():
            return value.hex()
        case Iterable():
            return [plain(item) for item in value]
    return plain(str(value))


def canonical(value: Any) -> str:
    """Return the value as JSON with sorted keys, no spaces and nothing beyond ASCII."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def digest(*parts: str) -> str:
    """Return the SHA-256, in hexadecimal, of the parts; no two lists of parts share a text."""
    return hashlib.sha256(canonical(parts).encode("ascii")).hexdigest()


def commit(salt: str, data: Mapping[str, Any]) -> str:
    """Return the commitment to a payload: what the chain keeps of it when it is gone."""
    return digest(salt, canonical(data))
