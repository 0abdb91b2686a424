"""The memberships app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembershipsConfig(AppConfig):
    """Listens to money, and tells the people's pages about membership."""

    name = "memberships"
    verbose_name = _("Membership")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect to the rooms below."""
        from constituents.household_steps import register_loose_ends, register_split_step
        from constituents.panels import (
            register_actions,
            register_chips,
            register_figures,
            register_panel,
        )
        from constituents.services.search_text import register_search_texts
        from constituents.signals import constituents_merged, merge_undone
        from constituents.timeline import register_timeline_source
        from core.audit import name_verbs
        from core.jobs import schedule
        from donations.services.books import register_check
        from donations.signals import gift_adjusted, gift_posted, gift_reversed
        from memberships import (  # noqa: F401
            criteria,
            events,
            finding,
            households,
            on_people,
            permissions,
            receivers,
            waiting,
        )
        from memberships.directory import numbers_of
        from memberships.merging import declare_relations, kept_values_follow_the_terms
        from memberships.protection import protect_terms
        from memberships.services.checks import CHECKS
        from memberships.signals import application_received, term_added

        for signal in (constituents_merged, merge_undone):
            signal.connect(kept_values_follow_the_terms, dispatch_uid="memberships.kept_values_follow_the_terms")
        gift_posted.connect(receivers.begin_term_when_dues_come, dispatch_uid="memberships.gift_posted")
        gift_reversed.connect(receivers.flag_when_dues_go_back, dispatch_uid="memberships.gift_reversed")
        gift_adjusted.connect(receivers.follow_when_dues_are_adjusted, dispatch_uid="memberships.gift_adjusted")
        finding.register()
        register_search_texts(
            numbers_of, letter="m", label=_("member number"), permission="memberships.view_membership"
        )
        events.register_events()
        waiting.register()
        term_added.connect(events.announce_term, dispatch_uid="memberships.announce_term")
        application_received.connect(events.announce_application, dispatch_uid="memberships.announce_application")
        schedule.register("memberships.lapsed", events.announce_lapsed, every=schedule.Daily(hour=5))
        declare_relations()
        criteria.register()
        protect_terms()
        for check in CHECKS:
            register_check(check)

        register_chips("memberships", on_people.chips, permission="memberships.view_membership")
        register_figures("memberships", on_people.figures, permission="memberships.view_membership")
        register_actions("memberships", on_people.actions, permission="memberships.join_membership")
        register_panel(on_people.panel)
        register_split_step(households.split_step)
        register_loose_ends("memberships", households.loose_ends, permission="memberships.view_membership")
        register_timeline_source(on_people.timeline_source)
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
