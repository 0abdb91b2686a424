"""Columns for lists: amounts to the right, dates that read, states as chips."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.utils.text import capfirst
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.coreutils import multigetattr

from core.money import Money, format_amount

__all__ = [
    "AmountColumn",
    "BooleanColumn",
    "DateColumn",
    "FieldColumn",
    "LinkColumn",
    "MomentColumn",
    "NumberColumn",
    "StatusChipColumn",
    "TitleColumn",
]


class FieldColumn(Column):
    """A column that takes its heading and its order from the model's field, when it is one and nothing else is said."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self._said = {key for key in ("label", "sort_key") if key in kwargs}

    def learn(self, model: type[Model]) -> None:
        """Take the heading and the order from the model."""
        try:
            field = model._meta.get_field(self.name)
        except FieldDoesNotExist:
            return
        if not isinstance(field, Field):
            return
        if "label" not in self._said:
            self.label = capfirst(field.verbose_name)
        if "sort_key" not in self._said and field.concrete and not field.many_to_many:
            self.sort_key = self.name


class NumberColumn(FieldColumn):
    """A number, to the right, in figures of one width."""

    cell_template_name = "wagtailadmin/steward/cells/number.html"

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name, **{"classname": "s-amount", **kwargs})


class AmountColumn(NumberColumn):
    """An amount with its currency: `AmountColumn("amount", currency="currency")`, or of a Money."""

    def __init__(self, name: str, *, currency: str | None = "currency", **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.currency = currency

    def get_value(self, instance: Model) -> str:
        """Return the amount as people write it; empty for none."""
        value = super().get_value(instance)
        if value is None or isinstance(value, Money):
            return "" if value is None else str(value)
        return format_amount(value, multigetattr(instance, self.currency) if self.currency else None)


class DateColumn(FieldColumn):
    """A date, not how long ago it was."""

    cell_template_name = "wagtailadmin/steward/cells/date.html"

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name, **{"classname": "s-date", **kwargs})


class MomentColumn(FieldColumn):
    """An instant: its date and time in the organisation's zone."""

    cell_template_name = "wagtailadmin/steward/cells/moment.html"


class LinkColumn(FieldColumn):
    """A link to somewhere else than the record: `LinkColumn("donor", get_url=lambda gift: ...)`."""

    cell_template_name = "wagtailadmin/steward/cells/link.html"

    def __init__(self, name: str, *, get_url: Callable[[Any], str | None], **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.get_url = get_url

    def get_cell_context_data(self, instance: Any, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Add the address."""
        return super().get_cell_context_data(instance, parent_context) | {"url": self.get_url(instance)}


class StatusChipColumn(FieldColumn):
    """A state as a chip. `tones` says which values are "good", "waiting" or "wrong"; others are plain.

    StatusChipColumn("status", tones={"posted": "good", "draft": "waiting", "void": "wrong"})
    """

    cell_template_name = "wagtailadmin/steward/cells/chip.html"

    def __init__(self, name: str, *, tones: Mapping[Any, str] | None = None, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        self.tones = tones or {}

    def get_cell_context_data(self, instance: Any, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Add the tone, and the words of a choice in place of its value."""
        context = super().get_cell_context_data(instance, parent_context)
        display = getattr(instance, f"get_{self.accessor}_display", None)
        return context | {
            "tone": self.tones.get(str(context["value"]), ""),
            "value": display() if display else context["value"],
        }
