"""What only staff screens need; dates, amounts and icons are in `steward`."""

from __future__ import annotations

import datetime as dt

from babel.dates import format_datetime
from django import template

from core.clock import zone
from core.theme.figures import babel_locale

register = template.Library()


@register.filter
def moment(value: dt.datetime | None) -> str:
    """Write an instant with its time, in the organisation's zone and the reader's language."""
    return format_datetime(value, "medium", tzinfo=zone(), locale=babel_locale()) if value else ""
