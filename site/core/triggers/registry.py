"""Which rows are protected, as the rooms declare it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from django.db.models import Model
    from django.utils.functional import _StrPromise

_rules: dict[str, Rule] = {}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What the database refuses for the rows of one model."""

    model_label: str
    name: str
    message: str | _StrPromise
    updates_of: tuple[str, ...] | None
    fills: tuple[str, ...]
    when: str
    deletes: bool
    inserts_when: str

    @property
    def model(self) -> type[Model]:
        """The model that the label names."""
        return apps.get_model(self.model_label)

    @property
    def frozen_columns(self) -> list[str]:
        """The columns whose value stays, in the order of the model's fields."""
        columns = self._columns()
        frozen = columns if self.updates_of is None else self.updates_of
        return [columns[name] for name in columns if name in frozen and name not in self.fills]

    @property
    def fill_columns(self) -> list[str]:
        """The columns that may be filled once."""
        columns = self._columns()
        return [columns[name] for name in self.fills]

    def _columns(self) -> dict[str, str]:
        """Return the column of each stored field; raise ImproperlyConfigured when the rule names one that is not."""
        fields = [field for field in self.model._meta.local_concrete_fields if not field.generated]
        columns = {field.name: str(field.column) for field in fields}
        if unknown := sorted({*(self.updates_of or ()), *self.fills} - columns.keys()):
            raise ImproperlyConfigured(f"{self.model_label} has no field {', '.join(unknown)} to protect.")
        return columns


def protect(
    model_label: str,
    *,
    name: str,
    message: str | _StrPromise,
    updates_of: Sequence[str] | None = None,
    fills: Sequence[str] = (),
    when: str = "",
    deletes: bool = True,
    inserts_when: str = "",
) -> None:
    """Declare that rows of a model keep their values; call it from `AppConfig.ready()`.

    `name` is unique, `message` one sentence for the person who tried. `updates_of` names the frozen fields (None: all
    of them; an empty list: only deletes are refused). A field in `fills` may go from NULL to a value, once. `when` is a
    condition on `OLD` in SQL that both databases read, such as `OLD.status <> 'draft'` or `OLD.posted_at IS NOT NULL`;
    rows that do not meet it stay free. With `deletes`, deleting (and, on PostgreSQL, truncating) is refused too.
    `inserts_when` is a condition on `NEW`, which may ask other tables: a new row that meets it is refused.
    Writing the value that is already there is always allowed.
    """
    rule = Rule(
        model_label=model_label,
        name=name,
        message=message,
        updates_of=None if updates_of is None else tuple(updates_of),
        fills=tuple(fills),
        when=when,
        deletes=deletes,
        inserts_when=inserts_when,
    )
    if _rules.setdefault(name, rule) != rule:
        raise ImproperlyConfigured(f"Two rules of core.triggers are called {name!r}.")


def rules() -> Iterable[Rule]:
    """Every declared rule."""
    return _rules.values()
