"""A verb about one part of a constituent's record: an e-mail address, a relationship, a document."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property

from constituents.models import Constituent
from core.staff.asked import record_asked_for
from core.staff.verbs import VerbView


class OnePartView(VerbView):
    """Runs the verb on the part that `?part=12` names; offered beside that part, not in the header."""

    offered = False
    parameter = "part"

    def parts(self) -> QuerySet[Any]:
        """Return the parts of this constituent's record."""
        raise NotImplementedError

    @property
    def constituent(self) -> Constituent:
        """Whose record it is."""
        assert isinstance(self.object, Constituent)  # noqa: S101 - the viewset's own model
        return self.object

    @cached_property
    def part(self) -> Any:
        """The part; one that is not this constituent's answers as one that does not exist."""
        found = record_asked_for(self.request, self.parameter, self.parts())
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask, once the part is found."""
        assert self.part  # noqa: S101 - found, or the answer is 404
        return super().get(request, *args, **kwargs)

    def words(self) -> dict[str, Any]:
        """Let the sentences name the part too."""
        return {"object": self.object, "part": self.part}

    def run(self, form: Any) -> Any:
        """Call the service with the part."""
        return type(self).verb(self.part, by=self.request.user, **form.cleaned_data)
