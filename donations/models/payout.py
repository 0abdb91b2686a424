"""Payout: money that Stripe sent to our bank account, or took from it; what it is made of are its balance lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.apps import apps as django_apps
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.money import AmountField, CurrencyField, Money
from core.theme.figures import day_in_words


class PayoutStatus(models.TextChoices):
    """Where a payout stands, in Stripe's words."""

    PENDING = "pending", _("Being prepared")
    IN_TRANSIT = "in_transit", _("On its way")
    PAID = "paid", _("Paid")
    FAILED = "failed", _("Failed")
    CANCELED = "canceled", _("Cancelled")


class Reconciliation(models.TextChoices):
    """Whether Stripe can say yet what a payout is made of."""

    COMPLETED = "completed", _("Complete")
    IN_PROGRESS = "in_progress", _("Not complete yet")
    NOT_APPLICABLE = "not_applicable", _("Asked for by hand: Stripe does not say what it is made of")


class Tie(models.TextChoices):
    """Whether what a payout is made of adds up to it."""

    EXACT = "exact", _("Adds up")
    OFF = "off", _("Does not add up")
    WAITING = "waiting", _("Not all of it known yet")
    UNKNOWABLE = "unknowable", _("Stripe does not say")


class PayoutQuerySet(models.QuerySet["Payout"]):
    """Questions about payouts."""

    def arrived(self) -> Self:
        """Those whose money is in the bank, or was taken from it."""
        return self.filter(status=PayoutStatus.PAID)

    def without_deposit(self) -> Self:
        """Paid out, and not yet found on a statement of the bank."""
        return self.arrived().filter(amount__gt=0, bank_credit__isnull=True)

    def with_lines(self) -> Self:
        """With `line_count` and `lines_net`, how many lines it has and what they add up to in Stripe's units."""
        # By name: a line points at its payout, not the other way round.
        line = django_apps.get_model("donations", "BalanceLine")
        lines = line.objects.in_deposits().filter(payout=OuterRef("pk")).order_by().values("payout")
        return self.annotate(
            line_count=Coalesce(Subquery(lines.annotate(n=Count("pk")).values("n")), 0),
            lines_net=Coalesce(Subquery(lines.annotate(n=Sum("net_minor")).values("n")), 0),
        )


class Payout(models.Model):
    """One transfer between the balance at Stripe and the bank account; negative when Stripe took money back."""

    payout_id = models.CharField(_("id at Stripe"), max_length=255, unique=True)
    livemode = models.BooleanField(_("real money"), help_text=_("Off: made with a test key or in the demo."))
    status = models.CharField(_("status"), max_length=12, choices=PayoutStatus)
    amount = AmountField(_("amount"), help_text=_("What arrives in the bank; less than nothing when it is taken."))
    amount_minor = models.BigIntegerField(_("amount in Stripe’s units"), editable=False)
    currency = CurrencyField(_("currency"))
    sent_at = models.DateTimeField(_("sent at"))
    arrives_on = models.DateField(_("in the bank on"), help_text=_("The day Stripe expects it there."))
    is_automatic = models.BooleanField(
        _("by schedule"), default=True, help_text=_("Off: somebody asked for it by hand at Stripe.")
    )
    reconciliation = models.CharField(
        _("list of what it is made of"),
        max_length=16,
        choices=Reconciliation,
        default=Reconciliation.IN_PROGRESS,
    )
    descriptor = models.CharField(_("text on the statement"), max_length=255, blank=True)
    trace_id = models.CharField(
        _("trace number"), max_length=255, blank=True, help_text=_("What the bank knows the transfer by.")
    )
    failure_code = models.CharField(_("failure code"), max_length=100, blank=True)
    failure_message = models.CharField(_("why it failed"), max_length=500, blank=True)
    lines_read_at = models.DateTimeField(
        _("lines read at"), null=True, blank=True, help_text=_("When all it is made of was fetched from Stripe.")
    )
    synced_at = models.DateTimeField(_("fetched at"))

    objects = PayoutQuerySet.as_manager()

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        ordering = ["-arrives_on", "-pk"]
        indexes = [models.Index(fields=["status", "-arrives_on"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(payout_id=""),
                name="donations_payout_has_an_id",
                violation_error_message=_("A payout has an id."),
            ),
            models.CheckConstraint(
                condition=Q(amount=Decimal(0), amount_minor=0)
                | Q(amount__gt=0, amount_minor__gt=0)
                | Q(amount__lt=0, amount_minor__lt=0),
                name="donations_payout_amounts_agree",
                violation_error_message=_("The two amounts of a payout have to agree."),
            ),
        ]
        permissions = [
            ("export_payout", _("Can export payouts and deposit reports")),
            ("sync_payout", _("Can fetch payouts from Stripe again")),
        ]

    def __str__(self) -> str:
        return f"{self.money} · {day_in_words(self.arrives_on, 'medium')}"

    @property
    def money(self) -> Money:
        """What arrives in the bank."""
        return Money(self.amount, self.currency)

    @property
    def tie(self) -> Tie:
        """Whether its lines add up to it; only for one asked for `with_lines`."""
        return tie_of(self, count=self.line_count, is_exact=self.lines_net == self.amount_minor)  # type: ignore[attr-defined]

    def get_tie_display(self) -> str:
        """Return in words whether its lines add up to it."""
        return str(self.tie.label)

    @property
    def has_failed(self) -> bool:
        """Whether the money came back to Stripe."""
        return self.status in (PayoutStatus.FAILED, PayoutStatus.CANCELED)

    @property
    def names(self) -> tuple[str, ...]:
        """What a bank may call it on a statement."""
        return tuple(name for name in (self.trace_id, self.payout_id, self.descriptor) if name)


def tie_of(payout: Payout, *, count: int, is_exact: bool) -> Tie:
    """Return whether a payout adds up, given how many lines it has and whether they come to its amount."""
    if payout.reconciliation == Reconciliation.NOT_APPLICABLE and not count:
        return Tie.UNKNOWABLE
    if payout.lines_read_at is None:
        return Tie.WAITING
    return Tie.EXACT if is_exact else Tie.OFF
