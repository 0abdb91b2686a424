"""Fields of the organisation's own, filled for those who were asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from constituents.models import Constituent, CustomValue, ValueType
from constituents.services.field_setup import add_field
from core.demo import DemoPlan
from core.sets import insert_values

_FIELDS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "T-shirt size",
        {
            "value_type": ValueType.CHOICE,
            "choices": ["S", "M", "L", "XL"],
            "applies_to": "person",
            "help_text": "For crew shirts: ask when somebody signs up for their first shift.",
        },
    ),
    (
        "How they found us",
        {"value_type": ValueType.CHOICE, "choices": ["A friend", "The market", "The newspaper", "Our website"]},
    ),
    ("First came aboard", {"value_type": ValueType.DATE, "applies_to": "person"}),
    ("Children at home", {"value_type": ValueType.NUMBER, "applies_to": "person"}),
    ("Can host a meeting", {"value_type": ValueType.YES_NO}),
    (
        "Allergies",
        {
            "value_type": ValueType.TEXT,
            "applies_to": "person",
            "is_sensitive": True,
            "why_held": "So that the kitchen serves nobody what harms them.",
        },
    ),
)
_ALLERGIES = ("Walnuts", "Shellfish", "Gluten", "Penicillin", "Bee stings")


def add_custom_values(plan: DemoPlan) -> dict[str, int]:
    """Define a few fields and fill them for about a third of the people."""
    rng = plan.random("custom")
    size, found, aboard, children, hosts, allergies = (
        add_field(by=None, label=label, **facts) for label, facts in _FIELDS
    )

    def values(pk: int) -> Iterator[dict[str, Any]]:
        if rng.random() < 0.3:
            yield {"constituent_id": pk, "field_id": size.pk, "text": rng.choice(size.choices)}
        if rng.random() < 0.25:
            yield {"constituent_id": pk, "field_id": found.pk, "text": rng.choice(found.choices)}
        if rng.random() < 0.15:
            since = plan.today - dt.timedelta(days=rng.randrange(30, 3_000))
            yield {"constituent_id": pk, "field_id": aboard.pk, "date": since}
        if rng.random() < 0.1:
            yield {"constituent_id": pk, "field_id": children.pk, "number": rng.randrange(4)}
        if rng.random() < 0.1:
            yield {"constituent_id": pk, "field_id": hosts.pk, "yes_no": rng.random() < 0.4}
        if rng.random() < 0.04:
            yield {"constituent_id": pk, "field_id": allergies.pk, "text": rng.choice(_ALLERGIES)}

    people = Constituent.objects.people().order_by("pk").values_list("pk", flat=True)
    rows: list[dict[str, Any]] = []
    count = 0
    for pk in people.iterator(chunk_size=5_000):
        rows += values(pk)
        if len(rows) >= 5_000:
            count += len(rows)
            insert_values(CustomValue, rows)
            rows = []
    insert_values(CustomValue, rows)
    return {"custom_values": count + len(rows)}
