"""What the SDK puts on the wire: bracketed form keys become nested dicts and lists again."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from donations.stripe.fake.problems import wrong

PART = re.compile(r"\[([^\[\]]*)\]")


def split_url(url: str) -> tuple[str, dict[str, Any]]:
    """Return the path of an address and the parameters of its query."""
    parts = urlsplit(url)
    return parts.path, decode(parts.query)


def decode(form: str | bytes | None) -> dict[str, Any]:
    """Return the parameters of an encoded form; every leaf is text, `a[0]` counts in a list."""
    text = form.decode() if isinstance(form, bytes) else form or ""
    tree: dict[str, Any] = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        head, _, _ = key.partition("[")
        steps = [head, *PART.findall(key)]
        node = tree
        for step in steps[:-1]:
            node = node.setdefault(step, {})
            if not isinstance(node, dict):
                raise wrong(f"Invalid hash for {head}", head)
        node[steps[-1]] = value
    return {key: _with_lists(value) for key, value in tree.items()}


def _with_lists(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    values = {key: _with_lists(value) for key, value in node.items()}
    if values and list(values) == [str(number) for number in range(len(values))]:
        return list(values.values())
    return values
