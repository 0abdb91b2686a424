"""No page of the workspace breaks the content policy, in a browser that enforces it."""

import re
from html.parser import HTMLParser

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from wagtail.models import Page

from accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)
# Not pages: parts fetched by scripts, what only takes a form, downloads, and Wagtail's own test of its error page.
PARTS = (
    "api/",
    "results/",
    "chooser/",
    "logout/",
    "sprite/",
    "failwhale/",
    "jsi18n/",
    "process/",
    "test404/",
    "choose-",
    "segments/criteria/",
    "work/bulk/",
)


class Reading(HTMLParser):
    """What of a page a content policy has a say in: scripts, style sheets, frames, and what is written in line."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: set[tuple[str, ...]] = set()
        self._inline: tuple[str, ...] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.parts |= {(tag, name, value) for name, value in values.items() if name == "style" or name[:2] == "on"}
        if tag in {"script", "link", "iframe", "object", "embed", "base"}:
            self.parts.add((tag, values.get("type", ""), values.get("src") or values.get("href") or ""))
        # A script of data is never run.
        is_run = "src" not in values and "json" not in values.get("type", "")
        self._inline = (tag, *values) if tag == "style" or (tag == "script" and is_run) else None

    def handle_data(self, data: str) -> None:
        if self._inline:
            # Two that differ by the words they are given are one script.
            self.parts.add((*self._inline, re.sub(r'"[^"]*"', '""', data)))

    def handle_endtag(self, tag: str) -> None:
        self._inline = None


def parts_of(response: HttpResponse) -> set[tuple[str, ...]]:
    """Return what a page is made of: the templates that drew it, and what the policy looks at; nothing of no page."""
    if response.streaming or "html" not in response.get("Content-Type", "") or "Content-Disposition" in response:
        return set()
    reading = Reading()
    reading.feed(response.text)
    return reading.parts | {("template", str(template.name)) for template in response.templates}


def addresses(patterns: list[URLPattern | URLResolver], start: str = "") -> list[str]:
    """Return every address that needs no number filled in."""
    found: list[str] = []
    for pattern in patterns:
        address = start + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += addresses(pattern.url_patterns, address)
        elif not set(address) & set("<>^$()?"):
            found.append(address)
    return found


def test_no_page_of_the_workspace_breaks_its_content_policy(visitors):
    user = User.objects.create_superuser("everything@example.org")
    page = visitors.open(user=user)
    refused: list[str] = []
    page.add_init_script(
        "addEventListener('securitypolicyviolation', event => "
        "console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample))"
    )
    page.on("console", lambda message: refused.append(message.text) if "policy: " in message.text else None)
    visitors.expected_statuses |= {404, 405}
    workspace = sorted({"/" + address for address in addresses(get_resolver().url_patterns) if address[:6] == "admin/"})
    home = Page.objects.order_by("-depth").first()
    workspace += [f"/admin/pages/{home.pk}/edit/", f"/admin/users/edit/{user.pk}/"]
    walked = [address for address in workspace if not any(part in address for part in PARTS)]
    assert len(walked) > 100
    # Every page is read; into the browser goes each that brings a template, a script, a style not met before.
    client, met = Client(), set()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for address in walked:
        parts = parts_of(client.get(address, follow=True))
        if parts <= met:
            continue
        met |= parts
        page.goto(address)
        visitors.settle(page)
        assert not refused, f"{address}: {refused}"
