"""Picking a constituent on other forms."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from constituents.models import Constituent
from core.staff.choosers import StaffChooserViewSet


class ConstituentChooserViewSet(StaffChooserViewSet):
    """Pick a person or an organisation, by anything they are known by."""

    model = Constituent
    icon = "user"
    choose_one_text = _("Choose a constituent")
    choose_another_text = _("Choose another")
    edit_item_text = _("Look at this record")

    def base_queryset(self, request: HttpRequest) -> QuerySet[Constituent]:
        """Everyone on record."""
        return Constituent.objects.current().searched_by(request.user)

    def search(self, queryset: QuerySet[Constituent], query: str) -> QuerySet[Constituent]:
        """Find as the search box does, the best first."""
        return queryset.best_first(query)  # type: ignore[attr-defined]


constituent_chooser = ConstituentChooserViewSet("constituent_chooser")
