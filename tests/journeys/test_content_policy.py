"""No page of the workspace breaks the content policy, in a browser that enforces it."""

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page as BrowserPage
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


#: What the browser says of an address that only takes a form (405 without a word), or hands out a file.
NO_PAGE = ("ERR_HTTP_RESPONSE_CODE_FAILURE", "ERR_ABORTED", "Download is starting")


def draws_a_page(page: BrowserPage, address: str) -> bool:
    """Go there, and return whether there is anything to look at; a fault of the server is told by `visitors`."""
    try:
        page.goto(address)
    except PlaywrightError as error:
        if not any(words in error.message for words in NO_PAGE):
            raise
        if NO_PAGE[0] in error.message:
            # The browser is on its way to a page of its own, which must not overtake the next address.
            page.wait_for_url("chrome-error://**")
        return False
    return True


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
    assert len(walked) > 20
    for address in walked:
        if not draws_a_page(page, address):
            continue
        visitors.settle(page)
        assert not refused, f"{address}: {refused}"
