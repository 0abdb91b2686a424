"""`{% load steward %}`: amounts, icons, dates in words, and where one is, for every page."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.clock import local_date
from core.money import Money
from core.organisation import current_organisation
from core.theme.accent import accent_for
from core.theme.figures import day_in_words, format_whole, time_in_words
from core.theme.tokens import Scheme, tokens
from core.theme.views import theme_address

register = template.Library()


@register.simple_tag
def amount(value: Money | Decimal | None, currency: str = "", *, whole: bool = False) -> str:
    """Write an amount so that columns line up: `{% amount gift.money %}`, `{% amount row.total "EUR" whole=True %}`.

    `whole` leaves out the cents, for large figures only. Nothing known is written as a dash.
    """
    if value is None:
        return "\N{EN DASH}"
    money = value if isinstance(value, Money) else Money(value, currency or current_organisation().base_currency)
    minus = " amount--minus" if money.amount < 0 else ""
    text = format_whole(money) if whole else str(money)
    return format_html('<data class="amount{}" value="{}">{}</data>', minus, money.plain, text)


@register.filter
def day(value: dt.date | dt.datetime | None, length: str = "full") -> str:
    """Write a date in words in the reader's language: `{{ shift.start|day }}`; `long` leaves out the weekday."""
    if value is None:
        return ""
    date = local_date(value) if isinstance(value, dt.datetime) else value
    return day_in_words(date, length)


@register.filter
def hour(value: dt.datetime | None) -> str:
    """Write hour and minute on the organisation's clocks: `5:00 PM`, `17:00`."""
    return "" if value is None else time_in_words(value)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw one of Wagtail's icons in line. Without a label it is decoration, and screen readers skip it."""
    role = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html('<svg class="icon" focusable="false" {} {}</svg>', mark_safe(role), _drawing(name))  # noqa: S308


@lru_cache(maxsize=256)
def _drawing(name: str) -> SafeString:
    """Return what stands between the first attribute and `</svg>` in the icon's file, without its id and comments."""
    source = get_template(f"wagtailadmin/icons/{name}.svg").render()
    source = re.sub(r"<!--.*?-->", "", source, flags=re.DOTALL)
    match = re.search(r"<svg(?P<attributes>[^>]*)>(?P<body>.*)</svg>", source, flags=re.DOTALL)
    if match is None:
        raise template.TemplateSyntaxError(f"The icon {name!r} is not an SVG drawing.")
    view_box = re.search(r'viewBox="[^"]+"', match["attributes"])
    return mark_safe(f"{view_box.group() if view_box else ''}>{match['body'].strip()}")  # noqa: S308


@register.simple_tag
def token(name: str, scheme: Scheme = "light") -> str:
    """Return a design token's value, for what cannot read custom properties: e-mail, meta tags."""
    return tokens(scheme)[name]


@register.simple_tag
def email_accent(scheme: Scheme = "light") -> str:
    """Return the organisation's accent as a plain colour."""
    return accent_for(current_organisation().accent_colour, scheme).accent


@register.simple_tag
def theme_url() -> str:
    """Return the address of the organisation's colours."""
    return theme_address()


@register.simple_tag
def sign_in_url() -> str:
    """Return where to sign in."""
    try:
        return reverse("account_login")
    except NoReverseMatch:
        return "/account/"


@register.simple_tag(takes_context=True)
def here(context: dict[str, Any], address: str, *, exact: bool = False) -> SafeString:
    """Mark a link as the current page: ` aria-current="page"` there, ` aria-current="true"` on a page below it."""
    request: HttpRequest | None = context.get("request")
    path = request.path if request else ""
    if path == address:
        return mark_safe(' aria-current="page"')
    if not exact and path.startswith(address):
        return mark_safe(' aria-current="true"')
    return mark_safe("")
