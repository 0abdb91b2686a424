"""The builder's two directions: what a form holds to conditions, finished or not, and conditions to rows of a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from constituents.segments.criteria import Criterion, Text
from constituents.segments.tree import MOST_CONDITIONS, MOST_LEVELS

MATCHES = (
    ("all", _("all of these hold")),
    ("any", _("at least one of these holds")),
    ("none", _("none of these holds")),
)
#: A condition that is yet to be chosen.
BLANK: dict[str, Any] = {"criterion": ""}


def read_draft(data: Any, name: str, known: Mapping[str, Criterion]) -> dict[str, Any]:
    """Return what stands on the form after the press of a button: `add:0`, `group:0-1`, `remove:0-1-2`.

    On a slow line several presses come together. All of them are about the form as it stands: what goes, goes when all
    is added, each once and the last first, so that every place still counts.
    """
    draft = _read(data, name, known, 0)
    presses = [_pressed(press) for press in _all(data, f"{name}-do")]
    for doing, path in presses:
        _do(draft, doing, path)
    for gone in sorted({tuple(path) for doing, path in presses if doing == "remove" and path}, reverse=True):
        _remove(draft, gone)
    return draft


def _pressed(press: str) -> tuple[str, list[int]]:
    doing, _colon, place = press.partition(":")
    return doing, [int(part) for part in place.split("-") if part.isdecimal()]


def _read(data: Any, prefix: str, known: Mapping[str, Criterion], level: int) -> dict[str, Any]:
    count = _one(data, f"{prefix}-n")
    if count is None or level >= MOST_LEVELS:
        return _read_condition(data, prefix, known)
    number = min(int(count), MOST_CONDITIONS) if count.isdecimal() else 0
    return {
        "match": _one(data, f"{prefix}-match") or "all",
        "of": [_read(data, f"{prefix}-{index}", known, level + 1) for index in range(number)],
    }


def _read_condition(data: Any, prefix: str, known: Mapping[str, Criterion]) -> dict[str, Any]:
    key = _one(data, f"{prefix}-criterion") or ""
    criterion = known.get(key)
    if criterion is None:
        return {"criterion": key}
    asked = _one(data, f"{prefix}-operator")
    operator = criterion.operators.get(asked or "") or next(iter(criterion.operators.values()))
    read: dict[str, Any] = {"criterion": key, "operator": operator.key}
    value = operator.shape.read(_sent(data, f"{prefix}-value"))
    # What was typed for another criterion or another way to compare says nothing here.
    if value is not None:
        read["value"] = value if _one(data, f"{prefix}-was") == f"{key}|{operator.key}" else None
    where = {
        narrowing.key: narrowed
        for narrowing in criterion.narrowings
        if (narrowed := narrowing.shape.read(_sent(data, f"{prefix}-{narrowing.key}"))) not in (None, "", [])
    }
    return read | ({"where": where} if where else {})


def _do(draft: dict[str, Any], doing: str, path: list[int]) -> None:
    try:
        match doing:
            case "add":
                _at(draft, path)["of"].append(deepcopy(BLANK))
            case "group":
                _at(draft, path)["of"].append({"match": "any", "of": [deepcopy(BLANK)]})
    except (IndexError, KeyError):
        return  # a button of a page that has since changed


def _remove(draft: dict[str, Any], path: Sequence[int]) -> None:
    try:
        del _at(draft, path[:-1])["of"][path[-1]]
    except (IndexError, KeyError):
        return  # as above


def _at(draft: dict[str, Any], path: Sequence[int]) -> dict[str, Any]:
    for index in path:
        draft = draft["of"][index]
    return draft


def _sent(data: Any, prefix: str) -> Callable[[str], list[str]]:
    return lambda suffix: _all(data, f"{prefix}-{suffix}" if suffix else prefix)


def _all(data: Any, name: str) -> list[str]:
    if hasattr(data, "getlist"):
        return data.getlist(name)
    value = data.get(name, [])
    return list(value) if isinstance(value, list | tuple) else [value]


def _one(data: Any, name: str) -> str | None:
    values = _all(data, name)
    return values[-1] if values else None


@dataclass(frozen=True)
class DraftInput:
    """One input, drawn."""

    label: Text
    html: SafeString
    is_group: bool
    id: str


@dataclass
class DraftRow:
    """A condition or a group, as the template draws it."""

    prefix: str
    path: str
    number: str
    fault: str = ""
    is_group: bool = False
    # Of a group
    match: SafeString | None = None
    rows: list[DraftRow] = field(default_factory=list)
    may_nest: bool = False
    # Of a condition
    criterion: SafeString | None = None
    operator: SafeString | None = None
    was: str = ""
    inputs: list[DraftInput] = field(default_factory=list)
    period: list[DraftInput] = field(default_factory=list)
    narrowings: list[tuple[Text, list[DraftInput]]] = field(default_factory=list)
    narrowed: bool = False


class Draft:
    """Draws conditions as rows of a form."""

    def __init__(self, name: str, known: Mapping[str, Criterion], faults: Mapping[str, str]) -> None:
        self.name, self.known, self.faults = name, known, faults
        headings: dict[str, list[tuple[str, Text]]] = {}
        for key, criterion in known.items():
            headings.setdefault(str(criterion.group), []).append((key, criterion.label))
        self.criteria = [("", _("Choose…")), *headings.items()]

    def group(self, raw: Mapping[str, Any], path: str = "") -> DraftRow:
        """Return a group with its rows."""
        row = self._row(path, is_group=True, may_nest=path.count("-") + bool(path) < MOST_LEVELS - 2)
        row.match = _select(f"{row.prefix}-match", MATCHES, raw.get("match"), label=_("Found if"))
        of = raw.get("of")
        for index, part in enumerate(of if isinstance(of, list) else []):
            part_path = f"{path}-{index}" if path else str(index)
            is_group = isinstance(part, Mapping) and "of" in part
            row.rows.append(self.group(part, part_path) if is_group else self.condition(part, part_path))
        return row

    def condition(self, raw: Any, path: str) -> DraftRow:
        """Return a condition with the inputs its criterion and operator ask for."""
        raw = raw if isinstance(raw, Mapping) else BLANK
        row = self._row(path)
        key = str(raw.get("criterion") or "")
        row.criterion = _select(f"{row.prefix}-criterion", self.criteria, key, label=_("What to look at"))
        criterion = self.known.get(key)
        if criterion is None:
            return row
        operator = criterion.operators.get(str(raw.get("operator"))) or next(iter(criterion.operators.values()))
        choices = [(each.key, each.label) for each in criterion.operators.values()]
        row.operator = _select(f"{row.prefix}-operator", choices, operator.key, label=_("How it compares"))
        row.was = f"{key}|{operator.key}"
        row.inputs = _inputs(f"{row.prefix}-value", operator.shape, raw.get("value"))
        where = raw.get("where") or {}
        for narrowing in criterion.narrowings:
            drawn = _inputs(f"{row.prefix}-{narrowing.key}", narrowing.shape, where.get(narrowing.key))
            if narrowing.key == "period":
                row.period = drawn
            else:
                row.narrowings.append((narrowing.label, drawn))
                row.narrowed = row.narrowed or narrowing.key in where
        return row

    def _row(self, path: str, **more: Any) -> DraftRow:
        prefix = f"{self.name}-{path}" if path else self.name
        number = ".".join(str(int(part) + 1) for part in path.split("-")) if path else ""
        return DraftRow(prefix=prefix, path=path, number=number, fault=self.faults.get(path, ""), **more)


def _select(name: str, choices: Any, value: Any, *, label: Text) -> SafeString:
    return forms.Select(choices=choices).render(name, value, {"id": f"id_{name}", "aria-label": label})


def _inputs(name: str, shape: Any, raw: Any) -> list[DraftInput]:
    drawn = []
    for part in shape.inputs(raw):
        full = f"{name}-{part.suffix}" if part.suffix else name
        is_group = isinstance(part.widget, forms.CheckboxSelectMultiple)
        attrs = {"id": f"id_{full}"} | ({} if is_group else {"aria-label": str(part.label)})
        drawn.append(DraftInput(part.label, part.widget.render(full, part.value, attrs), is_group, attrs["id"]))
    return drawn
