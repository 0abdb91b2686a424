"""Where on the site one gives to a campaign."""

from __future__ import annotations

from donations.models import Campaign
from website.models import GivingPage


def giving_address(campaign: Campaign) -> str:
    """Return the path of the campaign's own giving page, or of the first there is; nothing while there is none."""
    pages = list(GivingPage.objects.live().order_by("path"))
    page = next((page for page in pages if page.campaign_id == campaign.pk), pages[0] if pages else None)
    parts = page.get_url_parts() if page else None
    return parts[2] if parts else ""
