"""A journal of the rows a verb changes, so that a mistaken one can be taken back as long as nothing was built on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import Model

from constituents.errors import CannotTakeBackError

# Kept true by themselves, and no sign that somebody touched the row.
_IGNORED = frozenset({"updated_at"})


class Journal:
    """What a verb did to which rows, in order; `entries` is plain JSON."""

    def __init__(self, entries: list[dict[str, Any]] | None = None) -> None:
        self.entries = entries if entries is not None else []

    def change(self, row: Model, **values: Any) -> None:
        """Set fields of a row, check and save it; nothing is written when nothing differs."""
        before = {name: getattr(row, name) for name in values}
        if before == values:
            return
        kept = _state(row)
        for name, value in values.items():
            setattr(row, name, value)
        row.full_clean(exclude=[name for name in ("display_name", "sort_name") if hasattr(row, name)])
        row.save()
        self.changed(row, kept)

    def changed(self, row: Model, before: dict[str, Any]) -> None:
        """Note a row another verb has changed; `before` is what `state_of` said of it."""
        after = _state(row)
        differing = [name for name in after if before.get(name) != after[name]]
        if differing:
            self._note(
                row,
                before={name: before[name] for name in differing},
                after={name: after[name] for name in differing},
            )

    def note(self, row: Model, *, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Note what to put back (`before`), as long as the row still says `after`."""
        self._note(row, before=before, after=after)

    def add(self, row: Model) -> None:
        """Check and save a new row."""
        row.full_clean(exclude=[name for name in ("display_name", "sort_name") if hasattr(row, name)])
        row.save()
        self.added(row)

    def added(self, row: Model, *, but: Iterable[str] = ()) -> None:
        """Note a row that is new; the columns in `but` may change without harm."""
        left_out = set(but)
        self._note(row, before=None, after={name: value for name, value in _state(row).items() if name not in left_out})

    def remove(self, row: Model) -> None:
        """Delete a row that may come back."""
        self._note(row, before=_state(row), after=None)
        row.delete()

    def _note(self, row: Model, *, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        self.entries.append({"model": row._meta.label, "pk": row.pk, "before": before, "after": after})

    def take_back(self) -> None:
        """Put every row back as it was, the last one first. Raises CannotTakeBackError when one has changed since."""
        for entry in reversed(self.entries):
            model = apps.get_model(entry["model"])
            row = model._base_manager.select_for_update().filter(pk=entry["pk"]).first()
            before, after = entry["before"], entry["after"]
            if after is None:
                model(pk=entry["pk"], **before).save(force_insert=True)
                continue
            if row is None or any(_state(row)[name] != value for name, value in after.items()):
                raise CannotTakeBackError(row or model._meta.verbose_name)
            if before is None:
                _refuse_if_built_on(row)
                row.delete()
                continue
            for name, value in before.items():
                setattr(row, name, row._meta.get_field(name).to_python(value))
            row.save()


def _refuse_if_built_on(row: Model) -> None:
    for relation in row._meta.related_objects:
        if relation.related_model._base_manager.filter(**{relation.field.name: row.pk}).exists():
            raise CannotTakeBackError(row)


def state_of(row: Model) -> dict[str, Any]:
    """Return what a row holds, for `Journal.changed`."""
    return _state(row)


def _state(row: Model) -> dict[str, Any]:
    """The row's columns as JSON keeps them."""
    fields = (field for field in row._meta.concrete_fields if not field.primary_key and field.name not in _IGNORED)
    return {field.attname: _plain(field.value_from_object(row)) for field in fields}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)
