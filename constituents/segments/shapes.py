"""What a condition compares with: how it is asked for, read from a form, checked, and written in a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from constituents.segments.dates import Span, Unit
from core.money import format_amount
from core.theme.figures import day_in_words

Text = str | Promise
#: Returns what a form holds under a suffix: every value sent, in order.
Sent = Callable[[str], list[str]]
Choices = Callable[[], Iterable[tuple[Any, Text]]]


class BadValueError(Exception):
    """The value does not fit; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a form: the end of its name, what a screen reader calls it, its widget and what stands in it."""

    suffix: str
    label: Text
    widget: forms.Widget
    value: Any


class Nothing:
    """No value: the operator says it all."""

    def inputs(self, raw: Any) -> list[Input]:
        """Return the fields that ask for it."""
        return []

    def read(self, sent: Sent) -> Any:
        """Return what a form holds, as JSON."""
        return None

    def parse(self, raw: Any) -> Any:
        """Return the typed value. Raises BadValueError."""
        return None

    def words(self, value: Any) -> str:
        """Return the typed value in words."""
        return ""


class Words(Nothing):
    """A word or a few."""

    def inputs(self, raw: Any) -> list[Input]:
        """One line."""
        return [Input("", gettext_lazy("Words"), forms.TextInput(attrs={"size": 20}), raw)]

    def read(self, sent: Sent) -> Any:
        """As typed."""
        return _one(sent, "")

    def parse(self, raw: Any) -> str:
        """Something, and not a novel."""
        text = raw.strip() if isinstance(raw, str) else ""
        if not text:
            raise BadValueError(_("Type what to look for."))
        if len(text) > 255:
            raise BadValueError(_("Use fewer than 256 characters."))
        return text

    def words(self, value: str) -> str:
        """In quotation marks."""
        return _("“%(text)s”") % {"text": value}


@dataclass(frozen=True)
class Number(Nothing):
    """A number; `whole` without decimals."""

    whole: bool = False
    least: int | None = 0

    def inputs(self, raw: Any) -> list[Input]:
        """A number field."""
        mode = "numeric" if self.whole else "decimal"
        return [Input("", gettext_lazy("Number"), forms.TextInput(attrs={"inputmode": mode, "size": 8}), raw)]

    def read(self, sent: Sent) -> Any:
        """As typed."""
        return _one(sent, "")

    def parse(self, raw: Any) -> Decimal | int:
        """A number, not below the least."""
        try:
            number = Decimal(str(raw).strip())
        except InvalidOperation:
            raise BadValueError(_("Type a number.")) from None
        if not number.is_finite() or abs(number) >= Decimal(10) ** 12:
            raise BadValueError(_("Type a number."))
        if self.whole and number != int(number):
            raise BadValueError(_("Type a whole number."))
        if self.least is not None and number < self.least:
            raise BadValueError(_("Type %(least)s or more.") % {"least": self.least})
        return int(number) if self.whole else number

    def words(self, value: Decimal | int) -> str:
        """As a number."""
        return str(value) if self.whole else f"{value.normalize():f}"  # type: ignore[union-attr]


class Amount(Number):
    """An amount in the base currency."""

    def words(self, value: Decimal | int) -> str:
        """With the currency's decimals."""
        return format_amount(Decimal(value))


class Day(Nothing):
    """A date."""

    def inputs(self, raw: Any) -> list[Input]:
        """A date field of the browser's own."""
        return [Input("", gettext_lazy("Date"), forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), raw)]

    def read(self, sent: Sent) -> Any:
        """ISO."""
        return _one(sent, "")

    def parse(self, raw: Any) -> dt.date:
        """A date of the calendar."""
        try:
            return dt.date.fromisoformat(str(raw))
        except ValueError:
            raise BadValueError(_("Type a date.")) from None

    def words(self, value: dt.date) -> str:
        """In full."""
        return day_in_words(value, "medium")


@dataclass(frozen=True)
class Year(Nothing):
    """A year."""

    def inputs(self, raw: Any) -> list[Input]:
        """Four digits."""
        return [Input("", gettext_lazy("Year"), forms.TextInput(attrs={"inputmode": "numeric", "size": 4}), raw)]

    def read(self, sent: Sent) -> Any:
        """As typed."""
        return _one(sent, "")

    def parse(self, raw: Any) -> int:
        """A year somebody may have given in."""
        text = str(raw).strip()
        if not text.isdecimal() or not 1900 <= int(text) <= 2200:
            raise BadValueError(_("Type a year, such as 2026."))
        return int(text)

    def words(self, value: int) -> str:
        """Four digits."""
        return str(value)


