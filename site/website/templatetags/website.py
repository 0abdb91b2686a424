"""`{% load website %}`: what the frame around every public page asks."""

from __future__ import annotations

from django import template

from website.giving.speaking import spoken

register = template.Library()


@register.simple_tag
def public_languages() -> list[tuple[str, str]]:
    """Return the languages a visitor may choose, code and own name."""
    return list(spoken().items())
