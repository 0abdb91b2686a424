"""What the app offers to imports."""

from __future__ import annotations

from constituents.resources.parties import kept_about_everybody
from core.imports.formats import register_format
from core.imports.records import register_record_type
from donations.models import GivingTotals
from donations.resources.formats import GIFTS
from donations.resources.gifts import GiftType
from donations.resources.named import CampaignType, FundType


def offer_to_imports() -> None:
    """Let imports bring gifts, funds and campaigns; called from AppConfig.ready()."""
    for record_type in (FundType(), CampaignType(), GiftType()):
        register_record_type(record_type)
    register_format(GIFTS)
    kept_about_everybody.add(GivingTotals._meta.label)
