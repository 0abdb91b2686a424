"""The constituents app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ConstituentsConfig(AppConfig):
    """Registers the app, its part of the timeline, what its verbs are called, and what may not be rewritten."""

    name = "constituents"
    verbose_name = _("People")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say to the rooms below what this one has."""
        from constituents import happenings, permissions  # noqa: F401 - roles read the permissions
        from constituents.merging.own import declare_relations
        from constituents.resources.registration import offer_to_imports
        from constituents.search import indexes
        from constituents.segments import people as criteria_of_people
        from constituents.services.custom_fields import searched_values
        from constituents.services.search_text import register_search_texts
        from constituents.timeline import TimelineSource, register_timeline_source
        from core.audit import name_verbs

        name_verbs(happenings.VERBS)
        declare_relations()
        criteria_of_people.register()
        offer_to_imports()
        register_search_texts(searched_values, letter="c", label=_("another detail"), as_words=True)
        post_migrate.connect(indexes.install, sender=self, dispatch_uid="constituents.search_indexes")
        register_timeline_source(TimelineSource("contact", _("Contact"), happenings.interactions))
        register_timeline_source(TimelineSource("change", _("Changes"), happenings.changes))
