"""Whether an object has the shape the pinned SDK's class of it says: every field known, none missing."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any, get_args

from stripe._object_classes import OBJECT_CLASSES


def faults_of(thing: dict[str, Any]) -> list[str]:
    """Return where an object differs from the class the SDK has for it; optional fields may be left out."""
    module, name = OBJECT_CLASSES[thing["object"]]
    return _faults(thing, getattr(import_module(module), name), thing["object"])


def _faults(value: Any, shape: type, path: str) -> list[str]:
    fields = inspect.get_annotations(shape)
    faults = [f"{path}.{name} is unknown" for name in value if name not in fields]
    faults += [
        f"{path}.{name} is missing"
        for name, hint in fields.items()
        if not name.startswith("_") and name.islower() and name not in value and not _may_be_null(hint)
    ]
    inner = getattr(shape, "_inner_class_types", {})
    for name, item in value.items():
        for member in item if isinstance(item, list) else [item]:
            if not isinstance(member, dict):
                continue
            kind = member.get("object")
            if kind == "list":
                faults += [fault for part in member["data"] for fault in faults_of(part)]
            elif isinstance(kind, str) and kind in OBJECT_CLASSES:
                faults += faults_of(member)
            elif name in inner:
                faults += _faults(member, inner[name], f"{path}.{name}")
    faults += [
        f"{path}.{name} is null"
        for name, hint in fields.items()
        if name in value and value[name] is None and not _may_be_null(hint)
    ]
    return faults


def _may_be_null(hint: Any) -> bool:
    return type(None) in get_args(hint)
