"""RecordView: one record's page. What it is called, what may be done, the numbers that matter, panels, a timeline.

    class GiftRecordView(RecordView):
        def chips(self):
            return [Chip(self.object.get_status_display(), "good")]

        def figures(self):
            return [Figure(_("Amount"), str(self.object.money))]

        def panels(self):
            return [Panel("allocations", _("Funds"), "wagtailadmin/giving/allocations.html", allocations_of)]

    class GiftViewSet(StaffViewSet):
        inspect_view_enabled = True
        inspect_view_class = GiftRecordView

A panel's template gets `object`, `panel`, `request` and what its `context(object)` returns. A page with several
`tabs()` loads only the panels of the tab that is open; each tab has an address. The timeline comes a page at a time:
htmx appends the next page, and without script the same link opens it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets.button import Button, HeaderButton

from core.staff.cursor import Cursor
from core.staff.parts import Action, Chip, Figure, Panel, Text, TimelineEvent
from core.staff.views import StaffInspectView


class RecordView(StaffInspectView):
    """One record's page; see the module. Each method may be overridden, and asks a constant number of questions."""

    template_name = "wagtailadmin/steward/record.html"
    timeline_template_name = "wagtailadmin/steward/timeline.html"
    timeline_page = 30
    page_title = ""

    # What the page shows

    def subtitle(self) -> Text:
        """Return a line under the name: what kind of record, since when."""
        return capfirst(self.object._meta.verbose_name)

    def chips(self) -> Iterable[Chip]:
        """Return states, beside the name."""
        return []

    def figures(self) -> Iterable[Figure]:
        """Return the few numbers that matter."""
        return []

    def actions(self) -> Iterable[Action]:
        """Return everyday actions that are not verbs of the viewset: those stand in the header by themselves."""
        return []

    def tabs(self) -> Sequence[tuple[str, Text]]:
        """Return the tabs as (slug, label); the first is open. None: one page."""
        return []

    def panels(self) -> Iterable[Panel]:
        """Return the panels of the open tab (`self.tab`), the record's own fields by default."""
        fields = [(field["label"], field["value"]) for field in self.get_fields_context()]
        return [Panel("facts", "", "wagtailadmin/steward/panels/facts.html", lambda obj: {"facts": fields})]

    def side_panels(self) -> Iterable[Panel]:
        """Return the panels beside, on every tab."""
        return []

    def timeline(self, before: Cursor | None, limit: int) -> Sequence[TimelineEvent] | None:
        """Return the newest `limit` events after the cursor, newest first; None: this page has no timeline."""
        return None

    # How it is put together

    @cached_property
    def tab(self) -> str:
        """The slug of the open tab."""
        slugs = [slug for slug, _label in self.tabs()]
        asked = self.request.GET.get("tab", "")
        return asked if asked in slugs else next(iter(slugs), "")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the page, or with the next page of the timeline when htmx asks for that."""
        if request.htmx and "before" in request.GET:  # type: ignore[attr-defined]
            return render(request, self.timeline_template_name, self._timeline())
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Gather the parts, leaving out what the user may not see."""
        return super().get_context_data(**kwargs) | {
            "name": str(self.object),
            "subtitle": self.subtitle(),
            "chips": list(self.chips()),
            "figures": list(self.figures()),
            "actions": list(self.actions()),
            "tabs": [
                {"label": label, "current": slug == self.tab, "url": f"?{urlencode({'tab': slug})}"}
                for slug, label in self.tabs()
            ],
            "panels": self._filled(self.panels()),
            "beside": self._filled(self.side_panels()),
            **self._timeline(),
        }

    def get_fields_context(self) -> list[dict[str, Any]]:
        """Return the record's fields with something in them."""
        return [field for field in super().get_fields_context() if field["value"] not in (None, "", "-")]

    def _filled(self, panels: Iterable[Panel]) -> list[dict[str, Any]]:
        user = self.request.user
        shown = [panel for panel in panels if not panel.permission or user.has_perm(panel.permission)]
        filled = [{"panel": panel, "context": panel.context(self.object)} for panel in shown]
        return [each for each in filled if each["context"] is not None]

    def _timeline(self) -> dict[str, Any]:
        # One event more than the page holds tells whether there is a next page.
        before = Cursor.parse(self.request.GET.get("before"))
        events = self.timeline(before, self.timeline_page + 1)
        if events is None:
            return {"timeline": None}
        page, more = list(events)[: self.timeline_page], len(events) > self.timeline_page
        query = self.request.GET.copy()
        query.pop("before", None)
        newest_url = f"?{query.urlencode()}"
        query["before"] = str(Cursor.of(page[-1])) if page else ""
        return {
            "timeline": page,
            "timeline_next": f"?{query.urlencode()}" if more else "",
            "timeline_newest": newest_url if before else "",
        }

    # Wagtail's furniture

    def get_page_title(self) -> Text:
        """The record's own name."""
        return self.page_title or str(self.object)

    def get_page_subtitle(self) -> str:
        """The name is the title."""
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, the list, the record."""
        index = {"url": self.viewset.menu_url, "label": capfirst(self.model._meta.verbose_name_plural)}
        return [*self.breadcrumbs_items, index, {"url": "", "label": str(self.object)}]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Change it, and what else may be done."""
        own = [HeaderButton(a.label, url=a.url, icon_name=a.icon, priority=10) for a in self.actions() if a.primary]
        if edit_url := self.get_edit_url():
            own.append(HeaderButton(_("Edit"), url=edit_url, icon_name="edit", priority=20))
        return own + self.viewset.verb_buttons(self.request, self.object, HeaderButton)

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """What is needed less often."""
        buttons = [Button(a.label, url=a.url, icon_name=a.icon, priority=5) for a in self.actions() if not a.primary]
        buttons.append(Button(_("History"), url=self.history_url, icon_name="history", priority=90))
        if delete_url := self.get_delete_url():
            buttons.append(Button(_("Delete"), url=delete_url, icon_name="bin", priority=100))
        return buttons

    @property
    def history_url(self) -> str:
        """Who changed what."""
        return self.viewset.history_url(self.object)


__all__ = ["Action", "Chip", "Figure", "Panel", "RecordView", "TimelineEvent"]
