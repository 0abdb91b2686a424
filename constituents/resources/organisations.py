"""Organisations in files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from constituents.models import ContactKind, Kind
from constituents.resources.matching import party_name
from constituents.resources.parties import PartyType
from core.imports.drafts import Item, hashed


class OrganisationType(PartyType):
    """An organisation."""

    name = "organisation"
    label = _("Organisation")
    label_plural = _("Organisations")
    order = 20
    kind = Kind.ORGANISATION
    address_kind = ContactKind.WORK
    names = frozenset({"organisation_name"})
    scalars = ("organisation_name", "legal_name", "registration_number", "website", "language", "do_not_contact")

    def weak_keys(self, item: Item) -> list[str]:
        """Within the files of one system an organisation's name is told apart by its postal code, where it has one."""
        address = item.values.get("address") or {}
        place = address.get("postal_code") or address.get("city") or ""
        name = party_name(item.values)
        keys = super().weak_keys(item)
        keys.append(hashed(self.name, "place", place.lower().replace(" ", ""), name))
        if place:
            # A later row with nothing but the name means the first organisation so called.
            keys.append(hashed(self.name, "place", "", name))
        return keys
