"""What volunteering adds to the rooms below, and what it listens to; called once from the app's `ready()`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from constituents import panels
from constituents.household_steps import register_loose_ends
from constituents.merging.totals import register_total
from constituents.signals import constituents_merged, merge_undone
from constituents.timeline import register_timeline_source
from core.audit import name_verbs
from donations.prospects import register_participation
from volunteers import (
    criteria,
    events,
    on_people,
    permissions,  # noqa: F401  says what roles may do
    receivers,
    waiting,
)
from volunteers.merging import declare_relations, places_follow_the_sign_ups
from volunteers.signals import place_given, signed_up
from volunteers.wording import hours_in_words

SEE = "volunteers.view_hoursentry"


def register_volunteering() -> None:
    """Fill the registries and listen."""
    declare_relations()
    criteria.register()
    events.register_events()
    waiting.register()
    register_participation(on_people.participation)
    register_total("hours", _("Hours"), on_people.hours_each, written=hours_in_words, permission=SEE)
    _listen()
    _stand_on_pages()
    _name_verbs()


def _listen() -> None:
    for signal in (constituents_merged, merge_undone):
        signal.connect(places_follow_the_sign_ups, dispatch_uid="volunteers.places_follow_the_sign_ups")
    place_given.connect(receivers.tell_who_got_a_place, dispatch_uid="volunteers.place_given")
    signed_up.connect(events.announce_sign_up, dispatch_uid="volunteers.announce_sign_up")


def _stand_on_pages() -> None:
    panels.register_chips("volunteers", on_people.chips, permission=SEE)
    panels.register_figures("volunteers", on_people.figures, permission=SEE)
    panels.register_actions("volunteers", on_people.actions, permission="volunteers.add_hoursentry")
    panels.register_panel(on_people.panel)
    register_loose_ends("volunteers", on_people.loose_ends, permission=SEE)
    for source in on_people.timeline_sources:
        register_timeline_source(source)


def _name_verbs() -> None:
    name_verbs(
        {
            "shift.added": _("Shift added"),
            "shift.changed": _("Shift changed"),
            "shift.called_off": _("Shift cancelled"),
            "shift.signed_up": _("Signed up for a shift"),
            "shift.cancelled": _("Sign-up cancelled"),
            "shift.place_given": _("Given a place from the waiting list"),
            "shift.attended": _("Was at a shift"),
            "shift.no_show": _("Did not come to a shift"),
            "hours.logged": _("Hours logged"),
            "hours.decided": _("Hours approved or refused"),
        }
    )
