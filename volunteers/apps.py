"""The volunteers app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteersConfig(AppConfig):
    """Tells the people's pages and the prospect list about volunteering, and volunteers about their places."""

    name = "volunteers"
    verbose_name = _("Volunteering")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect to the rooms below."""
        from constituents.household_steps import register_loose_ends
        from constituents.merging.totals import register_total
        from constituents.panels import register_actions, register_chips, register_figures, register_panel
        from constituents.signals import constituents_merged, merge_undone
        from constituents.timeline import register_timeline_source
        from core.audit import name_verbs
        from donations.prospects import register_participation
        from volunteers import criteria, events, on_people, permissions, receivers, waiting  # noqa: F401
        from volunteers.merging import declare_relations, places_follow_the_sign_ups
        from volunteers.signals import place_given, signed_up

        for signal in (constituents_merged, merge_undone):
            signal.connect(places_follow_the_sign_ups, dispatch_uid="volunteers.places_follow_the_sign_ups")
        place_given.connect(receivers.tell_who_got_a_place, dispatch_uid="volunteers.place_given")
        declare_relations()
        criteria.register()
        events.register_events()
        waiting.register()
        signed_up.connect(events.announce_sign_up, dispatch_uid="volunteers.announce_sign_up")
        register_participation(on_people.participation)

        register_total("hours", _("Hours"), on_people.hours_together, permission="volunteers.view_hoursentry")
        register_chips("volunteers", on_people.chips, permission="volunteers.view_hoursentry")
        register_figures("volunteers", on_people.figures, permission="volunteers.view_hoursentry")
        register_actions("volunteers", on_people.actions, permission="volunteers.add_hoursentry")
        register_panel(on_people.panel)
        register_loose_ends("volunteers", on_people.loose_ends, permission="volunteers.view_hoursentry")
        for source in on_people.timeline_sources:
            register_timeline_source(source)
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
