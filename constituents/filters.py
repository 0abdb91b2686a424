"""How the list of people is narrowed down."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters import ModelChoiceFilter
from wagtail.admin.filters import WagtailFilterSet

from constituents.errors import CriteriaError
from constituents.models import Constituent, Segment, SegmentSnapshot
from constituents.segments.registry import lacking
from constituents.segments.saved import members_of


def segments_for(request: HttpRequest | None) -> QuerySet[Segment]:
    """Return the segments the reader may use."""
    if request is None:
        return Segment.objects.none()
    return Segment.objects.visible_to(request.user, lacking=lacking(request.user))


def lists_for(request: HttpRequest | None) -> QuerySet[SegmentSnapshot]:
    """Return the lists the reader may use."""
    if request is None:
        return SegmentSnapshot.objects.none()
    return SegmentSnapshot.objects.open_to(lacking=lacking(request.user))


class ConstituentFilters(WagtailFilterSet):
    """By segment, by list, and by what is on the record itself."""

    segment = ModelChoiceFilter(label=_("Segment"), queryset=segments_for, method="in_segment")
    list = ModelChoiceFilter(label=_("List"), queryset=lists_for, method="on_list")

    class Meta:
        model = Constituent
        fields = ["segment", "list", "kind", "tags", "is_deceased", "do_not_contact"]

    def in_segment(self, queryset: QuerySet[Constituent], _name: str, segment: Segment | None) -> QuerySet[Constituent]:
        """Narrow to who is in a segment; to nobody while its conditions name what is gone: its page says what."""
        if segment is None:
            return queryset
        try:
            return queryset.filter(pk__in=members_of(segment).order_by().values("pk"))
        except CriteriaError:
            return queryset.none()

    def on_list(
        self, queryset: QuerySet[Constituent], _name: str, snapshot: SegmentSnapshot | None
    ) -> QuerySet[Constituent]:
        """Narrow to who is on a list."""
        if snapshot is None:
            return queryset
        return queryset.filter(pk__in=snapshot.listed.order_by().values("constituent"))
