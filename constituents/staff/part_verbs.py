"""Verbs about one part of a record: `?part=12` names it; what is not the record's is not found."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property

from core.staff.asked import record_asked_for
from core.staff.verbs import VerbView


class PartVerbView(VerbView):
    """Runs its verb on a part of the record; offered beside that part."""

    offered = False

    def parts(self) -> QuerySet[Any]:
        """Return the parts of this record."""
        raise NotImplementedError

    @cached_property
    def part(self) -> Any:
        """The part the address names."""
        found: Model | None = record_asked_for(self.request, "part", self.parts())
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask, once the part is found."""
        assert self.part  # noqa: S101 - found, or the answer is 404
        return super().get(request, *args, **kwargs)

    def words(self) -> dict[str, Any]:
        """Let sentences name the part."""
        return {"object": self.object, "part": self.part}

    def run(self, form: Any) -> Any:
        """Call the service with the part."""
        return type(self).verb(self.part, by=self.request.user, **form.cleaned_data)
