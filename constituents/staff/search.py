"""The search page: what was found, in groups; as a whole page, or as the part that changes while one types."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.search import SearchArea
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from constituents.search.groups import Results, groups_for, results
from constituents.search.reading import LONGEST_TEXT, Typed

_ON_THE_PAGE, _WHILE_TYPING = 20, 6


class SearchView(WagtailAdminTemplateMixin, TemplateView):
    """Everything that fits what was typed."""

    template_name = "wagtailadmin/search/page.html"
    page_title = _("Search")
    header_icon = "search"
    limit = _ON_THE_PAGE
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in whoever may see at least one of the groups."""
        if not groups_for(request.user):
            raise PermissionDenied
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, and the search."""
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Look, and say how to add whoever was not found."""
        text = self.request.GET.get("q", "").strip()[:LONGEST_TEXT]
        found: list[Results] = results(text, self.request.user, limit=self.limit)
        return super().get_context_data(**kwargs) | {
            "query": text,
            "results": found,
            "count": sum(len(result.hits) for result in found),
            "new_person_url": new_person_url(text),
            "new_organisation_url": new_organisation_url(text),
        }


class SearchResultsView(SearchView):
    """Only the results, for the box that shows them while one types."""

    template_name = "wagtailadmin/search/results.html"
    limit = _WHILE_TYPING


def new_person_url(text: str) -> str:
    """Return the form for a new person with what was typed in it; a number is not taken for a name."""
    if "@" in text:
        values = {"email": text}
    elif any(character.isdigit() for character in text) or not Typed.read(text, ()).pieces:
        values = {}
    else:
        given, _space, family = text.rpartition(" ")
        values = {"given_name": given.strip(), "family_name": family}
    return f"{reverse('constituents:add')}?{urlencode(values)}"


def new_organisation_url(text: str) -> str:
    """Return the form for a new organisation of this name."""
    return f"{reverse('constituents:add')}?{urlencode({'kind': 'organisation', 'organisation_name': text})}"


class EverythingSearchArea(SearchArea):
    """The box in the side bar leads to the search page."""

    def is_shown(self, request: HttpRequest) -> bool:
        """For those who may see at least one group."""
        return bool(groups_for(request.user))
