"""The home page: who we are, how the year goes, what is next."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from website import figures


class HomePage(Page):
    """The first page: a sentence, live numbers, the campaign, the next shifts, the levels."""

    headline = models.CharField(_("headline"), max_length=120, blank=True, help_text=_("Who you are, in a few words."))
    lede = models.CharField(_("opening"), max_length=300, blank=True)
    shows_figures = models.BooleanField(_("show this year’s numbers"), default=True)
    shows_campaign = models.BooleanField(_("show the campaign that runs"), default=True)
    shows_shifts = models.BooleanField(_("show the next shifts"), default=True)
    shows_levels = models.BooleanField(_("show the membership levels"), default=True)

    template = "website/home_page.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("headline"),
        FieldPanel("lede"),
        FieldPanel("shows_figures"),
        FieldPanel("shows_campaign"),
        FieldPanel("shows_shifts"),
        FieldPanel("shows_levels"),
    ]
    max_count = 1

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the live parts that the editor shows."""
        return super().get_context(request, *args, **kwargs) | {
            "actions": [
                {"label": _("Give"), "href": "/give/"},
                {"label": _("Volunteer"), "href": "/volunteer/"},
            ],
            "figures": figures.this_year() if self.shows_figures else [],
            "campaign": figures.running_campaign() if self.shows_campaign else None,
            "shifts": figures.next_shifts(3) if self.shows_shifts else [],
            "levels": figures.public_levels() if self.shows_levels else [],
        }
