"""What pledges and recurring gifts add to the rooms below; called once from the app's `ready()`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from constituents import panels, timeline
from constituents.household_panels import register_household_figures
from constituents.household_steps import register_loose_ends
from constituents.work.waiting import WaitingWork, register_work
from core.audit import name_verbs
from core.jobs import schedule
from core.staff.parts import Panel
from donations import signals
from donations.campaigns.closing import UserOfFund, register_user_of_fund
from donations.promises import (
    checks,
    criteria,
    events,
    permissions,  # noqa: F401  says what roles may do
    receivers,
    upkeep,
)
from donations.promises.protection import protect_promises
from donations.promises.redirecting import recurring_to, redirect
from donations.services.books import register_check
from donations.staff import promise_person as person

SEE_PLEDGES, SEE_RECURRING = "donations.view_pledge", "donations.view_recurringgift"


def register_promises() -> None:
    """Fill the registries and listen."""
    protect_promises()
    events.register_events()
    criteria.register()
    register_user_of_fund(UserOfFund("recurring_gifts", _("recurring gifts"), count=recurring_to, move=redirect))
    _stand_on_pages()
    _wait_for_somebody()
    for check in checks.CHECKS:
        register_check(check)
    schedule.register("donations.promises", upkeep.keep_promises, every=schedule.Daily(hour=5))
    _listen()
    name_verbs(
        {
            "pledge.made": _("Pledge made"),
            "pledge.rescheduled": _("Schedule changed"),
            "pledge.paid": _("Payment applied"),
            "pledge.payment_changed": _("Payment changed with its gift"),
            "pledge.unapplied": _("Payment taken off"),
            "pledge.written_off": _("Written off"),
            "pledge.write_off_taken_back": _("Write-off taken back"),
            "pledge.reminded": _("Reminded"),
            "recurring.prepared": _("Recurring gift about to be set up online"),
            "recurring.abandoned": _("Never completed"),
            "recurring.started": _("Recurring gift started"),
            "recurring.changed": _("Recurring gift changed"),
            "recurring.paused": _("Paused"),
            "recurring.resumed": _("Went on"),
            "recurring.failing": _("Stopped coming"),
            "recurring.recovered": _("Came again"),
            "recurring.lapsed": _("Lapsed"),
            "recurring.ended": _("Ended"),
            "recurring.matched": _("Gift matched"),
            "recurring.unmatched": _("Gift taken off"),
        }
    )


def _stand_on_pages() -> None:
    panels.register_chips("promises", person.chips, permission=SEE_PLEDGES)
    panels.register_figures("promises", person.figures, permission=SEE_PLEDGES, order=15)
    panels.register_actions("pledges", person.pledge_actions, permission="donations.add_pledge")
    panels.register_actions("recurring_gifts", person.recurring_actions, permission="donations.add_recurringgift")
    panels.register_panel(
        Panel(
            "promises",
            _("Promises"),
            "wagtailadmin/giving/panels/promises.html",
            person.promises,
            order=12,
            permission=SEE_PLEDGES,
            place="tab",
        )
    )
    sources = (
        timeline.TimelineSource("pledge", _("Pledges"), person.pledge_events, SEE_PLEDGES),
        timeline.TimelineSource("recurring", _("Recurring gifts"), person.recurring_events, SEE_RECURRING),
    )
    for source in sources:
        timeline.register_timeline_source(source)
    register_household_figures("promises", person.household_figures, permission=SEE_PLEDGES)
    register_loose_ends("promises", person.loose_ends, permission=SEE_PLEDGES)


def _wait_for_somebody() -> None:
    register_work(WaitingWork("overdue_pledges", person.overdue_pledges, permission=SEE_PLEDGES, order=12))
    register_work(WaitingWork("failing_gifts", person.failing_gifts, permission=SEE_RECURRING, order=14))
    register_work(
        WaitingWork("reminder_letters", person.letters_to_write, permission="donations.change_pledge", order=16)
    )


def _listen() -> None:
    uid = "donations.promises.{}".format
    signals.gift_posted.connect(receivers.count_gift, dispatch_uid=uid("count_gift"))
    signals.gifts_posted_in_bulk.connect(receivers.count_many, dispatch_uid=uid("count_many"))
    signals.gift_reversed.connect(receivers.follow_reversal, dispatch_uid=uid("follow_reversal"))
    signals.gift_reinstated.connect(receivers.follow_reversal, dispatch_uid=uid("follow_return"))
    signals.gift_adjusted.connect(receivers.follow_adjustment, dispatch_uid=uid("follow_adjustment"))
