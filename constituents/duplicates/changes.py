"""Whose record changed since an instant, whoever changed it and in whichever of its tables."""

from __future__ import annotations

import datetime as dt

from django.contrib.contenttypes.models import ContentType

from constituents.models import Constituent, Household, HouseholdMembership
from core.audit.models import AuditEntry


def changed_since(instant: dt.datetime) -> set[int]:
    """Return the keys of those who were added or changed, told by the record itself and by the audit."""
    changed = set(Constituent.objects.current().filter(updated_at__gte=instant).order_by().values_list("pk", flat=True))
    entries = AuditEntry.objects.filter(timestamp__gte=instant)
    for model, column, key in (
        (Constituent, "content_type", "object_id"),
        (Constituent, "about_content_type", "about_id"),
        (Household, "content_type", "object_id"),
    ):
        kind = ContentType.objects.get_for_model(model)
        found = entries.filter(**{column: kind}).order_by().values_list(key, flat=True).distinct()
        keys = {int(value) for value in found if value}
        if model is Household:
            keys = set(HouseholdMembership.objects.filter(household__in=keys).values_list("person_id", flat=True))
        changed |= keys
    return changed
