"""RecurringGift: a series of gifts expected or charged again and again; every change of it is a dated row."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.money import AmountField, CurrencyField, Money, positive_amount
from donations.models.allocation import Allocation
from donations.models.gift import Method
from donations.promises.schedule import Frequency, Series, Unit


class RecurringKind(models.TextChoices):
    """Who makes it happen."""

    STANDING_ORDER = "standing", _("Standing order")  # the donor's bank; we expect it and match what comes
    STRIPE = "stripe", _("Charged online")  # we do, through Stripe


class RecurringStatus(models.TextChoices):
    """Where it stands."""

    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    FAILING = "failing", _("Not coming")
    LAPSED = "lapsed", _("Lapsed")
    ENDED = "ended", _("Ended")
    STARTING = "starting", _("Being set up")  # the donor is on the payment page
    ABANDONED = "abandoned", _("Never completed")


#: Somebody meant to start it, and it has not begun: no money, no dated changes, in no list and no sum.
NEVER_BEGUN = (RecurringStatus.STARTING, RecurringStatus.ABANDONED)
#: Something is expected, even if it does not come at the moment.
EXPECTING = (RecurringStatus.ACTIVE, RecurringStatus.FAILING)
#: It may still go on.
LIVE = (*EXPECTING, RecurringStatus.PAUSED)


class RecurringQuerySet(models.QuerySet["RecurringGift"]):
    """Questions about recurring gifts."""

    def live(self) -> Self:
        """Active, failing or paused."""
        return self.filter(status__in=LIVE)

    def expecting(self) -> Self:
        """Of which something is expected."""
        return self.filter(status__in=EXPECTING)

    def begun(self) -> Self:
        """Without those that are only being set up, or never were."""
        return self.exclude(status__in=NEVER_BEGUN)

    def for_list(self) -> Self:
        """With what a list shows beside each."""
        return self.select_related("donor", "campaign", "appeal", "subscription").prefetch_related("allocations__fund")


class RecurringGift(models.Model):
    """A gift that comes again and again. What stands here holds today; its dated changes say what held when."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    donor = models.ForeignKey(
        "constituents.Constituent", verbose_name=_("donor"), on_delete=models.PROTECT, related_name="recurring_gifts"
    )
    kind = models.CharField(
        _("kind"), max_length=8, choices=RecurringKind, default=RecurringKind.STANDING_ORDER, editable=False
    )
    amount = AmountField(_("amount each time"))
    currency = CurrencyField(_("currency"))
    every = models.PositiveSmallIntegerField(_("every"), default=1, validators=[MinValueValidator(1)])
    unit = models.CharField(_("unit"), max_length=8, choices=Unit, default=Unit.MONTH)
    day = models.PositiveSmallIntegerField(
        _("day of the month"),
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text=_("31 is always the last day. Without meaning for weeks."),
    )
    starts_on = models.DateField(_("first gift expected on"))
    ends_on = models.DateField(_("last day"), null=True, blank=True, help_text=_("Empty: until further notice."))
    count = models.PositiveSmallIntegerField(
        _("number of gifts"), null=True, blank=True, help_text=_("For a fixed number; empty: until further notice.")
    )
    method = models.CharField(_("method"), max_length=12, choices=Method, default=Method.TRANSFER)
    reference = models.CharField(
        _("payment reference"),
        max_length=120,
        blank=True,
        help_text=_("What the donor's bank sends along, so that the statement finds it."),
    )
    campaign = models.ForeignKey(
        "donations.Campaign",
        verbose_name=_("campaign"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="recurring_gifts",
    )
    appeal = models.ForeignKey(
        "donations.Appeal",
        verbose_name=_("appeal"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="recurring_gifts",
    )
    replaces = models.ForeignKey(
        "self",
        verbose_name=_("set up again after"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="replaced_by",
        help_text=_("The one that could not be charged any more. It ends when this one begins."),
    )
    note = models.TextField(_("note"), blank=True)
    external_system = models.CharField(_("external system"), max_length=60, blank=True)
    external_id = models.CharField(_("external id"), max_length=255, blank=True)

    status = models.CharField(_("status"), max_length=10, choices=RecurringStatus, default=RecurringStatus.ACTIVE)
    status_reason = models.CharField(_("reason"), max_length=500, blank=True)
    status_since = models.DateField(_("since"))
    paused_until = models.DateField(
        _("paused until"), null=True, blank=True, help_text=_("It goes on from this day. Empty: until told.")
    )
    # In the base currency, at the rate of the day it was written: what lists, sums and reports compare.
    monthly = AmountField(_("in an average month"), default=Decimal(0), editable=False)
    next_due_on = models.DateField(_("next expected on"), null=True, blank=True, editable=False)
    last_paid_on = models.DateField(_("last came on"), null=True, blank=True, editable=False)
    missed = models.PositiveSmallIntegerField(_("missed in a row"), default=0, editable=False)
    created_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    objects = RecurringQuerySet.as_manager()

    class Meta:
        verbose_name = _("recurring gift")
        verbose_name_plural = _("recurring gifts")
        ordering = ["-starts_on", "-pk"]
        indexes = [
            models.Index(fields=["donor", "status"]),
            models.Index(fields=["status", "next_due_on"]),
            models.Index(fields=["reference"]),
        ]
        constraints = [
            positive_amount("amount", "donations_recurring_amount_positive", _("A gift is more than nothing.")),
            models.CheckConstraint(
                condition=Q(every__gte=1, day__gte=1, day__lte=31),
                name="donations_recurring_frequency_possible",
                violation_error_message=_("Every so many weeks, months or years, at least one, on a day from 1 to 31."),
            ),
            models.CheckConstraint(
                condition=Q(count__isnull=True) | Q(count__gte=1),
                name="donations_recurring_count_positive",
                violation_error_message=_("A recurring gift comes at least once."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="donations_recurring_dates_in_order",
                violation_error_message=_("It ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(paused_until__isnull=True) | Q(status=RecurringStatus.PAUSED),
                name="donations_recurring_paused_until_only_while_paused",
                violation_error_message=_("Only what is paused goes on by itself on a day."),
            ),
            models.CheckConstraint(
                condition=Q(status=RecurringStatus.ACTIVE) | ~Q(status_reason=""),
                name="donations_recurring_status_says_why",
                violation_error_message=_("Say why."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=NEVER_BEGUN) | Q(kind=RecurringKind.STRIPE),
                name="donations_recurring_set_up_only_online",
                violation_error_message=_("Only what is charged online is being set up, or never completed."),
            ),
            models.UniqueConstraint(
                fields=["external_system", "external_id"],
                condition=~Q(external_id=""),
                name="donations_recurring_external_id_unique",
                violation_error_message=_("A recurring gift with this id from that system is already on record."),
            ),
        ]
        permissions = [("export_recurringgift", _("Can export recurring gifts"))]

    def __str__(self) -> str:
        return _t("%(money)s %(often)s") % {"money": self.money, "often": self.frequency}

    def clean(self) -> None:
        """Keep the reference as payments are searched for it."""
        super().clean()
        self.reference = " ".join(self.reference.upper().split())

    @property
    def money(self) -> Money:
        """What comes each time."""
        return Money(self.amount, self.currency)

    @property
    def frequency(self) -> Frequency:
        """How often."""
        return Frequency(self.every, self.unit)

    @property
    def fund_names(self) -> str:
        """What it is for."""
        return ", ".join(part.fund.name for part in self.allocations.all())

    @property
    def is_online(self) -> bool:
        """Whether Stripe charges it, and says how it stands."""
        return self.kind == RecurringKind.STRIPE

    @property
    def has_begun(self) -> bool:
        """Whether it is more than somebody's intention."""
        return self.status not in NEVER_BEGUN

    @property
    def is_replaced(self) -> bool:
        """Whether it was set up again, and goes on as another."""
        return self.replaced_by.begun().exists()

    @property
    def is_live(self) -> bool:
        """Whether it may still go on."""
        return self.status in LIVE


class RecurringAllocation(Allocation):
    """The part of each gift that is for one fund; the parts add up to the amount."""

    recurring = models.ForeignKey(RecurringGift, on_delete=models.CASCADE, related_name="allocations")

    class Meta(Allocation.Meta):
        verbose_name = _("part of a recurring gift")
        verbose_name_plural = _("parts of a recurring gift")
        constraints = [
            positive_amount("amount", "donations_recurring_part_positive", _("A part is more than nothing.")),
            models.UniqueConstraint(
                fields=["recurring", "fund"],
                name="donations_fund_once_a_recurring_gift",
                violation_error_message=_("This fund stands on the recurring gift already: change its amount instead."),
            ),
        ]


class ChangeKind(models.TextChoices):
    """What changed."""

    STARTED = "started", _("Started")
    UPGRADED = "upgraded", _("Upgraded")
    DOWNGRADED = "downgraded", _("Downgraded")
    RESCHEDULED = "rescheduled", _("Dates changed")
    REDIRECTED = "redirected", _("Funds changed")
    PAUSED = "paused", _("Paused")
    RESUMED = "resumed", _("Went on")
    FAILING = "failing", _("Stopped coming")
    RECOVERED = "recovered", _("Came again")
    LAPSED = "lapsed", _("Lapsed")
    ENDED = "ended", _("Ended")


class RecurringChange(models.Model):
    """What held of a recurring gift from a day on, and by how much that was more or less than before.

    Rows are only added; one whose day is still to come is a plan, and may be dropped for another.
    """

    recurring = models.ForeignKey(RecurringGift, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(_("what changed"), max_length=12, choices=ChangeKind)
    effective_on = models.DateField(_("from"))
    amount = AmountField(_("amount each time"))
    every = models.PositiveSmallIntegerField(_("every"))
    unit = models.CharField(_("unit"), max_length=8, choices=Unit)
    day = models.PositiveSmallIntegerField(_("day of the month"))
    # The date its due dates are counted from: a change of amount alone does not move them.
    first_due_on = models.DateField(_("dates count from"))
    is_expected = models.BooleanField(_("gifts are expected"))
    # Until its day has come a change is a plan, which may be dropped; then it is history.
    is_planned = models.BooleanField(_("planned"), default=False)
    monthly_before = AmountField(_("in an average month before"), default=Decimal(0))
    monthly_after = AmountField(_("in an average month since"), default=Decimal(0))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    at = models.DateTimeField(_("recorded at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("change of a recurring gift")
        verbose_name_plural = _("changes of recurring gifts")
        ordering = ["effective_on", "pk"]
        indexes = [models.Index(fields=["effective_on", "kind"])]
        constraints = [
            positive_amount("amount", "donations_change_amount_positive", _("A gift is more than nothing.")),
            models.CheckConstraint(
                condition=Q(monthly_before__gte=0, monthly_after__gte=0),
                name="donations_change_monthly_not_negative",
                violation_error_message=_("What an average month brings is nothing or more."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.effective_on}"

    @property
    def frequency(self) -> Frequency:
        """How often since then."""
        return Frequency(self.every, self.unit)

    @property
    def series(self) -> Series:
        """The dates it falls due on since then."""
        return Series(self.first_due_on, self.frequency, self.day)

    @property
    def difference(self) -> Decimal:
        """How much more an average month brings than before; below zero for less."""
        return self.monthly_after - self.monthly_before
