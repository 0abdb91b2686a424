"""The first pages of a new site, so that every public address answers from the first day."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from website.models import DirectoryPage, GivingPage, HomePage, JoinPage, VolunteerPage


def ensure_first_pages(**_kwargs: Any) -> None:
    """Make the home page and those below it where there is no home page; connected to post_migrate."""
    if HomePage.objects.exists():
        return
    root = Page.get_first_root_node()
    if root is None:
        return
    for welcome in root.get_children().filter(slug="home"):
        welcome.delete()
    root.refresh_from_db()
    home = root.add_child(
        instance=HomePage(
            title=_("Home"),
            slug="home",
            headline=_("Good things happen when neighbours act together"),
            lede=_("Give, join or lend a hand: every bit of it shows."),
        )
    )
    pages = (
        GivingPage(title=_("Give"), slug="give", lede=_("Every gift counts, large or small.")),
        JoinPage(title=_("Become a member"), slug="join", lede=_("Members decide where we go. Choose what suits you.")),
        VolunteerPage(
            title=_("Volunteer"), slug="volunteer", lede=_("A few hours make a day better. Pick a shift below.")
        ),
        DirectoryPage(
            title=_("Our members"),
            slug="members",
            lede=_("Members who chose to be listed. Everyone decides for themselves what is shown."),
        ),
    )
    for page in pages:
        home.add_child(instance=page)
    site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
    site.root_page = home
    site.save()
