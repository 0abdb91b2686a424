"""Gifts: the list, the page of one, and what may be done with it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet, Sum
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column, TitleColumn

from constituents.models import Constituent
from core.money import Money
from core.organisation import current_organisation
from core.staff.columns import AmountColumn, DateColumn, LinkColumn, StatusChipColumn
from core.staff.menu import Area
from core.staff.verbs import ReasonForm
from core.staff.views import StaffIndexView
from core.staff.viewsets import StaffViewSet
from donations.forms import ReceivedForm, RefundForm
from donations.models import Batch, BatchState, Campaign, Fund, Gift, GiftStatus, Method, OnlinePayment, Receipt
from donations.models.gift import COUNTED_STATUSES
from donations.services.gifts import cancel_gift, post_gift, refund_gift, void_gift
from donations.services.receipt_files import finish_after_commit
from donations.services.receipt_numbers import number_receipt, why_not_receiptable
from donations.staff import credits, tributes, valuations
from donations.staff.correcting import AdjustGiftView, ChargeBackView, ReinstateGiftView
from donations.staff.entry import RecordGiftView
from donations.staff.gift_aid_person import GIFT_VERBS as GIFT_AID_VERBS
from donations.staff.gift_page import GiftRecordView
from donations.staff.links import page_of
from donations.staff.only_verbs import NeverDeleted
from donations.staff.promise_offers import KeepPromiseView
from donations.staff.receipt_settings import ReceiptDetailsView
from donations.staff.small_collections import GIFT_VERBS as SMALL_DONATION_VERBS
from donations.staff.tones import GIFT_TONES
from donations.staff.verb import GiftVerb
from donations.stripe.refunding import ask_refund


class GiftFilterSet(WagtailFilterSet):
    """What one asks of a list of gifts."""

    received_on = django_filters.DateFromToRangeFilter(label=_("Gift date"), widget=DateRangePickerWidget)
    allocations__fund = django_filters.ModelChoiceFilter(queryset=Fund.objects.all(), label=_("Fund"))
    campaign = django_filters.ModelChoiceFilter(queryset=Campaign.objects.order_by("name"), label=_("Campaign"))
    method = django_filters.MultipleChoiceFilter(choices=Method, label=_("Method"))
    batch = django_filters.ModelChoiceFilter(queryset=Batch.objects.filter(state=BatchState.POSTED), label=_("Batch"))
    status = django_filters.MultipleChoiceFilter(choices=GiftStatus, label=_("Status"))

    class Meta:
        model = Gift
        fields = ["received_on", "allocations__fund", "campaign", "method", "batch", "status", "kind"]


class GiftIndexView(NeverDeleted, StaffIndexView):
    """The list of gifts."""

    add_item_label = _("Record a gift")


class MarkReceivedView(GiftVerb):
    """An expected gift has come."""

    verb = staticmethod(post_gift)
    title = _("Mark as received")
    question = _("Has the gift of %(object)s come?")
    explanation = _("It goes into the books, and its amount, date and funds stay from then on.")
    icon = "check"
    priority = 10
    form_class = ReceivedForm
    success_message = _("The gift of %(object)s is received.")

    @classmethod
    def refusal(cls, gift: Gift) -> Any:
        """Only what is still expected can come."""
        return "" if gift.status == GiftStatus.PENDING else _("This gift is not expected any more.")


class CancelGiftView(GiftVerb):
    """An expected gift will not come."""

    verb = staticmethod(cancel_gift)
    title = _("Will not come")
    question = _("Give up waiting for %(object)s?")
    explanation = _("It never was in the books, and stays on record as cancelled.")
    icon = "cross"
    danger = True
    form_class = ReasonForm
    success_message = _("The expected gift of %(object)s is cancelled.")

    @classmethod
    def refusal(cls, gift: Gift) -> Any:
        """Only what is still expected can be given up."""
        return "" if gift.status == GiftStatus.PENDING else _("Only an expected gift can be cancelled.")


class VoidGiftView(GiftVerb):
    """A gift that should never have been posted."""

    verb = staticmethod(void_gift)
    permission = "donations.void_gift"
    title = _("Void")
    question = _("Void the gift of %(object)s?")
    explanation = _(
        "For a typing mistake or a cheque that bounced. It stays on record and counts in no total; its receipt becomes "
        "void."
    )
    icon = "cross"
    danger = True
    priority = 80
    form_class = ReasonForm
    success_message = _("The gift of %(object)s is void.")

    @classmethod
    def refusal(cls, gift: Gift) -> Any:
        """Something of it must be left."""
        return "" if gift.status in COUNTED_STATUSES else _("There is nothing left of this gift to void.")


class RefundGiftView(GiftVerb):
    """Money goes back to the donor."""

    permission = "donations.void_gift"
    title = _("Refund")
    question = _("Return money of the gift of %(object)s?")
    explanation = _("Its receipt becomes void; a new one is issued over what is left.")
    icon = "rotate"
    danger = True
    priority = 70
    form_class = RefundForm
    success_message = _("The refund of the gift of %(object)s is in the books.")

    @classmethod
    def refusal(cls, gift: Gift) -> Any:
        """Something of it must be left."""
        return "" if gift.status in COUNTED_STATUSES else _("There is nothing left of this gift to refund.")

    def get_initial(self) -> dict[str, Any]:
        """All that is left, to be lowered."""
        return super().get_initial() | {"amount": self.object.left.plain}

    def run(self, form: BaseForm) -> Gift:
        """Refund the amount in the gift's own currency; what was paid online goes back through Stripe."""
        money = Money(form.cleaned_data["amount"], self.object.currency)
        if (payment := OnlinePayment.objects.filter(gift=self.object).first()) is not None:
            reason, token = form.cleaned_data["reason"], self.sending.token
            ask_refund(payment, money=money, by=self.acting, reason=reason, token=token)
            self.success_message = _("The refund of the gift of %(object)s is on its way; the books follow Stripe.")
            return self.object
        return refund_gift(self.object, money=money, by=self.acting, reason=form.cleaned_data["reason"])


