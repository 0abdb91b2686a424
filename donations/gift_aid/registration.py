"""What Gift Aid registers in the rooms below and in giving itself; called once from the app's `ready()`."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from constituents import panels
from core.audit import name_verbs
from core.jobs import schedule
from core.staff.parts import Panel
from donations.gift_aid import (
    asking,
    checks,
    owing,
    permissions,  # noqa: F401  says what roles may do
    small_collecting,
    working,
)
from donations.gift_aid.files import finish_left_over
from donations.gift_aid.protection import protect_gift_aid
from donations.services.books import register_check
from donations.signals import (
    declaration_cancelled,
    declaration_made,
    gift_adjusted,
    gift_reinstated,
    gift_reversed,
)
from donations.staff import gift_aid_person


def register_gift_aid() -> None:
    """Fill the registries and listen."""
    protect_gift_aid()
    for check in checks.CHECKS:
        register_check(check)
    gift_reversed.connect(owing.settle_reversed, dispatch_uid="donations.gift_aid.settle_reversed")
    gift_reinstated.connect(owing.settle_reinstated, dispatch_uid="donations.gift_aid.settle_reinstated")
    gift_adjusted.connect(owing.follow_the_correction, dispatch_uid="donations.gift_aid.follow_the_correction")
    gift_adjusted.connect(small_collecting.follow_the_correction, dispatch_uid="donations.small_donations.follow")
    declaration_made.connect(working.announce_made, dispatch_uid="donations.gift_aid.announce_made")
    declaration_cancelled.connect(working.announce_cancelled, dispatch_uid="donations.gift_aid.announce_cancelled")
    asking.register()
    working.register()
    _stand_on_the_constituent_page()
    schedule.register("donations.gift_aid", finish_left_over, every=dt.timedelta(minutes=5))
    name_verbs(
        {
            "gift_aid.declared": _("Gift Aid declared"),
            "gift_aid.confirmed": _("Declaration confirmed in writing"),
            "gift_aid.mended": _("Address of a declaration mended"),
            "gift_aid.evidence_added": _("Evidence of a declaration added"),
            "gift_aid.cancelled": _("Declaration cancelled"),
            "gift_aid.not_enough_tax": _("Pays too little tax for Gift Aid"),
            "gift_aid.enough_tax_again": _("Pays enough tax for Gift Aid again"),
            "gift_aid.shared": _("Joint gift shared for Gift Aid"),
            "gift_aid.split": _("Payment split for Gift Aid"),
            "gift_aid.gathered": _("Gift Aid claim gathered"),
            "gift_aid.claimed": _("Gift Aid claimed"),
            "gift_aid.paid": _("Gift Aid paid"),
            "gift_aid.withdrawn": _("Gift Aid claim withdrawn"),
            "gift_aid.owed_back": _("Gift Aid owed back"),
            "gift_aid.owed_no_more": _("Gift Aid owed back no more"),
            "gift_aid.downloaded": _("Gift Aid file downloaded"),
            "small_collection.added": _("Collection of small donations entered"),
            "small_collection.changed": _("Collection of small donations put right"),
            "small_collection.removed": _("Collection of small donations removed"),
            "small_claim.gathered": _("Claim on small donations gathered"),
            "small_claim.claimed": _("Small donations claimed on"),
            "small_claim.paid": _("Top-up paid"),
            "small_claim.withdrawn": _("Claim on small donations withdrawn"),
            "small_claim.downloaded": _("Record of small donations downloaded"),
        }
    )


def _stand_on_the_constituent_page() -> None:
    see = "donations.view_giftaiddeclaration"
    panels.register_chips("gift_aid", gift_aid_person.chips, permission=see)
    panels.register_panel(
        Panel(
            "gift_aid",
            _("Gift Aid"),
            "wagtailadmin/giving/panels/gift_aid_person.html",
            gift_aid_person.person_panel,
            order=60,
            permission=see,
        )
    )
