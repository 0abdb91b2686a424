"""The token of a form: `{% csrf_token %}{% form_token %}`."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.once.sending import FIELD, drawn_token

register = template.Library()


@register.simple_tag(takes_context=True)
def form_token(context: template.Context) -> SafeString:
    """Draw the token by which a form that is sent twice is done once."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, drawn_token(context["request"]))
