"""A form of a page as a browser would send it, with what somebody types into it."""

from __future__ import annotations

import re
from html import unescape

from bs4 import BeautifulSoup

from core.once.sending import FIELD


def filled(page: str, **typed: str) -> dict[str, str]:
    """Return what the first form of the page that is sent by POST holds, and what is typed into it."""
    form = BeautifulSoup(page, "html.parser").find("form", method=re.compile("post", re.IGNORECASE))
    assert form is not None, "there is no form on the page"
    held: dict[str, str] = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        name = field["name"]
        if field.name == "textarea":
            held[name] = field.text.strip()
        elif field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            held[name] = chosen.get("value", "") if chosen else ""
        elif field.get("type") not in {"checkbox", "radio", "submit"} or field.has_attr("checked"):
            held[name] = field.get("value", "")
    return held | typed


def token_in(page: str) -> dict[str, str]:
    """Return the token the form of a page was drawn with, ready to be sent along."""
    found = re.search(rf'name="{FIELD}" value="([^"]+)"', page)
    assert found, "the form has no token"
    return {FIELD: unescape(found[1])}
