"""Donor levels: the ladders with how many stand on each level, and who they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import TitleColumn

from core.money import Money
from core.organisation import current_organisation
from core.staff.columns import AmountColumn, BooleanColumn, DateColumn, NumberColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.parts import Chip, Figure, Panel, Text
from core.staff.records import RecordView
from core.staff.views import StaffCreateView, StaffEditView
from core.staff.viewsets import StaffViewSet
from core.theme.charts import written
from donations.levels.jobs import stand_after_change
from donations.models import DonorStanding, Ladder
from donations.staff.links import page_of


class LadderForm(WagtailAdminModelForm):
    """A ladder with its levels: each begins at an amount of its own."""

    def clean(self) -> dict[str, Any]:
        """Refuse two levels of one amount or one name before the database does."""
        cleaned = super().clean()
        levels = self.formsets["levels"] if hasattr(self, "formsets") else None
        if levels is None or not levels.is_valid():
            return cleaned
        rows = [row for row in levels.cleaned_data if row and not row.get("DELETE")]
        for field, message in (
            ("from_amount", _("Two levels begin at the same amount.")),
            ("name", _("Two levels have the same name.")),
        ):
            values = [row[field] for row in rows]
            if len(set(values)) < len(values):
                raise ValidationError(message)
        return cleaned


class StandsAgain:
    """A form view after which everyone is counted anew."""

    def save_instance(self) -> Ladder:
        """Save, then add up."""
        ladder: Ladder = super().save_instance()  # type: ignore[misc]
        stand_after_change(ladder, by=self.request.user)  # type: ignore[attr-defined]
        return ladder


class LadderCreateView(StandsAgain, StaffCreateView):
    """A new ladder."""


class LadderEditView(StandsAgain, StaffEditView):
    """Change a ladder."""


class LadderRecordView(RecordView):
    """A ladder: how many stand on each level now."""

    def subtitle(self) -> Text:
        """What adds up."""
        words = [self.object.get_measure_display()]
        if self.object.with_household:
            words.append(_("with the household"))
        if self.object.with_recognition:
            words.append(_("with recognition"))
        return ", ".join(str(word) for word in words)

    def chips(self) -> Iterable[Chip]:
        """Whether it is in use."""
        yield Chip(_("In use"), "good") if self.object.is_active else Chip(_("Not in use"))

    def figures(self) -> Iterable[Figure]:
        """How many stand on a level, of how many who gave."""
        sums = self.object.standings.aggregate(all=Count("pk"), placed=Count("pk", filter=Q(level__isnull=False)))
        url = f"{reverse('standings:index')}?{urlencode({'ladder': self.object.pk})}"
        yield Figure(_("On a level"), written(sums["placed"]), url)
        yield Figure(_("Gave, and below the lowest"), written(sums["all"] - sums["placed"]))

    def panels(self) -> Iterable[Panel]:
        """The levels."""
        return [Panel("levels", _("Levels"), "wagtailadmin/giving/panels/levels.html", _bands_of)]


def _bands_of(ladder: Ladder) -> dict[str, Any]:
    currency = current_organisation().base_currency
    levels = list(ladder.levels.annotate(count=Count("standings")).order_by("-from_amount"))
    most = max((level.count for level in levels), default=0)
    url = reverse("standings:index")
    return {
        "bands": [
            {
                "level": level,
                "from": Money(level.from_amount, currency),
                "count": level.count,
                "length": f"{level.count / most * 100:.2f}%" if most else "0%",
                "url": f"{url}?{urlencode({'ladder': ladder.pk, 'level': level.pk})}",
            }
            for level in levels
        ]
    }


class LadderViewSet(StaffViewSet):
    """The ladders of donor levels."""

    model = Ladder
    icon = "order-up"
    menu_label = _("Donor levels")
    menu_area = Area.SETTINGS
    menu_order = 290
    add_view_class = LadderCreateView
    edit_view_class = LadderEditView
    inspect_view_enabled = True
    inspect_view_class = LadderRecordView
    list_display = [
        "name",
        StatusChipColumn("measure", label=_("Adds up")),
        BooleanColumn("with_household", label=_("With the household")),
        BooleanColumn("is_active", label=_("In use")),
        NumberColumn("placed", label=_("Donors on a level")),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("measure"), FieldPanel("position")]),
            FieldRowPanel([FieldPanel("with_household"), FieldPanel("with_recognition")]),
            FieldPanel("is_active"),
            InlinePanel(
                "levels",
                heading=_("Levels"),
                label=_("Level"),
                min_num=1,
                panels=[
                    FieldRowPanel([FieldPanel("name"), FieldPanel("from_amount")]),
                    FieldPanel("benefits", widget=forms.TextInput()),
                ],
            ),
        ],
        base_form_class=LadderForm,
    )
    empty_message = _(
        "Levels thank donors by what they gave: “Lantern from 100, Keeper from 500” by the year, or a society for a "
        "lifetime of giving. Add your first ladder."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[Ladder]:
        """Ladders with how many stand on a level of each."""
        placed = Count("standings", filter=Q(standings__level__isnull=False))
        return super().base_queryset(request).annotate(placed=placed)


def _donor_url(row: DonorStanding) -> str | None:
    return page_of(row.constituent)


class StandingViewSet(StaffViewSet):
    """Who stands on which level."""

    model = DonorStanding
    icon = "order-up"
    menu_label = _("Donors by level")
    menu_area = Area.GIVING
    menu_order = 70
    form_fields = ["level"]
    add_view_enabled = edit_view_enabled = delete_view_enabled = False
    select_related = ["constituent", "ladder", "level"]
    list_display = [
        TitleColumn("constituent", label=_("Donor"), sort_key="constituent__sort_name", get_url=_donor_url),
        StatusChipColumn("level", label=_("Level"), sort_key="level__from_amount"),
        AmountColumn("amount", label=_("Adds up to"), currency=None, sort_key="amount"),
        DateColumn("reached_on", label=_("Reached on"), sort_key="reached_on"),
        StatusChipColumn("ladder", label=_("Ladder")),
    ]
    list_filter = ["ladder", "level"]
    list_export = ["constituent", "ladder", "level", "amount", "reached_on"]
    search_fields = ["constituent__display_name"]
    ordering = ["-reached_on", "-amount", "pk"]
    empty_message = _("Nobody stands on a level yet. Levels are made under Settings, Donor levels.")

    def base_queryset(self, request: HttpRequest) -> QuerySet[DonorStanding]:
        """Only those who reached one."""
        return super().base_queryset(request).filter(level__isnull=False, ladder__is_active=True)

    def search(self, queryset: QuerySet[DonorStanding], query: str) -> QuerySet[DonorStanding]:
        """Find by name."""
        return queryset.filter(constituent__display_name__icontains=query)
