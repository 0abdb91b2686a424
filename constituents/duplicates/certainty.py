"""When a pair admits no other reading: what an automatic merge may be offered for, and nothing else.

Full name, whole birth date and one thing more that is the person's own must agree, and nothing personal may speak
against it. Father and son differ in the birth date, twins in the given name, namesakes in all that is their own.
"""

from __future__ import annotations

from constituents.duplicates.comparisons import DIFFERENT, GENERATION, NICKNAME, SAME, Seen
from constituents.duplicates.frequencies import Frequencies

# A value more records share than this is nobody's own.
_OWN = 4
# A custom field's value as long as this may be an id; "red" is not.
_LONG = 5


def is_certain(seen: list[Seen], frequencies: Frequencies) -> bool:
    """Return whether what was seen of a pair leaves no doubt."""
    levels = {field: level for field, level, _ in seen}
    if any(levels.get(field) in (DIFFERENT, GENERATION) for field in ("middle", "suffix", "birth_year")):
        return False
    at_one_address = levels.get("street") == SAME == levels.get("number") and (
        SAME in (levels.get("town"), levels.get("postcode"))
    )
    own = {
        field
        for field, level, value in seen
        if level == SAME
        and (field in ("email", "phone") or (field.startswith("custom:") and len(value) >= _LONG))
        and frequencies.values[field].get(value, 1) <= _OWN
    }
    if "organisation" in levels:
        return levels["organisation"] == SAME and at_one_address and bool(own)
    named = levels.get("given") in (SAME, NICKNAME) and levels.get("family") == SAME
    return named and levels.get("birth") == SAME and (at_one_address or bool(own))
