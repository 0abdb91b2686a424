"""Who wrote, as it was on the day of issue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import storages
from django_countries.fields import Country


@dataclass(frozen=True, slots=True)
class Letterhead:
    """A core.documents.Sender out of a snapshot."""

    printed_name: str
    address_lines: list[str]
    country: Country | str
    email: str
    phone: str
    website: str
    registration_number: str
    accent_colour: str
    logo: bytes | None
    signature: bytes | None
    signatory_name: str
    signatory_title: str

    @property
    def name(self) -> str:
        """The name that stands for the logo where it is read aloud."""
        return self.printed_name

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Letterhead:
        """Return the letterhead of a snapshot."""
        return cls(
            printed_name=kept["name"],
            address_lines=kept["lines"],
            country=Country(kept["country"]) if kept["country"] else "",
            email=kept["email"],
            phone=kept["phone"],
            website=kept["website"],
            registration_number=kept["registration_number"],
            accent_colour=kept["accent"],
            logo=_picture(kept["logo"]),
            signature=_picture(kept["signature"]),
            signatory_name=kept["signatory_name"],
            signatory_title=kept["signatory_title"],
        )


def _picture(path: str) -> bytes | None:
    if not path:
        return None
    with storages["private"].open(path, "rb") as file:
        return file.read()
