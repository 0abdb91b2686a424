"""The design tokens, read from the style sheet the browser reads, so that e-mail and PDF cannot drift from it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from django.conf import settings

Scheme = Literal["light", "dark"]

_DECLARATION = re.compile(r"--(?P<name>[a-z0-9-]+):\s*(?P<value>[^;]+);")
_BY_SCHEME = re.compile(r"^light-dark\(\s*(?P<light>[^,]+?)\s*,\s*(?P<dark>[^,]+?)\s*\)$")


@lru_cache(maxsize=2)
def tokens(scheme: Scheme = "light") -> dict[str, str]:
    """Return every token by its name without dashes in front (`paper`, `ink-soft`), as it stands in that scheme."""
    css = (settings.BASE_DIR / "site" / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return {match["name"]: _for_scheme(match["value"], scheme) for match in _DECLARATION.finditer(css)}


def _for_scheme(value: str, scheme: Scheme) -> str:
    value = " ".join(value.split())
    pair = _BY_SCHEME.match(value)
    return pair[scheme] if pair else value
