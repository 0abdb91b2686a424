"""Gift: money or goods from one donor on one day, for one or more funds."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from core.money import AmountField, CurrencyField, Money, positive_amount
from core.theme.figures import day_in_words
from donations.models.allocation import Allocation

if TYPE_CHECKING:
    from donations.models.receipt import Receipt


class GiftKind(models.TextChoices):
    """What the money is: a gift, or dues that count only where dues are asked for."""

    GIFT = "gift", _("Gift")
    DUES = "dues", _("Membership dues")


class GiftStatus(models.TextChoices):
    """Where the gift stands; a projection of its ledger entries."""

    PENDING = "pending", _("Expected")
    POSTED = "posted", _("Received")
    PARTLY_REFUNDED = "partly_refunded", _("Partly refunded")
    REFUNDED = "refunded", _("Refunded")
    VOIDED = "voided", _("Voided")
    CHARGED_BACK = "charged_back", _("Charged back")
    ADJUSTED = "adjusted", _("Adjusted")  # another gift stands for it: `gift.current`
    CANCELLED = "cancelled", _("Cancelled")  # was expected and never came


class Method(models.TextChoices):
    """How the money came."""

    CARD = "card", _("Card")
    BANK_DEBIT = "bank_debit", _("Bank debit")
    TRANSFER = "transfer", _("Bank transfer")
    CHEQUE = "cheque", _("Cheque")
    CASH = "cash", _("Cash")
    PAYROLL = "payroll", _("Payroll")
    IN_KIND = "in_kind", _("In kind")
    SECURITIES = "securities", _("Securities")
    DONOR_ADVISED_FUND = "daf", _("Donor-advised fund")
    OTHER = "other", _("Other")


class AdvantageKind(models.TextChoices):
    """What the donor got in return, as tax law sorts it."""

    GOODS = "goods", _("Goods or services")
    TOKEN = "token", _("A small item with our name on it")
    RELIGIOUS = "religious", _("Intangible religious benefits only")


class GoodsOrigin(models.TextChoices):
    """Whose property goods were, which a German receipt has to say."""

    PRIVATE = "private", _("The donor's private property")
    BUSINESS = "business", _("Property of the donor's business")
    UNSTATED = "unstated", _("The donor was asked and did not say")


class GiftSource(models.TextChoices):
    """Where the record came from."""

    STAFF = "staff", _("Entered by staff")
    ONLINE = "online", _("Giving page")
    PORTAL = "portal", _("Portal")
    IMPORT = "import", _("Import")


# The money is here, in whole or in part.
COUNTED_STATUSES = (GiftStatus.POSTED, GiftStatus.PARTLY_REFUNDED)


class GiftQuerySet(models.QuerySet["Gift"]):
    """Questions about gifts, with names from the field."""

    def counted(self, *, dues: bool = False) -> Self:
        """Posted gifts with money left after refunds; dues only when asked for."""
        gifts = self.filter(status__in=COUNTED_STATUSES, net_base_amount__gt=0)
        return gifts if dues else gifts.filter(kind=GiftKind.GIFT)

    def between(self, first: dt.date, last: dt.date) -> Self:
        """Gifts dated from the first to the last day, both included."""
        return self.filter(received_on__gte=first, received_on__lte=last)

    def expected(self) -> Self:
        """Promised by transfer or cheque, not yet here."""
        return self.filter(status=GiftStatus.PENDING)

    def with_parts(self) -> Self:
        """With its donor, and the funds it is for: what a verb about the whole gift needs."""
        return self.select_related("donor").prefetch_related(parts_with_funds())

    def for_receipt(self) -> Self:
        """With what a receipt says about each gift and its donor."""
        return self.select_related("donor", "valuation").prefetch_related(
            "allocations__fund", "donor__addresses", "donor__household_memberships__household__addresses"
        )

    def for_list(self) -> Self:
        """With what a list shows beside each gift, in a constant number of queries."""
        return self.select_related("donor", "campaign", "appeal", "batch").prefetch_related(
            "allocations__fund", "receipt_lines__receipt"
        )


class Gift(models.Model):
    """Money or goods received, or firmly expected; its hard credit belongs to exactly one donor.

    Once posted, amount, currency, date, method and funds never change in place (a trigger refuses it): a void, a refund
    or an adjustment is a row of its own in the ledger.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    donor = models.ForeignKey(
        "constituents.Constituent", verbose_name=_("donor"), on_delete=models.PROTECT, related_name="gifts"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=GiftKind, default=GiftKind.GIFT)
    amount = AmountField(_("amount"))
    currency = CurrencyField(_("currency"))
    exchange_rate = models.DecimalField(_("rate to base currency"), max_digits=18, decimal_places=8, default=Decimal(1))
    base_amount = AmountField(_("in base currency"))
    received_on = models.DateField(
        _("gift date"), help_text=_("The local date it was given: the postmark for a cheque by post.")
    )
    method = models.CharField(_("method"), max_length=12, choices=Method, default=Method.CHEQUE)
    reference = models.CharField(
        _("reference"), max_length=120, blank=True, help_text=_("Cheque number, transfer text.")
    )
    campaign = models.ForeignKey(
        "donations.Campaign",
        verbose_name=_("campaign"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="gifts",
    )
    appeal = models.ForeignKey(
        "donations.Appeal",
        verbose_name=_("appeal"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="gifts",
    )
    batch = models.ForeignKey(
        "donations.Batch",
        verbose_name=_("batch"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="gifts",
        help_text=_("The pile it was entered with."),
    )
    recurring = models.ForeignKey(
        "donations.RecurringGift",
        verbose_name=_("recurring gift"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="gifts",
    )
    advantage_amount = AmountField(
        _("value of what the donor got"), default=Decimal(0), help_text=_("A dinner, a book: its fair market value.")
    )
    advantage_description = models.CharField(_("what the donor got"), max_length=255, blank=True)
    advantage_kind = models.CharField(
        _("kind of return"), max_length=10, choices=AdvantageKind, default=AdvantageKind.GOODS
    )
    description = models.CharField(
        _("goods given"), max_length=255, blank=True, help_text=_("For gifts in kind and securities: what was given.")
    )
    goods_origin = models.CharField(
        _("goods came from"),
        max_length=8,
        choices=GoodsOrigin,
        blank=True,
        help_text=_("What the donor says; German receipts state it."),
    )
    value_is_documented = models.BooleanField(
        _("papers on the value are on file"),
        default=False,
        help_text=_("An invoice or an appraisal from which the value of the goods follows."),
    )
    waives_expenses = models.BooleanField(
        _("instead of a refund of expenses"),
        default=False,
        help_text=_("The donor had a claim to have expenses refunded and waived it; German receipts state it."),
    )
    quantity = models.DecimalField(
        _("quantity"), max_digits=14, decimal_places=4, null=True, blank=True, help_text=_("How many, or how much.")
    )
    quantity_unit = models.CharField(_("unit"), max_length=40, blank=True, help_text=_("Such as shares, boxes, hours."))
    ticker = models.CharField(_("ticker or ISIN"), max_length=20, blank=True, help_text=_("For securities."))
    is_anonymous = models.BooleanField(_("anonymous"), default=False, help_text=_("Never name the donor in public."))
    # The dedication in words, for lists, letters and files; who is honoured and told of it stands on Tribute.
    tribute = models.CharField(_("in honour or memory of"), max_length=255, blank=True)
    note = models.TextField(_("note"), blank=True)
    source = models.CharField(_("source"), max_length=8, choices=GiftSource, default=GiftSource.STAFF)
    external_system = models.CharField(_("external system"), max_length=60, blank=True)
    external_id = models.CharField(_("external id"), max_length=255, blank=True)

    status = models.CharField(_("status"), max_length=16, choices=GiftStatus, default=GiftStatus.PENDING)
    refunded_amount = AmountField(_("refunded"), default=Decimal(0))
    charged_back_amount = AmountField(_("charged back"), default=Decimal(0), editable=False)
    net_base_amount = AmountField(_("net in base currency"), default=Decimal(0), editable=False)
    posted_at = models.DateTimeField(_("posted at"), null=True, blank=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    objects = GiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("gift")
        verbose_name_plural = _("gifts")
        ordering = ["-received_on", "-pk"]
        indexes = [
            models.Index(fields=["donor", "-received_on"]),
            models.Index(fields=["received_on", "status"]),
            models.Index(fields=["status", "-received_on"]),
            models.Index(fields=["campaign", "status"]),
            # Whose each gift is, without reading the gifts: for sums from the ledger by donor.
            models.Index(fields=["id", "donor", "kind"], name="donations_gift_whose"),
        ]
        constraints = [
            positive_amount("amount", "donations_gift_amount_positive", _("A gift is more than nothing.")),
            models.CheckConstraint(
                condition=Q(
                    refunded_amount__gte=Decimal(0),
                    charged_back_amount__gte=Decimal(0),
                    refunded_amount__lte=Round(F("amount") - F("charged_back_amount"), precision=3),
                ),
                name="donations_refunded_within_gift",
                violation_error_message=_("More cannot be returned than was given."),
            ),
            models.CheckConstraint(
                condition=Q(advantage_amount__gte=Decimal(0), advantage_amount__lte=F("amount")),
                name="donations_advantage_within_gift",
                violation_error_message=_("What the donor got cannot be worth more than the gift."),
            ),
            models.CheckConstraint(
                condition=~Q(advantage_kind=AdvantageKind.RELIGIOUS) | Q(advantage_amount=Decimal(0)),
                name="donations_religious_benefits_have_no_value",
                violation_error_message=_("Intangible religious benefits have no value to put a number on."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=[GiftStatus.PENDING, GiftStatus.CANCELLED], posted_at__isnull=True)
                | (~Q(status__in=[GiftStatus.PENDING, GiftStatus.CANCELLED]) & Q(posted_at__isnull=False)),
                name="donations_posted_gift_has_posting_time",
                violation_error_message=_("A gift in the books says since when, and no other does."),
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gt=Decimal(0)),
                name="donations_gift_quantity_positive",
                violation_error_message=_("A quantity is more than nothing."),
            ),
            models.UniqueConstraint(
                fields=["external_system", "external_id"],
                condition=~Q(external_id="") & ~Q(status__in=[GiftStatus.VOIDED, GiftStatus.ADJUSTED]),
                name="donations_gift_external_id_unique",
                violation_error_message=_("A gift with this id from that system is already on record."),
            ),
        ]
        permissions = [
            ("view_giving", _("Can see giving")),
            ("post_gift", _("Can post gifts")),
            ("void_gift", _("Can void and refund gifts")),
            ("adjust_gift", _("Can adjust posted gifts")),
            ("export_gift", _("Can export gifts")),
        ]

    def __str__(self) -> str:
        return f"{self.money} · {day_in_words(self.received_on, 'medium')}"

    @property
    def money(self) -> Money:
        """The gift's own amount."""
        return Money(self.amount, self.currency)

    @property
    def current(self) -> Gift:
        """The gift that counts today: itself, or what it was adjusted to, however often."""
        gift = self
        while gift.status == GiftStatus.ADJUSTED:
            gift = gift.adjusted_by.replacement
        return gift

    @property
    def goods(self) -> str:
        """What was given, as papers say it: `120 shares of Harbour Rail (HRL)`; empty for money."""
        how_many = f"{self.quantity.normalize():f} {self.quantity_unit}".strip() if self.quantity is not None else ""
        name = f"{self.description} ({self.ticker})" if self.ticker and self.description else self.description
        name = name or self.ticker
        if how_many and self.quantity_unit and name:
            return str(_("%(quantity)s of %(what)s") % {"quantity": how_many, "what": name})
        return f"{how_many} {name}".strip()

    @property
    def left(self) -> Money:
        """What is left of it after refunds and charge-backs; nothing of one that is expected, voided or adjusted."""
        counted = self.status in COUNTED_STATUSES
        left = self.amount - self.refunded_amount - self.charged_back_amount
        return Money(left if counted else Decimal(0), self.currency)

    @property
    def fund_names(self) -> str:
        """What it is for: `Roof`, or `Roof, Tower` for a gift that was split."""
        return ", ".join(part.fund.name for part in self.allocations.all())

    @property
    def live_receipt(self) -> Receipt | None:
        """The receipt that certifies it today; uses prefetched lines when there are any."""
        return next((line.receipt for line in self.receipt_lines.all() if line.is_live), None)

    @property
    def can_be_reinstated(self) -> bool:
        """Whether some of it stands charged back, and nothing else became of the gift."""
        return self.charged_back_amount > 0 and self.status in (*COUNTED_STATUSES, GiftStatus.CHARGED_BACK)

    @property
    def is_posted(self) -> bool:
        """Whether its money facts are fixed: it has been posted, whatever happened since."""
        return self.posted_at is not None

    @property
    def is_counted(self) -> bool:
        """Whether money of it is here."""
        return self.status in COUNTED_STATUSES and self.net_base_amount > 0


def parts_with_funds() -> models.Prefetch:
    """Return how to load the parts of gifts with the fund of each, in one query."""
    return models.Prefetch("allocations", GiftAllocation.objects.select_related("fund"))


class GiftAllocation(Allocation):
    """The part of a gift that goes to one fund; a gift's parts add up to it, always."""

    gift = models.ForeignKey(Gift, on_delete=models.CASCADE, related_name="allocations")

    class Meta(Allocation.Meta):
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        constraints = [
            positive_amount("amount", "donations_allocation_positive", _("A part is more than nothing.")),
            models.UniqueConstraint(
                fields=["gift", "fund"],
                name="donations_fund_once_a_gift",
                violation_error_message=_("This fund stands on the gift already: change its amount instead."),
            ),
        ]
