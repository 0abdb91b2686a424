"""What gifts add to the rooms below; called once from the app's `ready()`.

Each subject beside them has a `registration.py` of its own.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from constituents import panels, timeline
from constituents.household_panels import register_household_figures, register_household_panel
from constituents.household_steps import register_loose_ends
from constituents.merging.totals import register_total
from constituents.signals import constituents_merged, merge_undone
from core.audit import name_verbs
from core.organisation.models import money_posted_checks
from core.staff.parts import Panel
from donations import events, finding, merging, pointing, receivers, waiting
from donations.models import LedgerEntry
from donations.protection import protect_money
from donations.staff import household, person

SEE = "donations.view_giving"


def register_gifts() -> None:
    """Keep them, say what becomes of them, and show them."""
    protect_money()
    money_posted_checks.append(LedgerEntry.objects.exists)
    merging.declare_relations()
    for signal in (constituents_merged, merge_undone):
        signal.connect(merging.totals_follow_the_gifts, dispatch_uid="donations.totals_follow_the_gifts")
    receivers.listen()
    events.register_events()
    events.listen()
    waiting.register()
    pointing.register()
    finding.register()
    _stand_on_the_constituent_page()
    _stand_on_the_household_page()
    _name_verbs()


def _stand_on_the_constituent_page() -> None:
    panels.register_chips("giving", person.chips, permission=SEE)
    panels.register_figures("giving", person.figures, permission=SEE, order=10)
    panels.register_panel(
        Panel(
            "giving",
            _("Giving"),
            "wagtailadmin/giving/panels/recent_gifts.html",
            person.recent_gifts,
            order=10,
            permission=SEE,
            place="tab",
        )
    )
    register_total("giving", _("Lifetime giving"), person.given_each, written=person.given_in_words, permission=SEE)
    register_total("gifts", _("Gifts"), person.gifts_each, permission=SEE)
    panels.register_actions("giving", person.actions, permission="donations.add_gift")
    timeline.register_timeline_source(timeline.TimelineSource("gift", _("Gifts"), person.gift_events, SEE))


def _stand_on_the_household_page() -> None:
    register_loose_ends("gifts", household.loose_ends, permission=SEE)
    register_household_figures("giving", household.figures, permission=SEE)
    register_household_panel(
        Panel(
            "giving",
            _("Giving"),
            "wagtailadmin/giving/panels/household_gifts.html",
            household.recent_gifts,
            order=30,
            permission=SEE,
        )
    )


def _name_verbs() -> None:
    name_verbs(
        {
            "gift.recorded": _("Gift recorded"),
            "gift.posted": _("Gift received"),
            "gift.cancelled": _("Expected gift cancelled"),
            "gift.revived": _("Cancelled gift expected again"),
            "gift.refund_returned": _("Refund came back"),
            "gift.voided": _("Gift voided"),
            "gift.refunded": _("Gift refunded"),
            "gift.charged_back": _("Gift charged back"),
            "gift.reinstated": _("Charge-back reversed"),
            "gift.adjusted": _("Gift adjusted"),
            "gift.valued": _("Gift valued"),
            "gift.dedicated": _("Gift dedicated"),
            "gift.dedication_removed": _("Dedication removed"),
            "gift.bulk_mark_received": _("Many gifts marked as received"),
            "match.expected": _("Match expected"),
            "match.changed": _("Expected match changed"),
            "match.claimed": _("Match claimed"),
            "match.received": _("Match received"),
            "match.closed": _("Match given up"),
            "match.reopened": _("Match expected again"),
            "tribute_notice.wanted": _("Tribute notice wanted"),
            "tribute_notice.dropped": _("Tribute notice dropped"),
            "tribute_notice.told": _("Told of a tribute"),
            "soft_credit.given": _("Soft credit given"),
            "soft_credit.withdrawn": _("Soft credit withdrawn"),
        }
    )
