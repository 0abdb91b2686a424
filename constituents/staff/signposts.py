"""Old links keep working: the page of a record that was merged leads on to the one that stands for it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from constituents.models import Constituent

# A mixin of Wagtail's views, whose attributes Wagtail fills in as it goes.
Mixin: Any = object


class FollowsSignposts(Mixin):
    """A page of one constituent that leads on from a merged record to the one kept."""

    def get_object(self, queryset: QuerySet[Constituent] | None = None) -> Constituent:
        """Find merged records too, which the list leaves out."""
        return self.found_in(self.viewset.base_queryset(self.request))

    def found_in(self, rows: QuerySet[Constituent]) -> Constituent:
        """Return the record from these rows, or else the signpost that stands where it was."""
        key = _key(self.kwargs["pk"])
        found = rows.filter(pk=key).first()
        if found is not None:
            return found
        signposts = Constituent.objects.filter(merged_into__isnull=False).select_related("merged_into")
        return get_object_or_404(signposts, pk=key)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead on, and say so."""
        found = getattr(self, "object", None) or self.get_object()  # the edit page looks for its record later
        if found.merged_into_id is None:
            return super().dispatch(request, *args, **kwargs)
        words = {"merged": found, "kept": found.merged_into}
        messages.info(request, _("“%(merged)s” was merged into “%(kept)s”: here is the record that was kept.") % words)
        return HttpResponseRedirect(reverse("constituents:inspect", args=[found.merged_into_id]))


def _key(text: str | int) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise Http404 from error