class Length(Nothing):
    """A span of time: 12 months."""

    def inputs(self, raw: Any) -> list[Input]:
        """How many of what."""
        raw = raw if isinstance(raw, Mapping) else {}
        return [
            Input(
                "count",
                gettext_lazy("How many"),
                forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
                raw.get("count", ""),
            ),
            Input("unit", gettext_lazy("Of what"), forms.Select(choices=Unit.choices), raw.get("unit", Unit.MONTHS)),
        ]

    def read(self, sent: Sent) -> Any:
        """Both."""
        return {"count": _one(sent, "count"), "unit": _one(sent, "unit")}

    def parse(self, raw: Any) -> Span:
        """At least one, at most a century or two."""
        raw = raw if isinstance(raw, Mapping) else {}
        count = str(raw.get("count", "")).strip()
        if not count.isdecimal() or not 1 <= int(count) <= 5_000 or raw.get("unit") not in Unit.values:
            raise BadValueError(_("Type how many days, weeks, months or years."))
        unit = Unit(raw["unit"])
        if int(count) > {Unit.YEARS: 200, Unit.MONTHS: 2_400}.get(unit, 5_000):
            raise BadValueError(_("That is longer than anybody's records."))
        return Span(int(count), unit)

    def words(self, value: Span) -> str:
        """12 months."""
        return str(value)


@dataclass(frozen=True)
class Between(Nothing):
    """Two values, the smaller first."""

    of: Any

    def inputs(self, raw: Any) -> list[Input]:
        """From and to."""
        raw = raw if isinstance(raw, Mapping) else {}
        (first,), (last,) = self.of.inputs(raw.get("from", "")), self.of.inputs(raw.get("to", ""))
        return [
            Input("from", gettext_lazy("From"), first.widget, first.value),
            Input("to", gettext_lazy("To"), last.widget, last.value),
        ]

    def read(self, sent: Sent) -> Any:
        """Both."""
        return {"from": _one(sent, "from"), "to": _one(sent, "to")}

    def parse(self, raw: Any) -> tuple[Any, Any]:
        """Both, in order."""
        raw = raw if isinstance(raw, Mapping) else {}
        first, last = self.of.parse(raw.get("from", "")), self.of.parse(raw.get("to", ""))
        if first > last:
            raise BadValueError(_("The first of the two must not be larger than the second."))
        return first, last

    def words(self, value: tuple[Any, Any]) -> str:
        """From and to."""
        return _("%(first)s and %(last)s") % {"first": self.of.words(value[0]), "last": self.of.words(value[1])}


_WHICH = gettext_lazy("Which")


@dataclass(frozen=True)
class Options(Nothing):
    """Some of several: rows of a table, or words of ours. What is chosen and no longer there is an error."""

    choices: Choices
    label: Text = _WHICH

    def inputs(self, raw: Any) -> list[Input]:
        """Boxes to tick."""
        chosen = [str(value) for value in raw] if isinstance(raw, list) else []
        choices = [(str(value), label) for value, label in self.choices()]
        return [Input("", self.label, forms.CheckboxSelectMultiple(choices=choices), chosen)]

    def read(self, sent: Sent) -> Any:
        """What was ticked, as it is kept."""
        kept = {str(value): value for value, _label in self.choices()}
        return [kept.get(value, value) for value in sent("")]

    def parse(self, raw: Any) -> list[Any]:
        """At least one, all of them known."""
        if not isinstance(raw, list) or not raw:
            raise BadValueError(_("Choose at least one."))
        known = {str(value): value for value, _label in self.choices()}
        for value in raw:
            if str(value) not in known:
                raise BadValueError(_("One of what was chosen here is no longer there: choose anew."))
        return [known[str(value)] for value in raw]

    def words(self, value: list[Any]) -> str:
        """Their names."""
        names = {str(key): str(label) for key, label in self.choices()}
        return either([names[str(key)] for key in value])


@dataclass(frozen=True)
class Pick(Nothing):
    """One of each of several lists, such as a purpose and a channel."""

    lists: Mapping[str, tuple[Text, Choices]]
    says: Text

    def inputs(self, raw: Any) -> list[Input]:
        """A select each."""
        raw = raw if isinstance(raw, Mapping) else {}
        return [
            Input(name, label, forms.Select(choices=list(choices())), raw.get(name, ""))
            for name, (label, choices) in self.lists.items()
        ]

    def read(self, sent: Sent) -> Any:
        """All of them."""
        return {name: _one(sent, name) for name in self.lists}

    def parse(self, raw: Any) -> dict[str, str]:
        """All of them, known."""
        raw = raw if isinstance(raw, Mapping) else {}
        for name, (label, choices) in self.lists.items():
            if raw.get(name) not in {key for key, _label in choices()}:
                raise BadValueError(_("Choose: %(what)s.") % {"what": label})
        return {name: raw[name] for name in self.lists}

    def words(self, value: dict[str, str]) -> str:
        """As the sentence says."""
        names = {name: str(dict(choices())[value[name]]).lower() for name, (_label, choices) in self.lists.items()}
        return str(self.says) % names


def either(names: list[str]) -> str:
    """Join names with "or"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s or %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def _one(sent: Sent, suffix: str) -> str:
    values = sent(suffix)
    return values[-1].strip() if values else ""
