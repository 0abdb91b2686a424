"""What membership adds to the rooms below, and what it listens to; called once from the app's `ready()`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from constituents import panels
from constituents.household_steps import register_loose_ends, register_split_step
from constituents.services.search_text import register_search_texts
from constituents.signals import constituents_merged, merge_undone
from constituents.timeline import register_timeline_source
from core.audit import name_verbs
from core.jobs import schedule
from donations.services.books import register_check
from donations.signals import gift_adjusted, gift_posted, gift_reversed
from memberships import (
    criteria,
    events,
    finding,
    households,
    on_people,
    permissions,  # noqa: F401  says what roles may do
    receivers,
    waiting,
)
from memberships.directory import numbers_of
from memberships.merging import declare_relations, kept_values_follow_the_terms
from memberships.protection import protect_terms
from memberships.services.checks import CHECKS
from memberships.signals import application_received, term_added

SEE = "memberships.view_membership"


def register_membership() -> None:
    """Fill the registries and listen."""
    protect_terms()
    declare_relations()
    for check in CHECKS:
        register_check(check)
    criteria.register()
    finding.register()
    register_search_texts(numbers_of, letter="m", label=_("member number"), permission=SEE)
    events.register_events()
    waiting.register()
    schedule.register("memberships.lapsed", events.announce_lapsed, every=schedule.Daily(hour=5))
    _listen()
    _stand_on_pages()
    _name_verbs()


def _listen() -> None:
    for signal in (constituents_merged, merge_undone):
        signal.connect(kept_values_follow_the_terms, dispatch_uid="memberships.kept_values_follow_the_terms")
    gift_posted.connect(receivers.begin_term_when_dues_come, dispatch_uid="memberships.gift_posted")
    gift_reversed.connect(receivers.flag_when_dues_go_back, dispatch_uid="memberships.gift_reversed")
    gift_adjusted.connect(receivers.follow_when_dues_are_adjusted, dispatch_uid="memberships.gift_adjusted")
    term_added.connect(events.announce_term, dispatch_uid="memberships.announce_term")
    application_received.connect(events.announce_application, dispatch_uid="memberships.announce_application")


def _stand_on_pages() -> None:
    panels.register_chips("memberships", on_people.chips, permission=SEE)
    panels.register_figures("memberships", on_people.figures, permission=SEE)
    panels.register_actions("memberships", on_people.actions, permission="memberships.join_membership")
    panels.register_panel(on_people.panel)
    register_timeline_source(on_people.timeline_source)
    register_split_step(households.split_step)
    register_loose_ends("memberships", households.loose_ends, permission=SEE)


def _name_verbs() -> None:
    name_verbs(
        {
            "membership.opened": _("Given a member number"),
            "membership.join": _("Joined"),
            "membership.renew": _("Renewed"),
            "membership.change": _("Level changed"),
            "membership.comp": _("Given a term free of charge"),
            "membership.gift": _("Given a membership"),
            "membership.requested": _("Asked to join or renew"),
            "membership.approved": _("Application approved"),
            "membership.declined": _("Application declined"),
            "membership.withdrawn": _("Application withdrawn"),
            "membership.level_at_renewal": _("Level at the next renewal changed"),
            "membership.payer_changed": _("Somebody else pays"),
            "membership.person_added": _("Put on the plan"),
            "membership.person_removed": _("Taken off the plan"),
            "membership.cancelled": _("Membership cancelled"),
            "membership.suspended": _("Membership suspended"),
            "membership.suspended_lifted": _("Suspension lifted"),
            "membership.honorary": _("Made an honorary member"),
            "membership.honorary_lifted": _("No longer an honorary member"),
            "membership.bulk_renew": _("Many memberships renewed"),
            "membership.cards_printed": _("Member cards printed"),
            "membership.cards_revoked": _("Cards revoked"),
            "membership.flagged": _("Membership flagged"),
            "membership.flag_settled": _("Flag settled"),
        }
    )
