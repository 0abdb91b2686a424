"""What only staff screens need; dates, amounts and icons are in `steward`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from babel.dates import format_datetime
from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.clock import zone
from core.theme.figures import babel_locale

register = template.Library()


@register.filter
def moment(value: dt.datetime | None) -> str:
    """Write an instant with its time, in the organisation's zone and the reader's language."""
    return format_datetime(value, "medium", tzinfo=zone(), locale=babel_locale()) if value else ""


@register.simple_tag(takes_context=True)
def panel_body(context: template.Context, template_name: str, values: dict[str, Any]) -> SafeString:
    """Draw a panel of a record's page with the page's object and request, and the panel's own values."""
    page = {name: context.get(name) for name in ("object", "panel", "view")}
    return render_to_string(template_name, page | values, request=context.get("request"))
