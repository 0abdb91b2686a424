"""What people and organisations add to the rooms below and to their own pages; called once from the app's `ready()`."""

from __future__ import annotations

import datetime as dt

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from constituents import (
    happenings,
    loose_ends,
    panels,
    permissions,  # noqa: F401  says what roles may do
)
from constituents.duplicates import receivers, scanning  # noqa: F401  the receivers connect themselves
from constituents.household_steps import register_loose_ends
from constituents.merging.own import declare_relations
from constituents.resources.registration import offer_to_imports
from constituents.search import indexes, own_groups
from constituents.segments import people as criteria_of_people
from constituents.services.custom_fields import searched_values
from constituents.services.search_text import register_search_texts
from constituents.staff import custom_fields, duplicates, work
from constituents.timeline import register_timeline_source
from constituents.work import escalating, on_people, own_waiting, rules
from constituents.work.mailbox import importing
from core.audit import name_verbs
from core.jobs import schedule
from core.staff.home import HomePanel, register_home_panel


def register_people(app: AppConfig) -> None:
    """Fill the registries, in the order the parts stand on a person's page."""
    name_verbs(happenings.VERBS)
    declare_relations()
    criteria_of_people.register()
    offer_to_imports()
    register_search_texts(searched_values, letter="c", label=_("another detail"), as_words=True)
    own_groups.register()
    post_migrate.connect(indexes.install, sender=app, dispatch_uid="constituents.search_indexes")
    own_waiting.register()
    register_loose_ends("follow-ups", loose_ends.open_follow_ups, permission=on_people.VIEW)
    _stand_on_pages()
    _stand_on_the_first_page()
    _keep_time()


def _stand_on_pages() -> None:
    panels.register_panel(custom_fields.panel())
    panels.register_next_steps("work", on_people.next_steps, permission=on_people.VIEW)
    panels.register_chips("work", on_people.chips, permission=on_people.VIEW)
    panels.register_panel(on_people.panel)
    panels.register_actions("work", on_people.adding, permission="constituents.add_followup")
    panels.register_actions("plans", on_people.starting, permission="constituents.start_plan")
    for source in (*happenings.SOURCES, on_people.timeline_source):
        register_timeline_source(source)


def _stand_on_the_first_page() -> None:
    register_home_panel(
        HomePanel(
            "work", _("My work"), "wagtailadmin/work/home.html", work.home_panel, order=1, permission=on_people.VIEW
        )
    )
    register_home_panel(
        HomePanel(
            "duplicates",
            _("On record twice?"),
            "wagtailadmin/people/duplicates/home.html",
            duplicates.home_panel,
            order=60,
            permission="constituents.change_duplicatepair",
        )
    )


def _keep_time() -> None:
    schedule.register("constituents.mailbox", importing.read_when_due, every=dt.timedelta(minutes=5))
    schedule.register("constituents.rules", rules.see_to_what_waits, every=dt.timedelta(minutes=5))
    schedule.register("constituents.duplicates", scanning.scan_nightly, every=schedule.Daily(hour=2))
    schedule.register("constituents.old_events", rules.forget_old_events, every=schedule.Daily(hour=4))
    schedule.register("constituents.escalate", escalating.escalate_overdue, every=schedule.Daily(hour=6))
