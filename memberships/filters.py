"""How the lists of members are narrowed down."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, ModelMultipleChoiceFilter, MultipleChoiceFilter
from wagtail.admin.filters import WagtailFilterSet

from core import clock
from memberships.models import Level, Membership, Status

_MONTHS_BACK, _MONTHS_AHEAD = 6, 13


def _months() -> list[tuple[str, str]]:
    today = clock.today()
    count = today.year * 12 + today.month - 1
    firsts = [dt.date(n // 12, n % 12 + 1, 1) for n in range(count - _MONTHS_BACK, count + _MONTHS_AHEAD)]
    return [(f"{first:%Y-%m}", date_format(first, "F Y")) for first in firsts]


class MembershipFilters(WagtailFilterSet):
    """By status today, by level, by the month the membership ends."""

    status = MultipleChoiceFilter(
        label=_("Status"), choices=Status.choices, widget=forms.CheckboxSelectMultiple, method="by_status"
    )
    level = ModelMultipleChoiceFilter(
        label=_("Level"), queryset=Level.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    ends = ChoiceFilter(label=_("Ends in"), choices=_months, method="by_month", empty_label=_("Any month"))

    class Meta:
        model = Membership
        fields = ["status", "level", "ends"]

    def by_status(self, queryset: QuerySet[Membership], _name: str, values: list[str]) -> QuerySet[Membership]:
        """Narrow to statuses; the list has them already."""
        return queryset.filter(Q(status__in=values)) if values else queryset

    def by_month(self, queryset: QuerySet[Membership], _name: str, value: Any) -> QuerySet[Membership]:
        """Narrow to memberships whose latest term ends in a month."""
        year, month = (int(part) for part in value.split("-"))
        return queryset.filter(Q(ends_on__year=year, ends_on__month=month))
