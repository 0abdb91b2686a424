"""The giving form in a frame on another website.

Only websites named in the settings of online giving may show it: `frame-ancestors` says so on this one response, and
everywhere else it stays at our own. A browser gives a framed page none of its cookies, so there is neither session nor
CSRF cookie: the form posts to an address of its own (`website.views.give_from_elsewhere`) in the whole window, and
what makes it a form of ours is its signed token. That address is exempt from the check of the CSRF cookie. It may be,
because that check protects what a visitor is allowed to do, and this form has no such power: whoever sends it counts as
a stranger, signed in or not, and all it can do is what any stranger can do here, which is to be led to a payment page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from donations.models import OnlineGivingSettings

if TYPE_CHECKING:
    from website.models import GivingPage


def let_others_frame(response: HttpResponseBase, online: OnlineGivingSettings) -> None:
    """Let the websites named in the settings show this one response in a frame."""
    response._csp_update = {**getattr(response, "_csp_update", {}), "frame-ancestors": online.origins}  # type: ignore[attr-defined]
    # The older header knows no list of websites; frame-ancestors stands for it in every browser.
    response.xframe_options_exempt = True  # type: ignore[attr-defined]


def where_it_posts(page: GivingPage) -> str:
    """Return the address a framed form is sent to."""
    return reverse("give_from_elsewhere", args=[page.pk])


def snippet(page: GivingPage) -> SafeString:
    """Return what a webmaster pastes into a page of another website."""
    parts = page.get_url_parts()
    address = f"{settings.BASE_URL}{parts[2] if parts else '/give/'}embed/"
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="1500" loading="lazy"></iframe>', address, page.title
    )
