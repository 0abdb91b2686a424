"""From template and context to a subject line and two bodies. What is merged in is data: it prints as typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import css_inline
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template

from core.organisation import current_organisation

# Style rules go onto the elements, because mail programs drop style sheets; what cannot (media queries) stays.
_inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@dataclass(frozen=True)
class Rendered:
    """A message's words, ready to be kept and sent."""

    subject: str
    text: str
    html: str


def absolute_url(path: str) -> str:
    """Return the public address of a path, from BASE_URL: a request's Host header never reaches a mail."""
    return f"{settings.BASE_URL}{path}"


def render(template: str, context: dict[str, Any]) -> Rendered:
    """Render templates/emails/<template>{_subject.txt,.txt,.html}."""
    full = {"organisation": current_organisation(), "base_url": settings.BASE_URL, **context}
    subject = " ".join(_plain(f"emails/{template}_subject.txt", full).split())
    html = get_template(f"emails/{template}.html").render({**full, "subject": subject})
    return Rendered(subject=subject, text=_plain(f"emails/{template}.txt", full), html=_inliner.inline(html))


def _plain(name: str, context: dict[str, Any]) -> str:
    # In plain text an apostrophe must stay one: nothing is escaped.
    template: Template = get_template(name).template  # type: ignore[attr-defined]
    return template.render(Context(context, autoescape=False)).strip() + "\n"
