"""Collections of small donations: boxes, plates and card readers, each counted as one sum."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column

from core.money import Money
from core.staff.columns import AmountColumn, DateColumn
from core.staff.verbs import VerbView
from core.staff.viewsets import StaffViewSet
from donations.gift_aid.eligibility import gift_aid_is_on
from donations.gift_aid.forms import CollectionForm
from donations.gift_aid.small import left_of
from donations.gift_aid.small_collecting import add_collection, change_collection, collect_from_gift, remove_collection
from donations.models import CollectedBy, Method, SmallCollection
from donations.models.hmrc_claim import CURRENCY


class SmallCollectionViewSet(StaffViewSet):
    """What the boxes brought."""

    model = SmallCollection
    icon = "list-ul"
    list_display = [
        "place",
        DateColumn("collected_on"),
        Column("get_how_display", label=_("How it came"), sort_key="how"),
        AmountColumn("amount", currency=None),
        AmountColumn("claimed_amount", label=_("Claimed on"), currency=None),
        DateColumn("banked_on"),
    ]
    list_filter = ["collected_on", "how"]
    search_fields = ["place", "note"]
    panels = [
        FieldRowPanel([FieldPanel("place"), FieldPanel("collected_on")]),
        FieldRowPanel([FieldPanel("amount"), FieldPanel("how")]),
        FieldRowPanel([FieldPanel("banked_on"), FieldPanel("note")]),
    ]
    verbs = {"create": add_collection, "edit": change_collection, "delete": remove_collection}
    list_export = ["place", "collected_on", "how", "amount", "claimed_amount", "banked_on", "note"]
    ordering = ["-collected_on", "-pk"]
    empty_message = _(
        "No collection yet. Enter each box, plate or card reader with the day it was emptied and what it brought; or, "
        "from the page of the gift its sum was entered as, “It is a collection”."
    )

    def base_queryset(self, request: HttpRequest) -> QuerySet[SmallCollection]:
        """Every collection."""
        return SmallCollection.objects.select_related("gift")

    def totals(self, queryset: QuerySet[SmallCollection]) -> list[tuple[Any, Any]]:
        """What they brought, and what of it is claimed on."""
        sums = queryset.order_by().aggregate(came=Sum("amount"), claimed=Sum("claimed_amount"))
        return [
            (_("Collected"), Money(sums["came"] or Decimal(0), CURRENCY)),
            (_("Claimed on"), Money(sums["claimed"] or Decimal(0), CURRENCY)),
        ]


class CollectionView(VerbView):
    """The sum of a gift on record is a box or a plate: many small donations."""

    verb = staticmethod(collect_from_gift)
    permission = "donations.add_smallcollection"
    offered = False
    title = _("It is a collection")
    question = _("Is %(object)s a collection of small donations?")
    explanation = _(
        "Money from a box or a plate, entered as one sum. What of it came in gifts of £30 or less is topped up with "
        "the next claim on small donations. The gift itself stays as it is."
    )
    icon = "list-ul"
    form_class = CollectionForm
    success_message = _("It stands among the collections of small donations.")

    @classmethod
    def refusal(cls, gift: Model) -> Any:
        """Where Gift Aid is claimed, and only once."""
        return "" if gift_aid_is_on() else _("Small donations are topped up in the United Kingdom only.")

    def facts(self) -> list[tuple[Any, Any]]:
        """Who, how much, when."""
        gift = self.object
        return [(_("Donor"), gift.donor), (_("Amount"), gift.money), (_("Gift date"), gift.received_on)]

    def get_initial(self) -> dict[str, Any]:
        """All of it, on its day."""
        gift = self.object
        return super().get_initial() | {
            "place": str(gift.donor),
            "how": CollectedBy.CASH if gift.method == Method.CASH else CollectedBy.CONTACTLESS,
            "collected_on": gift.received_on,
            "amount": Money(left_of(gift), CURRENCY).plain,
        }


GIFT_VERBS = {"small-collection": CollectionView}
