"""What donor levels fill in and listen to; called once, from AppConfig.ready()."""

from __future__ import annotations

from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _

from constituents.household_panels import register_household_chips
from constituents.models import HouseholdMembership
from constituents.panels import register_chips
from constituents.signals import constituents_merged, merge_undone
from core.audit import name_verbs
from core.jobs import schedule
from donations.levels import criteria, events, showing
from donations.levels.jobs import stand_by_night
from donations.signals import gift_adjusted, gift_posted, gift_reinstated, gift_reversed, gifts_posted_in_bulk


def register_levels() -> None:
    """Show levels, find people by them, tell the rules, and keep them true."""
    events.register()
    criteria.register()
    showing.register()
    register_chips("levels", showing.chips, permission="donations.view_giving")
    register_household_chips("levels", showing.household_chips, permission="donations.view_giving")
    for signal in (gift_posted, gift_reversed, gift_reinstated):
        signal.connect(events.gift_moved, dispatch_uid="donations.levels.gift_moved")
    gift_adjusted.connect(events.gift_replaced, dispatch_uid="donations.levels.gift_replaced")
    gifts_posted_in_bulk.connect(events.gifts_came, dispatch_uid="donations.levels.gifts_came")
    for signal in (constituents_merged, merge_undone):
        signal.connect(events.records_changed, dispatch_uid="donations.levels.records_changed")
    for signal in (post_save, post_delete):
        signal.connect(events.household_changed, sender=HouseholdMembership, dispatch_uid="donations.levels.household")
    schedule.register("donations.levels", stand_by_night, every=schedule.Daily(hour=0))
    name_verbs(
        {
            "ladder.made": _("Ladder of donor levels made"),
            "ladder.changed": _("Ladder of donor levels changed"),
            "ladder.deleted": _("Ladder of donor levels deleted"),
        }
    )
