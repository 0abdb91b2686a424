"""A list remembers how it was last filtered and ordered, for as long as one stays signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase

_FORGOTTEN = {"p", "page", "export", "_w_filter_fragment", "reset", "next"}
_MOST = 2_000


# Mixed into views of Wagtail and of Django.
Mixin: Any = object


class RemembersFilters(Mixin):
    """For a list view: opened bare it comes back as it was left; `?reset=1` makes it forget.

    Wagtail fetches filtered results from an address of their own (`results_only`): those are remembered too, so that
    taking the last filter off is remembered as well.
    """

    results_only = False

    @property
    def remember_as(self) -> str:
        """The key under which the filters are remembered."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Remember, or bring back what is remembered."""
        store: dict[str, str] = request.session.get("list_filters", {})
        if "export" in request.GET:
            return super().get(request, *args, **kwargs)
        asked = _worth_remembering(request.GET)
        if not request.GET and not self.results_only and (before := store.get(self.remember_as)):
            return HttpResponseRedirect(f"{request.path}?{before}")
        if asked != store.get(self.remember_as, "") and len(asked) < _MOST:
            request.session["list_filters"] = store | {self.remember_as: asked}
        return super().get(request, *args, **kwargs)


def _worth_remembering(query: QueryDict) -> str:
    kept = query.copy()
    for name in query:
        if name in _FORGOTTEN or not any(query.getlist(name)):
            del kept[name]
    return kept.urlencode()
