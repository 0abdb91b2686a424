"""What the app offers to imports."""

from __future__ import annotations

from constituents.resources.undoing import kept_about_everybody
from core.imports.formats import register_format
from core.imports.records import register_record_type
from donations.models import GivingTotals
from donations.resources.declarations import DECLARATIONS, DeclarationType
from donations.resources.formats import GIFTS
from donations.resources.gifts import GiftType
from donations.resources.named import CampaignType, FundType
from donations.resources.pledges import PLEDGES, PledgeType
from donations.resources.soft_credits import SOFT_CREDITS, SoftCreditType


def offer_to_imports() -> None:
    """Let imports bring gifts and what belongs to giving; called from AppConfig.ready()."""
    for record_type in (FundType(), CampaignType(), PledgeType(), GiftType(), DeclarationType(), SoftCreditType()):
        register_record_type(record_type)
    for file_format in (GIFTS, PLEDGES, SOFT_CREDITS, DECLARATIONS):
        register_format(file_format)
    kept_about_everybody.add(GivingTotals._meta.label)
