"""How the lists about volunteering are narrowed down."""

from __future__ import annotations

import django_filters
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from core import clock
from volunteers.models import HoursEntry, HoursStatus, Opportunity, Shift, SignUp, SignUpStatus


class ShiftFilters(WagtailFilterSet):
    """By opportunity and by how well it is covered; the coming ones unless others are asked for."""

    opportunity = django_filters.ModelChoiceFilter(queryset=Opportunity.objects.all(), label=_("Opportunity"))
    state = django_filters.ChoiceFilter(
        label=_("Places"),
        choices=[("short", _("Short of people")), ("full", _("Full")), ("waiting", _("People wait for a place"))],
        method="by_state",
        empty_label=_("Any"),
    )
    when = django_filters.ChoiceFilter(
        label=_("When"),
        choices=[("past", _("Past")), ("cancelled", _("Cancelled")), ("all", _("All"))],
        method="by_when",
        empty_label=_("Coming"),
    )

    class Meta:
        model = Shift
        fields = ["opportunity", "state", "when"]

    def by_state(self, queryset: QuerySet[Shift], _name: str, value: str) -> QuerySet[Shift]:
        """Narrow by places; the list counts who waits."""
        narrowed = {
            "waiting": Q(waiting_count__gt=0),
            "short": Q(places_taken__lt=F("minimum")),
            "full": Q(places_taken__gte=F("capacity")),
        }
        return queryset.filter(narrowed[value])

    def filter_queryset(self, queryset: QuerySet[Shift]) -> QuerySet[Shift]:
        """Begin with the coming ones."""
        now = clock.now()
        narrowed = {
            "": Q(ends_at__gt=now, cancelled_at__isnull=True),
            "past": Q(ends_at__lte=now, cancelled_at__isnull=True),
            "cancelled": Q(cancelled_at__isnull=False),
            "all": Q(),
        }
        return super().filter_queryset(queryset).filter(narrowed[self.form.cleaned_data.get("when") or ""])

    def by_when(self, queryset: QuerySet[Shift], _name: str, _value: str) -> QuerySet[Shift]:
        """Leave it to `filter_queryset`, which also says what is meant when nothing is asked."""
        return queryset


class SignUpFilters(WagtailFilterSet):
    """By opportunity and by what became of it."""

    shift__opportunity = django_filters.ModelChoiceFilter(queryset=Opportunity.objects.all(), label=_("Opportunity"))
    status = django_filters.MultipleChoiceFilter(choices=SignUpStatus, label=_("Status"))

    class Meta:
        model = SignUp
        fields = ["shift__opportunity", "status"]


class HoursFilters(WagtailFilterSet):
    """By whether they count, by opportunity, by day."""

    status = django_filters.ChoiceFilter(choices=HoursStatus, label=_("Status"))
    opportunity = django_filters.ModelChoiceFilter(queryset=Opportunity.objects.all(), label=_("Opportunity"))
    worked_on = django_filters.DateFromToRangeFilter(label=_("Day"), widget=DateRangePickerWidget)

    class Meta:
        model = HoursEntry
        fields = ["status", "opportunity", "worked_on"]
