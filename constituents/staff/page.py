"""The constituent page: who this is and what is going on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from constituents import panels, timeline
from constituents.models import Constituent
from core.staff.parts import Action, Chip, Figure, Panel, TimelineEvent
from core.staff.records import RecordView


class ConstituentRecordView(RecordView):
    """Who this is and what is going on: one page, a constant number of queries."""

    template_name = "wagtailadmin/people/constituent.html"

    def subtitle(self) -> str:
        """The household, or what kind of record it is."""
        household = self.object.household
        return str(household) if household else super().subtitle()

    def chips(self) -> Iterable[Chip]:
        """What must not be overlooked, then what the apps say."""
        if self.object.is_deceased:
            yield Chip(_("Deceased"), "quiet")
        if self.object.do_not_contact:
            yield Chip(_("Do not contact"), "wrong")
        yield from panels.chips_for(self.object, self.request.user)
        for tag in self.object.tags.all():
            yield Chip(tag.name)

    def figures(self) -> Iterable[Figure]:
        """The numbers the apps above know."""
        return panels.figures_for(self.object, self.request.user)

    def actions(self) -> Iterable[Action]:
        """What the apps above offer."""
        return panels.actions_for(self.object, self.request.user)

    def panels(self) -> Iterable[Panel]:
        """What the apps above show, in order."""
        return panels.panels_for(self.request.user)

    def side_panels(self) -> Iterable[Panel]:
        """How to reach them, and with whom they live."""
        return [
            Panel("contact", _("Contact"), "wagtailadmin/people/panels/contact.html", lambda obj: {}),
            Panel("household", _("Household"), "wagtailadmin/people/panels/household.html", lambda obj: {}),
            Panel("about", _("About"), "wagtailadmin/people/panels/about.html", lambda obj: {}),
        ]

    def timeline(self, before: dt.datetime | None, limit: int) -> Sequence[TimelineEvent]:
        """Everything that happened, of the kinds asked for."""
        return timeline.timeline(self.object, user=self.request.user, kinds=self._kinds(), before=before, limit=limit)

    def _kinds(self) -> list[str]:
        return [kind for kind in self.request.GET.getlist("kind") if kind]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the filter of the timeline."""
        chosen = self._kinds()
        sources = timeline.sources_for(self.request.user)
        return super().get_context_data(**kwargs) | {
            "timeline_kinds": [
                {"label": source.label, "url": f"?{urlencode({'kind': source.kind})}", "current": source.kind in chosen}
                for source in sources
            ],
            "timeline_all_current": not chosen,
        }


def page_of(constituent: Constituent) -> str:
    """Return the address of the constituent's page."""
    return reverse("constituents:inspect", args=[constituent.pk])
