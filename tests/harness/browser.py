"""A real Chromium for the journeys: what it may reach, what it must not complain about, who is signed in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, Route

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
DEVICES: dict[str, dict[str, object]] = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
    },
    # The narrowest that must do.
    "narrow": {"viewport": {"width": 320, "height": 640}},
}
# The page has nothing left to do: tasks of its scripts and events of the browser have run.
IDLE = "() => new Promise(done => requestIdleCallback(done))"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


AXE = Axe()


def chromium_path() -> str | None:
    """Where this machine keeps Chromium, or None."""
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def launch(playwright: Playwright) -> Browser:
    """Start Chromium so that no name but this machine's own resolves."""
    path = chromium_path()
    if path is None:
        raise RuntimeError("The journeys need Chromium: install the package `chromium`, or set CHROMIUM to its path.")
    return playwright.chromium.launch(
        executable_path=path,
        args=[
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
        ],
    )


class Visitors:
    """Opens browser windows on the site, and remembers everything that a page should not have done."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.faults: list[str] = []
        # A journey that walks into a 404 or 403 on purpose adds the status here.
        self.expected_statuses: set[int] = set()
        self._contexts: list[BrowserContext] = []
        self._unanswered: dict[Request, None] = {}

    def open(self, device: str = "desktop", *, scheme: str = "light", user: object = None, **more: object) -> Page:
        """Return a page in a window of its own: `desktop` or `phone`, `light` or `dark`, signed in as `user`.

        `more` is what else a window of Playwright can be: `java_script_enabled=False`, `locale="fr-FR"`.
        """
        usual = {"base_url": self.address, "color_scheme": scheme, "locale": "en-GB", "reduced_motion": "reduce"}
        context = self.browser.new_context(**{**usual, **DEVICES[device], **more})  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        context.on("request", self._note_request)
        for end in ("requestfinished", "requestfailed"):
            context.on(end, lambda request: self._unanswered.pop(request, None))
        context.on("weberror", lambda fault: self.faults.append(f"script error: {fault.error}"))
        context.on("console", self._note_console)
        self._contexts.append(context)
        if user is not None:
            sign_in(context, user, self.address)
        return context.new_page()

    def close(self) -> None:
        """Close every window."""
        for context in self._contexts:
            context.close()

    def settle(self, page: Page) -> None:
        """See a page through what it does by itself once it is loaded: its scripts have run, what they asked is there.

        (Playwright's "networkidle" means half a second without a request, on each page.)
        """
        page.evaluate(IDLE)
        while waiting := [request for request in self._unanswered if request.frame.page == page]:
            for request in waiting:
                request.response()
            page.evaluate(IDLE)

    def _note_request(self, request: Request) -> None:
        if not request.is_navigation_request():
            self._unanswered[request] = None
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in LOOPBACK:
            self.faults.append(f"asked an outside host: {request.url}")

    def _note_console(self, message: object) -> None:
        text = message.text
        if message.type == "error" and not any(f"status of {status}" in text for status in self.expected_statuses):
            self.faults.append(f"console: {text}")


def sign_in(context: BrowserContext, user: object, address: str) -> None:
    """Give the window the session of `user`, as if the person had signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])


class SlowLine:
    """What a page asks of some addresses, held until somebody lets it through."""

    def __init__(self, page: Page, pattern: str) -> None:
        self._held: list[Route] | None = []
        page.route(pattern, self._hold)

    def _hold(self, route: Route) -> None:
        if self._held is None:
            route.continue_()
        else:
            self._held.append(route)

    def let_through(self) -> None:
        """Send on what is held, in the order it was asked, and whatever comes."""
        held, self._held = self._held or [], None
        for route in held:
            route.continue_()


@contextmanager
def visiting(browser: Browser, address: str) -> Iterator[Visitors]:
    """Lend visitors for one test; fail it at the end for what its pages did wrong."""
    visitors = Visitors(browser, address)
    try:
        yield visitors
    finally:
        visitors.close()
    assert not visitors.faults, "\n".join(visitors.faults)


def assert_accessible(page: Page, *, within: str | None = None) -> None:
    """Fail with each WCAG 2.2 AA fault that axe finds on the page (or inside the element `within`)."""
    options = {
        "runOnly": {"type": "tag", "values": WCAG},
        "resultTypes": ["violations"],
        # Style sheets are fetched anew and read for one rule alone, an experimental one that is not among these.
        "preload": {"assets": ["media"]},
    }
    results = AXE.run(page, context=within, options=options)
    faults = [
        f"{violation['id']}: {violation['help']}\n    "
        + "\n    ".join(f"{node['target']} {node['html'][:160]}" for node in violation["nodes"][:5])
        for violation in results.response["violations"]
    ]
    assert not faults, f"{page.url}\n" + "\n".join(faults)
