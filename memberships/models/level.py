"""Level: what one can buy, its price, its period and its rules."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.money import AmountField, CurrencyField, Money
from memberships.periods import ONE_DAY, Day, Period, fixed_year_end, months_left, rolling_end


class PeriodKind(models.TextChoices):
    """How long a term lasts."""

    ROLLING = "rolling", _("A number of months from the day of joining")
    FIXED = "fixed", _("The membership year, the same for everybody")
    LIFETIME = "lifetime", _("For life")


class Proration(models.TextChoices):
    """What joining in the middle of a membership year costs."""

    NONE = "none", _("The full price")
    MONTH = "month", _("A twelfth for each month left")


class Joining(models.TextChoices):
    """Who may join by themselves."""

    PUBLIC = "public", _("Anyone")
    INVITATION = "invitation", _("By invitation: staff add members")
    APPROVAL = "approval", _("Anyone may ask, staff approve")


class LevelQuerySet(models.QuerySet["Level"]):
    """Questions about levels."""

    def on_sale(self, date: dt.date) -> Self:
        """Levels sold on a date."""
        return self.filter(
            Q(on_sale_from__isnull=True) | Q(on_sale_from__lte=date),
            Q(on_sale_until__isnull=True) | Q(on_sale_until__gte=date),
        )

    def public(self) -> Self:
        """Levels the public may choose, at once or after approval."""
        return self.exclude(joining=Joining.INVITATION)


class Level(models.Model):
    """A kind of membership. Changing a level changes no term that was sold."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    code = models.SlugField(_("code"), max_length=40, unique=True, help_text=_("Short and lasting; used in files."))
    description = models.CharField(_("description"), max_length=300, blank=True, help_text=_("For the joining page."))
    benefits = models.TextField(_("benefits"), blank=True, help_text=_("One a line, as the joining page lists them."))
    order = models.PositiveSmallIntegerField(_("order"), default=100, help_text=_("Lower comes first."))

    dues = AmountField(_("dues"), help_text=_("What a term costs; 0 for free."))
    currency = CurrencyField(_("currency"), default="USD")
    joining_fee = AmountField(_("joining fee"), default=Decimal(0), help_text=_("Once, on top of the first dues."))
    renewal_price = AmountField(_("renewal price"), null=True, blank=True, help_text=_("Empty: the same as the dues."))
    advantage_amount = AmountField(
        _("value of the benefits"),
        default=Decimal(0),
        help_text=_("Their fair market value: this part of the dues is not deductible."),
    )
    advantage_description = models.CharField(_("benefits on the receipt"), max_length=255, blank=True)
    fund = models.ForeignKey(
        "donations.Fund",
        verbose_name=_("fund"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Where the dues go. Empty: the default fund."),
    )

    period_kind = models.CharField(_("period"), max_length=8, choices=PeriodKind, default=PeriodKind.ROLLING)
    months = models.PositiveSmallIntegerField(
        _("months"), default=12, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    year_start_month = models.PositiveSmallIntegerField(
        _("membership year starts in month"), default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    year_start_day = models.PositiveSmallIntegerField(
        _("membership year starts on day"), default=1, validators=[MinValueValidator(1), MaxValueValidator(28)]
    )
    rollover_month = models.PositiveSmallIntegerField(
        _("rollover month"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    rollover_day = models.PositiveSmallIntegerField(
        _("rollover day"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(28)],
        help_text=_("Who joins from this day on gets the rest of this year and all of the next for one price."),
    )
    proration = models.CharField(
        _("joining in mid-year costs"), max_length=8, choices=Proration, default=Proration.NONE
    )

    grace_days = models.PositiveSmallIntegerField(
        _("days of grace"), default=30, help_text=_("How long a member stays a member after the end.")
    )
    renewal_opens_days = models.PositiveSmallIntegerField(
        _("renewal opens, days before the end"), default=60, help_text=_("From then on the membership is due.")
    )
    renewal_closes_days = models.PositiveSmallIntegerField(
        _("renewal closes, days after the end"),
        default=90,
        help_text=_("Until then the renewal price holds and no joining fee is asked."),
    )

    joining = models.CharField(_("who may join"), max_length=12, choices=Joining, default=Joining.PUBLIC)
    capacity = models.PositiveSmallIntegerField(
        _("people"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("1 for an individual; more for a household or an organisation with named people."),
    )
    can_vote = models.BooleanField(_("may vote"), default=True)
    sees_directory = models.BooleanField(_("sees the members' directory"), default=True)
    successor = models.ForeignKey(
        "self",
        verbose_name=_("renews as"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="predecessors",
        help_text=_("Another level members move to when they renew. Empty: this one."),
    )
    on_sale_from = models.DateField(_("on sale from"), null=True, blank=True)
    on_sale_until = models.DateField(_("on sale until"), null=True, blank=True)

    objects = LevelQuerySet.as_manager()

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(dues__gte=0, joining_fee__gte=0)
                & (Q(renewal_price__isnull=True) | Q(renewal_price__gte=0)),
                name="memberships_level_prices_not_negative",
                violation_error_message=_("A price is never less than nothing."),
            ),
            models.CheckConstraint(
                condition=Q(advantage_amount__gte=0, advantage_amount__lte=F("dues")),
                name="memberships_level_advantage_within_dues",
                violation_error_message=_("The benefits cannot be worth more than the dues."),
            ),
            models.CheckConstraint(
                condition=Q(renewal_closes_days__gte=F("grace_days")),
                name="memberships_level_window_covers_grace",
                violation_error_message=_("Renewal has to stay open at least as long as the days of grace."),
            ),
            models.CheckConstraint(
                condition=Q(rollover_month__isnull=True, rollover_day__isnull=True)
                | Q(rollover_month__isnull=False, rollover_day__isnull=False),
                name="memberships_level_rollover_whole",
                violation_error_message=_("A rollover needs both its month and its day."),
            ),
            models.CheckConstraint(
                condition=Q(on_sale_from__isnull=True)
                | Q(on_sale_until__isnull=True)
                | Q(on_sale_from__lte=F("on_sale_until")),
                name="memberships_level_sale_dates_in_order",
                violation_error_message=_("The level goes off sale before it comes on sale."),
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=1),
                name="memberships_level_capacity_positive",
                violation_error_message=_("A level has room for at least one person."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def price(self) -> Money:
        """The dues of a first term."""
        return Money(self.dues, self.currency)

    @property
    def price_on_renewal(self) -> Money:
        """What the next term costs a member."""
        return Money(self.dues if self.renewal_price is None else self.renewal_price, self.currency)

    @property
    def fee_for_joining(self) -> Money:
        """What joining costs once, on top of the dues."""
        return Money(self.joining_fee, self.currency)

    @property
    def benefit_lines(self) -> list[str]:
        """The benefits, one by one."""
        return [line.strip() for line in self.benefits.splitlines() if line.strip()]

    @property
    def year_opens(self) -> Day:
        """The day a membership year starts."""
        return Day(self.year_start_month, self.year_start_day)

    @property
    def rollover(self) -> Day | None:
        """The day from which a new member gets all of the next year as well."""
        if self.rollover_month is None or self.rollover_day is None:
            return None
        return Day(self.rollover_month, self.rollover_day)

    def is_on_sale(self, date: dt.date) -> bool:
        """Whether it is sold on a date."""
        return (not self.on_sale_from or self.on_sale_from <= date) and (
            not self.on_sale_until or date <= self.on_sale_until
        )

    def period_from(self, start: dt.date) -> Period:
        """Return the term that begins on a day."""
        match self.period_kind:
            case PeriodKind.LIFETIME:
                return Period(start, None)
            case PeriodKind.FIXED:
                return Period(start, fixed_year_end(start, self.year_opens, self.rollover))
        return Period(start, rolling_end(start, self.months))

    def prorated(self, price: Money, start: dt.date) -> Money:
        """Return what a price comes to for a term that begins on a day: less in mid-year, where the level says so."""
        if self.period_kind != PeriodKind.FIXED or self.proration == Proration.NONE:
            return price
        this_year_ends = self.year_opens.next_after(start) - ONE_DAY
        if self.period_from(start).ends_on != this_year_ends:
            return price  # rolled over: the rest of this year and all of the next for one price
        left = months_left(start, self.year_opens)
        return price.split([left, 12 - left])[0] if left < 12 else price
