"""Save a row that keeps its own rules, without asking the database beforehand what it will refuse anyway."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction


def save_valid(row: models.Model, *, exclude: Collection[str] = ()) -> None:
    """Clean a row and save it. Raises ValidationError, in the words of the field or the constraint that is wrong.

    `full_clean` asks the database about each constraint, each unique field and each relation, one query at a time.
    Nearly every row is right, and the database holds all of that itself: so it is asked in words only once it has
    refused. A relation whose object is at hand is not looked up again.
    """
    try:
        row.full_clean(exclude={*exclude, *_at_hand(row)}, validate_unique=False, validate_constraints=False)
        with transaction.atomic():
            row.save()
    except (IntegrityError, ValidationError):
        # All that is wrong, in words; what no word is found for is raised as it came.
        row.full_clean(exclude=exclude)
        raise


def _at_hand(row: models.Model) -> set[str]:
    """Return the relations that lead to an object which was loaded; one that restricts its choices is looked up."""
    return {
        field.name
        for field in row._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and field.is_cached(row)
        and (other := field.get_cached_value(row)) is not None
        and not other._state.adding
        and not field.get_limit_choices_to()
    }
