"""`expand`: ids become the objects they name, and lists that are left out by default are put in.

What may be expanded is read from the pinned SDK's classes.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any, ForwardRef, Union, get_args, get_origin

from stripe._object_classes import OBJECT_CLASSES

from donations.stripe.fake import store
from donations.stripe.fake.listing import list_of
from donations.stripe.fake.problems import wrong
from donations.stripe.fake.store import Thing

DEEPEST = 4
# Lists the API leaves out unless asked, by object and field.
LEFT_OUT: dict[tuple[str, str], Callable[[Thing], Thing]] = {
    ("charge", "refunds"): lambda charge: list_of(
        store.find("refund", charge=charge["id"]), f"/v1/charges/{charge['id']}/refunds"
    ),
    ("checkout.session", "line_items"): lambda session: list_of(
        store.find("item", _session=session["id"])[::-1], f"/v1/checkout/sessions/{session['id']}/line_items"
    ),
    ("customer", "subscriptions"): lambda customer: list_of(
        store.find("subscription", customer=customer["id"]), "/v1/subscriptions"
    ),
    ("invoice", "payments"): lambda invoice: list_of(
        store.find("invoice_payment", invoice=invoice["id"]), "/v1/invoice_payments"
    ),
}


def expand(answer: Thing, paths: list[str]) -> Thing:
    """Return the answer with each path expanded; raise ApiError for one that cannot be."""
    for path in paths:
        steps = path.split(".")
        if len(steps) - (steps[0] == "data") > DEEPEST:
            raise wrong(f"You cannot expand more than {DEEPEST} levels of a property. Property: {path}", "expand")
        _expand(answer, steps, path)
    return answer


def _expand(node: Any, steps: list[str], path: str) -> None:
    if not steps or node is None:
        return
    if isinstance(node, list):
        for member in node:
            _expand(member, steps, path)
        return
    field, rest = steps[0], steps[1:]
    kind = node.get("object", "")
    if (kind, field) in LEFT_OUT:
        node.setdefault(field, LEFT_OUT[kind, field](node))
    value = node.get(field)
    if isinstance(value, str):
        if kind and not _may_expand(kind, field):
            raise wrong(f"This property cannot be expanded ({path}).", "expand")
        value = node[field] = store.peek(value)
    elif isinstance(value, list) and not rest:
        node[field] = [store.peek(member) if isinstance(member, str) else member for member in value]
    elif field not in node and kind:
        raise wrong(f"This property cannot be expanded ({path}).", "expand")
    _expand(value, rest, path)


def _may_expand(kind: str, field: str) -> bool:
    """Whether the SDK says a field holds an id or the object itself (`ExpandableField`)."""
    module, name = OBJECT_CLASSES[kind]
    hints = _choices(inspect.get_annotations(getattr(import_module(module), name)).get(field))
    return str in hints and any(isinstance(hint, ForwardRef) for hint in hints)


def _choices(hint: Any) -> list[Any]:
    """The types a hint allows, however they are nested."""
    if get_origin(hint) in (Union, list):
        return [choice for argument in get_args(hint) for choice in _choices(argument)]
    return [hint]
