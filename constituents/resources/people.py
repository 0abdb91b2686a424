"""People in files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from constituents.models import Kind
from constituents.resources.matching import TELLING, party_name
from constituents.resources.parties import PartyType
from core.imports.drafts import Item, hashed


class PersonType(PartyType):
    """A person."""

    name = "person"
    label = _("Person")
    label_plural = _("People")
    order = 10
    kind = Kind.PERSON
    names = frozenset({"given_name", "middle_name", "family_name", "suffix", "preferred_name"})
    scalars = (
        "title",
        "given_name",
        "middle_name",
        "family_name",
        "suffix",
        "preferred_name",
        "former_names",
        "pronouns",
        "birth_year",
        "birth_month",
        "birth_day",
        "occupation",
        "is_deceased",
        "do_not_contact",
        "language",
        "website",
    )

    def weak_keys(self, item: Item) -> list[str]:
        """A birthday tells people apart too, and so does what is known of one, or a suffix."""
        values = item.values
        keys = super().weak_keys(item)
        if values.get("birth_year") and values.get("birth_day"):
            born = f"{values['birth_year']}-{values['birth_month']}-{values['birth_day']}"
            keys.insert(0, hashed(self.name, "born", born, party_name(values)))
        elif any(values.get(part) for part in TELLING):
            # John Ray Sr. and John Ray Jr. at one address have an id each; "John Ray" there is either.
            told = [str(values.get(part) or "") for part in TELLING]
            keys[:0] = [hashed(key, *told) for key in keys]
        return keys
