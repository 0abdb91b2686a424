"""An entry to be: what a verb says about what it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Model

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One entry to be, for `record_many()`; the fields are `record()`'s arguments."""

    verb: str
    obj: Model
    by: AbstractUser | None
    old: Mapping[str, Any] | None = None
    new: Mapping[str, Any] | None = None
    reason: str = ""
    about: Model | None = None
    deleted: bool = False
    label: str | None = None
    """What the record is called; its own words when None."""

    @property
    def actor(self) -> AbstractUser | None:
        """The account that acted; None for Steward itself and for somebody not signed in."""
        return self.by if self.by is not None and self.by.pk else None

    @property
    def data(self) -> dict[str, Any]:
        """The payload: everything that may name a person."""
        data: dict[str, Any] = {
            "label": str(self.obj) if self.label is None else self.label,
            "actor": str(self.actor) if self.actor else "",
            "reason": self.reason,
        }
        return data | {key: dict(values) for key, values in (("old", self.old), ("new", self.new)) if values}
