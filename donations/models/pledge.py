"""Pledge: a promise to give a total over time; its instalments, what paid them, and what was given up."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Round
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.money import AmountField, CurrencyField, Money, positive_amount
from core.theme.figures import day_in_words
from donations.models.allocation import Allocation


class PledgeStatus(models.TextChoices):
    """Where the pledge stands; a projection of its instalments."""

    OPEN = "open", _("Open")
    FULFILLED = "fulfilled", _("Fulfilled")
    WRITTEN_OFF = "written_off", _("Written off")


class PledgeQuerySet(models.QuerySet["Pledge"]):
    """Questions about pledges."""

    def open(self) -> Self:
        """With something still to come."""
        return self.filter(status=PledgeStatus.OPEN)

    def overdue(self, today: dt.date) -> Self:
        """With an instalment that should have come before the day."""
        return self.open().filter(next_due_on__lt=today)

    def for_list(self) -> Self:
        """With what a list shows beside each pledge, in a constant number of queries."""
        return self.select_related("donor", "campaign", "appeal").prefetch_related("allocations__fund")

    def for_page(self) -> Self:
        """With everything its page shows."""
        payments = PledgePayment.objects.select_related("gift").order_by("gift__received_on", "pk")
        return self.for_list().prefetch_related(
            Prefetch(
                "instalments",
                Instalment.objects.prefetch_related(Prefetch("payments", payments), "write_offs", "reminders__done_by"),
            )
        )


class Pledge(models.Model):
    """A promise of a total. It is no money: the gifts that pay it are, and only they count in totals."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    donor = models.ForeignKey(
        "constituents.Constituent", verbose_name=_("donor"), on_delete=models.PROTECT, related_name="pledges"
    )
    amount = AmountField(_("total promised"))
    currency = CurrencyField(_("currency"))
    pledged_on = models.DateField(_("promised on"), help_text=_("The local date of the promise."))
    reference = models.CharField(
        _("payment reference"),
        max_length=60,
        blank=True,
        help_text=_("What the donor quotes on a transfer, so that the bank statement finds the pledge."),
    )
    campaign = models.ForeignKey(
        "donations.Campaign",
        verbose_name=_("campaign"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="pledges",
    )
    appeal = models.ForeignKey(
        "donations.Appeal",
        verbose_name=_("appeal"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="pledges",
    )
    wants_reminders = models.BooleanField(
        _("remind the donor"), default=True, help_text=_("By e-mail, or on the list of letters where there is none.")
    )
    note = models.TextField(_("note"), blank=True)
    external_system = models.CharField(_("external system"), max_length=60, blank=True)
    external_id = models.CharField(_("external id"), max_length=255, blank=True)

    status = models.CharField(
        _("status"), max_length=12, choices=PledgeStatus, default=PledgeStatus.OPEN, editable=False
    )
    paid_amount = AmountField(_("paid"), default=Decimal(0), editable=False)
    written_off_amount = AmountField(_("written off"), default=Decimal(0), editable=False)
    next_due_on = models.DateField(_("next due on"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    objects = PledgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        ordering = ["-pledged_on", "-pk"]
        indexes = [
            models.Index(fields=["donor", "status"]),
            models.Index(fields=["status", "next_due_on"]),
            models.Index(fields=["-pledged_on"]),
        ]
        constraints = [
            positive_amount("amount", "donations_pledge_amount_positive", _("A pledge is more than nothing.")),
            models.CheckConstraint(
                condition=Q(paid_amount__gte=0, written_off_amount__gte=0)
                & Q(amount__gte=Round(F("paid_amount") + F("written_off_amount"), precision=3)),
                name="donations_pledge_settled_within",
                violation_error_message=_("More cannot be settled than was promised."),
            ),
            models.CheckConstraint(
                condition=Q(status=PledgeStatus.OPEN, next_due_on__isnull=False)
                | (~Q(status=PledgeStatus.OPEN) & Q(next_due_on__isnull=True)),
                name="donations_open_pledge_has_a_due_date",
                violation_error_message=_("An open pledge says what is due next, and no other does."),
            ),
            models.UniqueConstraint(
                fields=["reference"],
                condition=~Q(reference=""),
                name="donations_pledge_reference_unique",
                violation_error_message=_("Another pledge has this payment reference already."),
            ),
            models.UniqueConstraint(
                fields=["external_system", "external_id"],
                condition=~Q(external_id=""),
                name="donations_pledge_external_id_unique",
                violation_error_message=_("A pledge with this id from that system is already on record."),
            ),
        ]
        permissions = [
            ("write_off_pledge", _("Can write off pledges")),
            ("export_pledge", _("Can export pledges")),
        ]

    def __str__(self) -> str:
        return _t("%(money)s promised on %(day)s") % {
            "money": self.money,
            "day": day_in_words(self.pledged_on, "medium"),
        }

    def clean(self) -> None:
        """Keep the reference as payments are searched for it."""
        super().clean()
        self.reference = " ".join(self.reference.upper().split())

    @property
    def money(self) -> Money:
        """What was promised."""
        return Money(self.amount, self.currency)

    @property
    def paid(self) -> Money:
        """What came of it."""
        return Money(self.paid_amount, self.currency)

    @property
    def written_off(self) -> Money:
        """What was given up."""
        return Money(self.written_off_amount, self.currency)

    @property
    def left(self) -> Money:
        """What is still to come."""
        return self.money - self.paid - self.written_off

    @property
    def is_open(self) -> bool:
        """Whether something is still to come."""
        return self.status == PledgeStatus.OPEN

    @property
    def fund_names(self) -> str:
        """What it is for."""
        return ", ".join(part.fund.name for part in self.allocations.all())

    def is_overdue_on(self, today: dt.date) -> bool:
        """Whether something should have come before the day."""
        return self.next_due_on is not None and self.next_due_on < today


class PledgeAllocation(Allocation):
    """The part of a pledge that is for one fund; the parts add up to it."""

    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="allocations")

    class Meta(Allocation.Meta):
        verbose_name = _("part of a pledge")
        verbose_name_plural = _("parts of a pledge")
        constraints = [
            positive_amount("amount", "donations_pledge_part_positive", _("A part is more than nothing.")),
            models.UniqueConstraint(
                fields=["pledge", "fund"],
                name="donations_fund_once_a_pledge",
                violation_error_message=_("This fund stands on the pledge already: change its amount instead."),
            ),
        ]


class InstalmentQuerySet(models.QuerySet["Instalment"]):
    """Questions about instalments."""

    def open(self) -> Self:
        """With something still to come, the oldest first."""
        settled = Round(F("paid_amount") + F("written_off_amount"), precision=3)
        return self.filter(amount__gt=settled).order_by("due_on", "number", "pk")


class InstalmentState(models.TextChoices):
    """Where an instalment stands on a day."""

    PAID = "paid", _("Paid")
    WRITTEN_OFF = "written_off", _("Written off")
    OVERDUE = "overdue", _("Overdue")
    PARTLY_PAID = "partly_paid", _("Partly paid")
    DUE = "due", _("To come")


class Instalment(models.Model):
    """One due part of a pledge."""

    pledge = models.ForeignKey(Pledge, on_delete=models.CASCADE, related_name="instalments")
    number = models.PositiveSmallIntegerField(_("number"))
    due_on = models.DateField(_("due on"))
    amount = AmountField(_("amount"))
    paid_amount = AmountField(_("paid"), default=Decimal(0), editable=False)
    written_off_amount = AmountField(_("written off"), default=Decimal(0), editable=False)

    objects = InstalmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ["number"]
        indexes = [models.Index(fields=["due_on"])]
        constraints = [
            positive_amount("amount", "donations_instalment_positive", _("An instalment is more than nothing.")),
            models.CheckConstraint(
                condition=Q(paid_amount__gte=0, written_off_amount__gte=0)
                & Q(amount__gte=Round(F("paid_amount") + F("written_off_amount"), precision=3)),
                name="donations_instalment_settled_within",
                violation_error_message=_("More cannot be settled than the instalment."),
            ),
            models.UniqueConstraint(
                fields=["pledge", "number"],
                name="donations_instalment_number_unique",
                violation_error_message=_("The pledge has an instalment of this number already."),
            ),
        ]

    def __str__(self) -> str:
        return _t("Instalment %(number)d") % {"number": self.number}

    @property
    def money(self) -> Money:
        """What is due."""
        return Money(self.amount, self.pledge.currency)

    @property
    def left_amount(self) -> Decimal:
        """What of it is still to come, in the pledge's currency."""
        return self.amount - self.paid_amount - self.written_off_amount

    @property
    def left(self) -> Money:
        """What of it is still to come."""
        return Money(self.left_amount, self.pledge.currency)

    def state_on(self, today: dt.date) -> InstalmentState:
        """Return where it stands on a day."""
        if not self.left_amount:
            return InstalmentState.WRITTEN_OFF if self.written_off_amount else InstalmentState.PAID
        if self.due_on < today:
            return InstalmentState.OVERDUE
        return InstalmentState.PARTLY_PAID if self.paid_amount else InstalmentState.DUE


class PledgePayment(models.Model):
    """What of a gift pays an instalment. When money of the gift goes back, that part is released and the rest stays."""

    instalment = models.ForeignKey(
        Instalment, verbose_name=_("instalment"), on_delete=models.PROTECT, related_name="payments"
    )
    gift = models.ForeignKey(
        "donations.Gift", verbose_name=_("gift"), on_delete=models.PROTECT, related_name="pledge_payments"
    )
    amount = AmountField(_("amount"))
    released_amount = AmountField(_("went back"), default=Decimal(0))
    applied_at = models.DateTimeField(_("applied at"))
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("payment of a pledge")
        verbose_name_plural = _("payments of pledges")
        ordering = ["pk"]
        constraints = [
            positive_amount("amount", "donations_pledge_payment_positive", _("A payment is more than nothing.")),
            models.CheckConstraint(
                condition=Q(released_amount__gte=0, released_amount__lte=F("amount")),
                name="donations_pledge_payment_released_within",
                violation_error_message=_("No more can be taken off a pledge than was applied to it."),
            ),
            models.UniqueConstraint(
                fields=["instalment", "gift"],
                name="donations_gift_once_an_instalment",
                violation_error_message=_("The gift is applied to this instalment already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gift} → {self.instalment}"

    @property
    def live_amount(self) -> Decimal:
        """What of it still pays the instalment."""
        return self.amount - self.released_amount


class WriteOff(models.Model):
    """What of an instalment was given up, and why; taken back it stays on record and counts no more."""

    instalment = models.ForeignKey(
        Instalment, verbose_name=_("instalment"), on_delete=models.PROTECT, related_name="write_offs"
    )
    amount = AmountField(_("amount"))
    written_off_on = models.DateField(_("written off on"))
    reason = models.CharField(_("reason"), max_length=500)
    at = models.DateTimeField(_("recorded at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    taken_back_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("taken back by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    taken_back_reason = models.CharField(_("why it was taken back"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("write-off")
        verbose_name_plural = _("write-offs")
        ordering = ["pk"]
        constraints = [
            positive_amount("amount", "donations_write_off_positive", _("A write-off is more than nothing.")),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="donations_write_off_says_why",
                violation_error_message=_("Say why it is written off."),
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, taken_back_reason="")
                | (Q(taken_back_at__isnull=False) & ~Q(taken_back_reason="")),
                name="donations_write_off_taken_back_says_why",
                violation_error_message=_("Say why it is taken back."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instalment}: {self.amount}"


class ReminderHow(models.TextChoices):
    """How a reminder goes out."""

    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")


class ReminderQuerySet(models.QuerySet["PledgeReminder"]):
    """Questions about reminders."""

    def letters_to_write(self) -> Self:
        """For the post, not written yet, and still about something that is due."""
        waiting = self.filter(how=ReminderHow.LETTER, done_at__isnull=True)
        settled = F("instalment__paid_amount") + F("instalment__written_off_amount")
        return waiting.filter(instalment__amount__gt=Round(settled, precision=3))


class PledgeReminder(models.Model):
    """One reminder of one instalment: of each kind there is one, however often the clock runs."""

    instalment = models.ForeignKey(
        Instalment, verbose_name=_("instalment"), on_delete=models.CASCADE, related_name="reminders"
    )
    days = models.SmallIntegerField(
        _("days from the due date"), help_text=_("Below zero before it is due, above zero after.")
    )
    how = models.CharField(_("how"), max_length=8, choices=ReminderHow)
    raised_on = models.DateField(_("raised on"))
    done_at = models.DateTimeField(_("sent or written at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("pledge reminder")
        verbose_name_plural = _("pledge reminders")
        ordering = ["-raised_on", "-pk"]
        indexes = [models.Index(fields=["how", "done_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["instalment", "days"],
                name="donations_one_reminder_of_a_kind",
                violation_error_message=_("This reminder was made already."),
            ),
            models.CheckConstraint(
                condition=~Q(how=ReminderHow.EMAIL) | Q(done_at__isnull=False),
                name="donations_mailed_reminder_has_a_time",
                violation_error_message=_("A reminder that was mailed says when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instalment} {self.days:+d}"
