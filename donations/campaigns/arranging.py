"""Add, change and remove campaigns and appeals; the tree never runs in a circle, and nothing that has gifts goes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from constituents.models import Segment
from constituents.services.segments import take_snapshot
from core import audit, clock
from donations.campaigns.tree import Tree
from donations.errors import CampaignCircleError, HasGiftsError, NobodyToMailError
from donations.models import Appeal, Campaign, Gift


@transaction.atomic
def add_campaign(*, by: User | None, name: str, code: str, **details: Any) -> Campaign:
    """Begin a campaign, within another when `parent` is given. Raises ValidationError naming the field."""
    campaign = Campaign(name=name, code=code, **details)
    campaign.full_clean()
    campaign.save()
    audit.record("campaign.created", campaign, by=by, new=audit.snapshot(campaign))
    return campaign


@transaction.atomic
def change_campaign(campaign: Campaign, *, by: User | None, **changes: Any) -> Campaign:
    """Change a campaign, or move it in the tree. Raises CampaignCircleError when it would become part of itself."""
    # One move at a time: two that each are right may make a circle together.
    list(Campaign.objects.select_for_update().order_by("pk").values_list("pk"))
    campaign = Campaign.objects.get(pk=campaign.pk)
    before = audit.snapshot(campaign)
    for field, value in changes.items():
        setattr(campaign, field, value)
    _refuse_circle(campaign)
    campaign.full_clean()
    campaign.save()
    old, new = audit.changes(before, audit.snapshot(campaign))
    if old or new:
        audit.record("campaign.changed", campaign, by=by, old=old, new=new)
    return campaign


def _refuse_circle(campaign: Campaign) -> None:
    if campaign.parent_id is not None and campaign.parent_id in Tree.read().within(campaign.pk):
        raise CampaignCircleError(campaign, campaign.parent)


@transaction.atomic
def remove_campaign(campaign: Campaign, *, by: User | None) -> None:
    """Remove a campaign that came to nothing. Raises HasGiftsError while it has gifts, appeals or parts."""
    if gifts := Gift.objects.filter(Q(campaign=campaign) | Q(appeal__campaign=campaign)).count():
        raise HasGiftsError(
            ngettext(
                "%(count)d gift counts for “%(what)s”, so it stays. Give it an end date instead.",
                "%(count)d gifts count for “%(what)s”, so it stays. Give it an end date instead.",
                gifts,
            )
            % {"count": gifts, "what": campaign}
        )
    if appeal := campaign.appeals.first():
        raise HasGiftsError(_("The appeal “%(appeal)s” is in it: remove that first.") % {"appeal": appeal})
    if child := campaign.children.first():
        raise HasGiftsError(_("“%(child)s” is part of it: move that first.") % {"child": child})
    audit.record("campaign.deleted", campaign, by=by, old=audit.snapshot(campaign), deleted=True)
    campaign.delete()


@transaction.atomic
def remove_appeal(appeal: Appeal, *, by: User | None) -> None:
    """Remove an appeal that nobody answered. Raises HasGiftsError while it has gifts."""
    if gifts := Gift.objects.filter(appeal=appeal).count():
        raise HasGiftsError(
            ngettext(
                "%(count)d gift answered “%(what)s”, so it stays. Let its code end instead.",
                "%(count)d gifts answered “%(what)s”, so it stays. Let its code end instead.",
                gifts,
            )
            % {"count": gifts, "what": appeal}
        )
    audit.record("appeal.deleted", appeal, by=by, old=audit.snapshot(appeal), deleted=True)
    appeal.delete()


@transaction.atomic
def take_list_for(
    appeal: Appeal,
    *,
    segment: Segment,
    by: User | None,
    sent_on: dt.date | None = None,
    cost: Decimal | None = None,
) -> Appeal:
    """Write down who is in the segment now as the list this appeal goes to, and count it as sent to them.

    Raises NobodyToMailError when nobody is in it.
    """
    appeal = Appeal.objects.select_for_update().get(pk=appeal.pk)
    before = audit.snapshot(appeal)
    taken = take_snapshot(segment, by=by, name=_("%(appeal)s, %(day)s") % {"appeal": appeal.name, "day": clock.today()})
    if not taken.count:
        raise NobodyToMailError(segment)
    appeal.segment, appeal.mailed_list, appeal.number_sent = segment, taken, taken.count
    appeal.sent_on = sent_on or appeal.sent_on or clock.today()
    if cost is not None:
        appeal.cost = cost
    appeal.full_clean()
    appeal.save()
    old, new = audit.changes(before, audit.snapshot(appeal))
    audit.record("appeal.list_taken", appeal, by=by, old=old, new=new)
    return appeal
