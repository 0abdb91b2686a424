"""The period: what a number of gifts, hours or contacts may be narrowed to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from constituents.segments.criteria import COMING, DATE_OPERATORS, Narrowing
from constituents.segments.dates import days_of
from constituents.segments.shapes import BadValueError, Input, Nothing, Sent

_OPERATORS = {key: (label, shape, says) for key, label, shape, says in (*DATE_OPERATORS, *COMING)}


class Period(Nothing):
    """An operator of dates and its value: `{"operator": "in_fiscal_year", "value": 2026}`."""

    def inputs(self, raw: Any) -> list[Input]:
        """Which, and its value."""
        raw = raw if isinstance(raw, Mapping) else {}
        chosen = raw.get("operator", "")
        choices = [("", _("at any time")), *((key, label) for key, (label, _shape, _says) in _OPERATORS.items())]
        select = Input("operator", _("When"), forms.Select(choices=choices), chosen)
        if chosen not in _OPERATORS:
            return [select]
        of_value = _OPERATORS[chosen][1].inputs(raw.get("value"))
        return [select, *(Input(f"value-{part.suffix}", part.label, part.widget, part.value) for part in of_value)]

    def read(self, sent: Sent) -> Any:
        """None for any time."""
        chosen = (sent("operator") or [""])[-1]
        if chosen not in _OPERATORS:
            return None
        shape = _OPERATORS[chosen][1]
        return {"operator": chosen, "value": shape.read(lambda suffix: sent(f"value-{suffix}"))}

    def parse(self, raw: Any) -> tuple[str, Any]:
        """Operator and typed value."""
        if not isinstance(raw, Mapping) or raw.get("operator") not in _OPERATORS:
            raise BadValueError(str(_("Say when.")))
        return raw["operator"], _OPERATORS[raw["operator"]][1].parse(raw.get("value"))

    def words(self, value: tuple[str, Any]) -> str:
        """Within the last 12 months."""
        _label, shape, says = _OPERATORS[value[0]]
        return str(says) % {"value": shape.words(value[1])}


PERIOD = Narrowing("period", _("When"), Period(), _(" %(value)s"))


def period_q(where: Mapping[str, Any], column: str, today: dt.date, *, instants: bool = False) -> Q:
    """Return the condition of a period on a column of dates, or of instants; any time when there is none."""
    if "period" not in where:
        return Q()
    operator, value = where["period"]
    days = days_of(operator, value, today)
    return days.q_of_instants(column) if instants else days.q(column)
