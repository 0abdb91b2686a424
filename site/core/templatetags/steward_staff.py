"""What only staff screens need; dates, amounts and icons are in `steward`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.theme.figures import day_in_words, instant_in_words

register = template.Library()


@register.filter
def moment(value: dt.datetime | None) -> str:
    """Write an instant to the minute, in the organisation's zone and the reader's language."""
    return "" if value is None else instant_in_words(value)


@register.filter
def as_fact(value: Any) -> Any:
    """Write a fact of a record: an instant or a day as people write it, anything else as it is."""
    if isinstance(value, dt.datetime):
        return moment(value)
    return day_in_words(value, "medium") if isinstance(value, dt.date) else value


@register.simple_tag(takes_context=True)
def panel_body(context: template.Context, template_name: str, values: dict[str, Any]) -> SafeString:
    """Draw a panel of a record's page with the page's object and request, and the panel's own values."""
    page = {name: context.get(name) for name in ("object", "panel", "view")}
    return render_to_string(template_name, page | values, request=context.get("request"))
