"""How an update writes: given fields replace, metadata merges key by key, an empty text takes away."""

from __future__ import annotations

from collections.abc import Iterable

from donations.stripe.fake.store import Thing


def merge_fields(thing: Thing, params: Thing, fields: Iterable[str]) -> Thing:
    """Write the given fields into an object; return the old values of what changed."""
    previous: Thing = {}
    for field in fields:
        if field not in params:
            continue
        new = _metadata(thing["metadata"], params[field]) if field == "metadata" else params[field]
        new = None if new == "" else new
        if thing[field] != new:
            previous[field] = thing[field]
            thing[field] = new
    return previous


def _metadata(known: dict[str, str], given: dict[str, str] | str) -> dict[str, str]:
    if not given:
        return {}
    merged = {**known, **dict(given)}  # type: ignore[arg-type]  # an empty text was answered above
    return {key: value for key, value in merged.items() if value != ""}
