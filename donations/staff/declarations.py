"""The list of Gift Aid declarations."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from constituents.models import Constituent
from core.staff.columns import DateColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.views import StaffIndexView
from donations.gift_aid.standing import TONES
from donations.models import GiftAidDeclaration
from donations.staff.declaration_page import DeclarationRecordView
from donations.staff.declaration_verbs import (
    CancelDeclarationView,
    ConfirmView,
    EvidenceView,
    MendView,
    RecordDeclarationView,
)
from donations.staff.gift_aid import OnlyInTheUnitedKingdom
from donations.staff.gift_aid_person import EnoughTaxView, NotEnoughTaxView
from donations.staff.links import page_of
from donations.staff.only_verbs import OnlyByVerbs


class DeclarationFilterSet(WagtailFilterSet):
    """What one asks of a list of declarations."""

    declared_on = django_filters.DateFromToRangeFilter(label=_("Declared on"), widget=DateRangePickerWidget)
    standing = django_filters.ChoiceFilter(
        label=_("Stands"),
        method="filter_standing",
        choices=[
            ("standing", _("Standing")),
            ("to_confirm", _("To be confirmed in writing")),
            ("incomplete", _("Address incomplete")),
            ("cancelled", _("Cancelled")),
        ],
    )

    class Meta:
        model = GiftAidDeclaration
        fields = ["declared_on", "method"]

    def filter_standing(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Narrow to how they stand."""
        open_ones = GiftAidDeclaration.objects.standing()
        chosen = {
            "standing": open_ones.exclude(pk__in=open_ones.unready().values("pk")),
            "to_confirm": open_ones.to_confirm(),
            "incomplete": open_ones.incomplete(),
            "cancelled": GiftAidDeclaration.objects.filter(cancelled_from__isnull=False),
        }[value]
        return queryset.filter(pk__in=chosen.order_by().values("pk"))


class DeclarationIndexView(OnlyByVerbs, StaffIndexView):
    """The list of declarations."""


class DeclarationViewSet(OnlyInTheUnitedKingdom):
    """Every declaration; cancelled ones stay."""

    model = GiftAidDeclaration
    icon = "check"
    menu_label = _("Gift Aid declarations")
    menu_area = Area.GIVING
    menu_order = 60
    index_view_class = DeclarationIndexView
    inspect_view_enabled = True
    inspect_view_class = DeclarationRecordView
    filterset_class = DeclarationFilterSet
    list_display = [
        TitleColumn("donor", label=_("Donor"), sort_key="donor__sort_name", get_url=page_of),
        DateColumn("declared_on", label=_("Declared on"), sort_key="declared_on"),
        Column("scope", label=_("Covers")),
        Column("get_method_display", label=_("How")),
        Column("house", label=_("House")),
        Column("postcode", label=_("Postcode")),
        StatusChipColumn("standing", label=_("Stands"), tones=TONES),
    ]
    list_export = [
        "donor",
        "declared_on",
        "covers_past",
        "covers_this",
        "covers_future",
        "method",
        "written_record_sent_on",
        "house",
        "postcode",
        "is_abroad",
        "cancelled_from",
        "cancel_reason",
        "wording",
    ]
    ordering = ["-declared_on", "-pk"]
    form_fields = []
    verb_views = {
        "record": RecordDeclarationView,
        "too-little-tax": NotEnoughTaxView,
        "enough-tax": EnoughTaxView,
        "confirm": ConfirmView,
        "mend": MendView,
        "evidence": EvidenceView,
        "cancel": CancelDeclarationView,
    }
    empty_message = _(
        "No declaration yet. Record the first one from paper, or let donors tick it on the giving page: it is there."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[GiftAidDeclaration]:
        """Every declaration, with what the list shows beside it."""
        return GiftAidDeclaration.objects.for_list()

    def search(self, queryset: QuerySet[GiftAidDeclaration], query: str) -> QuerySet[GiftAidDeclaration]:
        """Find by donor or postcode."""
        return queryset.filter(Q(donor__in=Constituent.objects.search(query)) | Q(postcode__istartswith=query))