class IssueReceiptView(GiftVerb):
    """Certify one gift."""

    permission = "donations.issue_receipt"
    title = _("Issue receipt")
    question = _("Issue the receipt for %(object)s?")
    explanation = _("It takes the next number and is kept for ever as it is printed now.")
    icon = "doc-full"
    priority = 20
    success_message = _("The receipt for %(object)s is issued.")

    @classmethod
    def refusal(cls, gift: Gift) -> Any:
        """The gift must be receiptable and not receipted."""
        if gift.live_receipt:
            return _("It is on receipt %(serial)s.") % {"serial": gift.live_receipt}
        return why_not_receiptable(gift)

    def run(self, form: BaseForm) -> Receipt:
        """Take the number; the file is drawn right after."""
        self.receipt = finish_after_commit(number_receipt([self.object], by=self.acting))
        return self.receipt

    def get_success_url(self) -> str:
        """Go and look at the receipt."""
        receipt = getattr(self, "receipt", None)
        return (receipt and page_of(receipt)) or super().get_success_url()


class GiftViewSet(StaffViewSet):
    """Every gift, whatever became of it."""

    model = Gift
    icon = "pick"
    menu_label = _("Gifts")
    menu_area = Area.GIVING
    menu_order = 10
    add_view_class = RecordGiftView
    index_view_class = GiftIndexView
    inspect_view_enabled = True
    inspect_view_class = GiftRecordView
    filterset_class = GiftFilterSet
    list_display = [
        DateColumn("received_on", label=_("Date"), sort_key="received_on", classname="s-nowrap"),
        TitleColumn("donor", label=_("Donor"), sort_key="donor__sort_name", get_url=page_of),
        AmountColumn("amount", label=_("Amount"), sort_key="base_amount"),
        Column("fund_names", label=_("For")),
        Column("campaign", label=_("Campaign")),
        Column("get_method_display", label=_("Method")),
        LinkColumn(
            "live_receipt",
            label=_("Receipt"),
            classname="s-nowrap",
            get_url=lambda gift: page_of(gift.live_receipt) if gift.live_receipt else None,
        ),
        LinkColumn(
            "batch_id",
            label=_("Batch"),
            sort_key="batch",
            get_url=lambda gift: page_of(gift.batch) if gift.batch else None,
        ),
        StatusChipColumn("status", tones=GIFT_TONES),
    ]
    list_export = [
        "uuid",
        "received_on",
        "donor",
        "amount",
        "currency",
        "base_amount",
        "net_base_amount",
        "fund_names",
        "campaign",
        "appeal",
        "method",
        "reference",
        "batch",
        "kind",
        "status",
        "live_receipt",
    ]
    ordering = ["-received_on", "-pk"]
    # What may still be completed once the money facts are fixed.
    panels = [
        FieldRowPanel([FieldPanel("campaign"), FieldPanel("appeal")]),
        FieldPanel("reference"),
        FieldPanel("tribute"),
        FieldPanel("is_anonymous"),
        FieldPanel("note"),
    ]
    verb_views = {
        "received": MarkReceivedView,
        "receipt": IssueReceiptView,
        "promise": KeepPromiseView,
        "receipt_details": ReceiptDetailsView,
        "adjust": AdjustGiftView,
        "refund": RefundGiftView,
        "charge-back": ChargeBackView,
        "reinstate": ReinstateGiftView,
        "cancel": CancelGiftView,
        "void": VoidGiftView,
        **GIFT_AID_VERBS,
        **SMALL_DONATION_VERBS,
        **credits.VERBS,
        **tributes.VERBS,
        **valuations.VERBS,
    }
    empty_message = _("No gift yet. Record your first one, or bring your old records in with an import.")

    def base_queryset(self, request: HttpRequest) -> QuerySet[Gift]:
        """Every gift, with what the list shows beside it."""
        return Gift.objects.for_list()

    def search(self, queryset: QuerySet[Gift], query: str) -> QuerySet[Gift]:
        """Find by donor, reference or receipt number."""
        donors = Constituent.objects.search(query)
        return queryset.filter(
            Q(donor__in=donors)
            | Q(reference__icontains=query)
            | Q(pk__in=Receipt.objects.filter(serial__iexact=query).values("lines__gift"))
        )

    def totals(self, queryset: QuerySet[Gift]) -> list[tuple[Any, Any]]:
        """How many gifts, what they brought, what is still to come; in base currency, after refunds."""
        currency = current_organisation().base_currency
        # The filter by fund joins: count each gift once.
        once = Gift.objects.filter(pk__in=queryset.order_by().values("pk")).order_by()
        sums = once.aggregate(
            number=Count("pk"),
            received=Sum("net_base_amount", filter=Q(status__in=COUNTED_STATUSES)),
            expected=Sum("base_amount", filter=Q(status=GiftStatus.PENDING)),
        )
        figures: list[tuple[Any, Any]] = [
            (_("Gifts"), sums["number"]),
            (_("Received"), Money(sums["received"] or Decimal(0), currency)),
        ]
        if sums["expected"]:
            figures.append((_("Still expected"), Money(sums["expected"], currency)))
        return figures

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """The form for recording is its own, not made from the panels."""
        return kwargs
