"""A panel of the page editor: what to paste into another website to show the giving form there."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel

from donations.models import OnlineGivingSettings
from website.giving.embedding import snippet


class SnippetPanel(Panel):
    """Shows the snippet of the giving page, and which websites may use it."""

    class BoundPanel(Panel.BoundPanel):
        """The panel of one page."""

        template_name = "wagtailadmin/website/snippet_panel.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            """Return the snippet once the page has an address, and the websites that may show it."""
            context = super().get_context_data(parent_context)
            page = self.instance
            settings_url = reverse("wagtailsettings:edit", args=["donations", "onlinegivingsettings"])
            return context | {
                "snippet": snippet(page) if page.pk and page.url else "",
                "origins": OnlineGivingSettings.load(request_or_site=self.request).origins,
                "settings_url": settings_url,
            }
