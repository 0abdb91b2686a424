"""The constituent page: who this is and what is going on.

The story comes first: what is to be done next, one line to log what just happened, then everything that did. Beside it
stand the things one looks up while on the telephone. Tables and charts have tabs, which ask nothing until opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import Button, HeaderButton

from constituents import panels, timeline
from constituents.contact_forms import QuickLogForm
from constituents.models import Constituent, HouseholdMembership
from constituents.services.preferences import consents_of
from constituents.staff.addresses import addresses_panel
from constituents.staff.documents import documents_of
from constituents.staff.households import household_of
from constituents.staff.relationships import relationships_of
from constituents.staff.signposts import FollowsSignposts
from core.audit.describe import describe
from core.audit.models import AuditEntry
from core.staff.cursor import Cursor
from core.staff.parts import Action, Chip, Figure, Panel, Text, TimelineEvent
from core.staff.records import RecordView

STORY = "story"
# Verbs from this priority on stand in the menu instead of the row of everyday actions.
_EVERYDAY = 50
_HISTORY = 50
# As many actions as stand in one row under the name; the others are in the menu.
_IN_THE_ROW = 6


def history_of(constituent: Constituent) -> dict[str, Any]:
    """Return the newest audit entries of the record, in words."""
    entries = list(AuditEntry.objects.for_instance(constituent).readable().order_by("-timestamp", "-pk")[:_HISTORY])
    told = describe(entries)
    return {"entries": [(entry, told[entry.pk]) for entry in entries]}


def consents_shown(constituent: Constituent) -> dict[str, Any]:
    """Return what counts today for each purpose and channel."""
    told = consents_of(constituent).values()
    return {"consents": sorted(told, key=lambda record: (record.purpose, record.channel))}


_TEMPLATES = "wagtailadmin/people/panels"
RELATIONSHIPS = Panel("relationships", _("Relationships"), f"{_TEMPLATES}/relationships.html", relationships_of)
BESIDE = (
    Panel("contact", _("Contact"), f"{_TEMPLATES}/contact.html", lambda obj: {}, order=10),
    Panel("addresses", _("Addresses"), f"{_TEMPLATES}/addresses.html", addresses_panel, order=15),
    Panel("household", _("Household"), f"{_TEMPLATES}/household.html", household_of, order=20),
    RELATIONSHIPS,
    Panel("about", _("About"), f"{_TEMPLATES}/about.html", lambda obj: {}, order=200),
)
TABS = (
    Panel(
        "documents",
        _("Documents"),
        f"{_TEMPLATES}/documents.html",
        documents_of,
        order=60,
        permission="constituents.view_document",
        place="tab",
    ),
    Panel("consent", _("Consent"), f"{_TEMPLATES}/consent.html", consents_shown, order=70, place="tab"),
    Panel("history", _("History"), f"{_TEMPLATES}/history.html", history_of, order=900, place="tab"),
)


class ConstituentRecordView(FollowsSignposts, RecordView):
    """Who this is and what is going on: one page, a constant number of queries."""

    template_name = "wagtailadmin/people/constituent.html"

    # The story, and what stands beside it

    @cached_property
    def _all_panels(self) -> list[Panel]:
        own = [
            panel for panel in (*BESIDE, *TABS) if not panel.permission or self.request.user.has_perm(panel.permission)
        ]
        return sorted([*own, *panels.panels_for(self.request.user)], key=lambda panel: (panel.order, panel.name))

    def tabs(self) -> Sequence[tuple[str, Text]]:
        """The story, then each panel that wants room."""
        return [(STORY, _("Story")), *((p.name, p.label) for p in self._all_panels if p.place == "tab")]

    def panels(self) -> Iterable[Panel]:
        """What belongs to the open tab; the story needs none."""
        return [panel for panel in self._all_panels if panel.place == "tab" and panel.name == self.tab]

    def side_panels(self) -> Iterable[Panel]:
        """What one looks up while talking to them; a table under its tab has the whole width."""
        if self.tab != STORY:
            return []
        # An organisation lives in no household.
        absent = () if self.object.is_person else ("household",)
        return [panel for panel in self._all_panels if panel.place == "side" and panel.name not in absent]

    def timeline(self, before: Cursor | None, limit: int) -> Sequence[TimelineEvent] | None:
        """Everything that happened, of the kinds asked for."""
        if self.tab != STORY:
            return None
        return timeline.timeline(self.object, user=self.request.user, kinds=self._kinds, before=before, limit=limit)

    @cached_property
    def _kinds(self) -> list[str]:
        return [kind for kind in self.request.GET.getlist("kind") if kind]

    # Who it is

    def chips(self) -> Iterable[Chip]:
        """What must not be overlooked, then what the apps say, then the tags."""
        if self.object.is_deceased:
            yield Chip(_("Deceased"), "quiet")
        if self.object.do_not_contact:
            yield Chip(_("Do not contact"), "wrong")
        yield from panels.chips_for(self.object, self.request.user)

    def figures(self) -> Iterable[Figure]:
        """The numbers the apps above know."""
        return panels.figures_for(self.object, self.request.user)

    # What may be done

    def actions(self) -> Iterable[Action]:
        """The everyday ones, as many as stand in a row."""
        return self._everyday[:_IN_THE_ROW]

    @cached_property
    def _everyday(self) -> list[Action]:
        """What the apps above offer, and the verbs of the record itself."""
        offered = [
            Action(button.label, button.url, button.icon_name, order=10)
            for button in self._verb_buttons
            if button.priority < _EVERYDAY
        ]
        from_apps = panels.actions_for(self.object, self.request.user)
        return sorted([*offered, *from_apps], key=lambda action: (not action.primary, action.order))

    @cached_property
    def _verb_buttons(self) -> list[Button]:
        return sorted(self.viewset.verb_buttons(self.request, self.object, Button))

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Only the way to the form: the everyday actions stand with the name, where a thumb finds them."""
        edit_url = self.get_edit_url()
        return [HeaderButton(_("Edit"), url=edit_url, icon_name="edit", priority=20)] if edit_url else []

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """What is needed less often."""
        rare = [button for button in self._verb_buttons if button.priority >= _EVERYDAY]
        rare += [
            Button(action.label, url=action.url, icon_name=action.icon, priority=_EVERYDAY + place)
            for place, action in enumerate(self._everyday[_IN_THE_ROW:])
        ]
        rare.append(Button(_("History"), url=self.history_url, icon_name="history", priority=90))
        if delete_url := self.get_delete_url():
            rare.append(Button(_("Delete"), url=delete_url, icon_name="bin", priority=100))
        return rare

    # How it is put together

    def get_object(self, queryset: QuerySet | None = None) -> Constituent:
        """Fetch with the record what head and side panels show of it, within what this user may see."""
        rows = self.viewset.base_queryset(self.request).prefetch_related(None).select_related("parent", "user")
        homes = HouseholdMembership.objects.select_related("household")
        there = HouseholdMembership.objects.select_related("person")
        rows = rows.prefetch_related(
            "emails",
            "phones",
            "tags",
            "addresses",
            Prefetch("household_memberships", queryset=homes),
            Prefetch("household_memberships__household__memberships", queryset=there),
            "household_memberships__household__addresses",
        )
        return self.found_in(rows)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the head, the line to log with and the filter of the timeline."""
        user = self.request.user
        lines = relationships_of(self.object)["relationships"] if self.object.is_person else []
        main = next((line for line in lines if line["row"].is_primary and not line["ended"]), None)
        return super().get_context_data(**kwargs) | {
            "initials": initials(self.object),
            "affiliation": main,
            "tags": self.object.tags.all(),
            "next_steps": panels.next_steps_for(self.object, user),
            "quick_log": QuickLogForm() if user.has_perm("constituents.add_interaction") else None,
            "may_change": user.has_perm("constituents.change_constituent"),
            "timeline_kinds": [
                {
                    "label": source.label,
                    "url": f"?{urlencode({'kind': source.kind})}#timeline-heading",
                    "current": source.kind in self._kinds,
                }
                for source in timeline.sources_for(user)
            ],
            "timeline_all_current": not self._kinds,
        }


def initials(constituent: Constituent) -> str:
    """Return one or two letters that stand for the picture."""
    if not constituent.is_person:
        words = constituent.organisation_name.split()
    else:
        words = [constituent.preferred_name or constituent.given_name, constituent.family_name]
    return "".join(word[0] for word in words if word)[:2].upper()


def page_of(constituent: Constituent) -> str:
    """Return the address of the constituent's page."""
    return reverse("constituents:inspect", args=[constituent.pk])
