"""Why a pair: what was seen of it, kept as codes and said in words. No value of a record stands in a reason."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from constituents.duplicates.comparisons import Seen
from constituents.models import CustomField

# The code of a pair that has little in common itself, but whose both records look like a third.
LINKED = "linked"

_WORDS = {
    "given.same": gettext_lazy("same given name"),
    "given.nickname": gettext_lazy("one given name is short for the other"),
    "given.near": gettext_lazy("given name spelt a little differently"),
    "given.part": gettext_lazy("one of several given names is the same"),
    "given.similar": gettext_lazy("given name sounds alike"),
    "given.initial": gettext_lazy("given name starts with the same letter"),
    "given.swapped": gettext_lazy("given and family name swapped"),
    "given.different": gettext_lazy("but another given name"),
    "family.same": gettext_lazy("same family name"),
    "family.near": gettext_lazy("family name spelt a little differently"),
    "family.part": gettext_lazy("one half of the family name is the same"),
    "family.similar": gettext_lazy("family name sounds alike"),
    "family.different": gettext_lazy("but another family name"),
    "middle.same": gettext_lazy("same middle name"),
    "middle.initial": gettext_lazy("same middle initial"),
    "middle.different": gettext_lazy("but another middle name"),
    "suffix.different": gettext_lazy("but another suffix"),
    "birth.same": gettext_lazy("same birth date"),
    "birth.swapped": gettext_lazy("birth date: day and month swapped"),
    "birth.one_digit": gettext_lazy("birth date: one figure differs"),
    "birth.two_digits": gettext_lazy("birth date: two figures differ"),
    "birth.two_parts": gettext_lazy("birth date: two of day, month and year are the same"),
    "birth.one_part": gettext_lazy("same year of birth"),
    "birth.different": gettext_lazy("but another birth date"),
    "birth.generation": gettext_lazy("but born many years apart"),
    "birth_year.same": gettext_lazy("same year of birth"),
    "birth_year.near": gettext_lazy("born a year apart"),
    "birth_year.different": gettext_lazy("but another year of birth"),
    "birth_year.generation": gettext_lazy("but born many years apart"),
    "birth_day.same": gettext_lazy("same birthday"),
    "birth_day.different": gettext_lazy("but another birthday"),
    "organisation.same": gettext_lazy("same name"),
    "organisation.near": gettext_lazy("name spelt a little differently"),
    "organisation.part": gettext_lazy("one name is a part of the other"),
    "organisation.similar": gettext_lazy("similar name"),
    "organisation.different": gettext_lazy("but another name"),
    "email.same": gettext_lazy("same e-mail"),
    "email.near": gettext_lazy("e-mail spelt a little differently"),
    "email.part": gettext_lazy("same e-mail name at another provider"),
    "email.different": gettext_lazy("but another e-mail"),
    "phone.same": gettext_lazy("same telephone number"),
    "phone.near": gettext_lazy("telephone number: one figure differs"),
    "phone.similar": gettext_lazy("telephone number: two figures differ"),
    "phone.different": gettext_lazy("but another telephone number"),
    "address.same": gettext_lazy("same address"),
    "street.same": gettext_lazy("same street"),
    "street.near": gettext_lazy("street spelt a little differently"),
    "street.similar": gettext_lazy("similar street"),
    "street.different": gettext_lazy("but another street"),
    "extra.same": gettext_lazy("same second line of the address"),
    "extra.near": gettext_lazy("second line of the address spelt a little differently"),
    "town.same": gettext_lazy("same postcode and town"),
    "postcode.same": gettext_lazy("same postcode"),
    "postcode.near": gettext_lazy("postcode: one figure differs"),
    "city.same": gettext_lazy("same town"),
    "city.near": gettext_lazy("town spelt a little differently"),
    "registration.same": gettext_lazy("same registration number"),
    "registration.different": gettext_lazy("but another registration number"),
    LINKED: gettext_lazy("both look like another record of this group"),
}
# What says most stands first.
_FIELDS = (
    *("email", "phone", "registration", "organisation", "birth", "birth_year", "birth_day"),
    *("given", "family", "middle", "suffix", "address", "street"),
)
_RANK = {field: rank for rank, field in enumerate(_FIELDS)}


def codes(seen: Iterable[Seen]) -> list[str]:
    """Return what was seen as codes, the agreements first."""
    found = [f"{field}.{level}" for field, level, _value in seen]
    if "street.same" in found and "number.same" in found:
        found = ["address.same", *(code for code in found if code not in ("street.same", "number.same"))]
    told = [code for code in found if code in _WORDS or (code.startswith("custom:") and not code.endswith("similar"))]
    return sorted(told, key=lambda code: (speaks_against(code), _RANK.get(code.partition(".")[0], len(_RANK))))


def speaks_against(code: str) -> bool:
    """Whether what the code says makes the pair less likely."""
    return code.endswith((".different", ".generation"))


def in_words(codes: Iterable[str], labels: dict[str, str] | None = None) -> list[str]:
    """Return the codes as a person would say them; `labels` are the names of the custom fields by key."""
    said = []
    for code in codes:
        if code in _WORDS:
            said.append(str(_WORDS[code]))
        elif code.startswith("custom:"):
            key, _dot, level = code.removeprefix("custom:").rpartition(".")
            words = {
                "same": _("same “%(field)s”"),
                "near": _("“%(field)s” differs by one figure or letter"),
            }.get(level, _("but another “%(field)s”"))
            said.append(words % {"field": (labels or {}).get(key, key)})
    return said


def field_labels() -> dict[str, str]:
    """Return the names of the custom fields by key."""
    return dict(CustomField.objects.values_list("key", "label"))
