"""Term: one paid or free period of a membership, as it was sold."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.money import AmountField, CurrencyField, Money
from memberships.constraints import NoOverlap
from memberships.periods import ONE_DAY, Period

if TYPE_CHECKING:
    from memberships.models.level import Level


class TermKind(models.TextChoices):
    """How a term came about."""

    JOIN = "join", _("Joined")
    RENEW = "renew", _("Renewed")
    CHANGE = "change", _("Changed level")
    COMP = "comp", _("Free of charge")
    GIFT = "gift", _("Given by somebody else")


class TermQuerySet(models.QuerySet["Term"]):
    """Questions about terms."""

    def real(self) -> Self:
        """Leave out terms that cover no day: cancelled or replaced before they began."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")))

    def begun(self, date: dt.date) -> Self:
        """Terms that began on or before a date."""
        return self.real().filter(starts_on__lte=date)

    def covering(self, date: dt.date) -> Self:
        """Terms a date falls in."""
        return self.begun(date).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=date))


class Term(models.Model):
    """A period of a membership. What was sold is kept with it, so that changing a level changes no sold term."""

    membership = models.ForeignKey("memberships.Membership", on_delete=models.PROTECT, related_name="terms")
    level = models.ForeignKey(
        "memberships.Level", verbose_name=_("level"), on_delete=models.PROTECT, related_name="terms"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=TermKind, default=TermKind.JOIN)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day; empty: for life."))
    sold_until = models.DateField(
        _("sold until"), null=True, blank=True, help_text=_("The last day as sold, whatever cut it short since.")
    )
    due_from = models.DateField(_("due from"), null=True, blank=True)
    grace_until = models.DateField(_("grace until"), null=True, blank=True)
    renewable_until = models.DateField(_("renewal price until"), null=True, blank=True)
    new_until = models.DateField(_("counts as new until"), null=True, blank=True)

    price = AmountField(_("price"), help_text=_("The dues of the whole term, before any credit."))
    fee = AmountField(_("joining fee"), default=Decimal(0))
    credit = AmountField(_("credit"), default=Decimal(0), help_text=_("For unused days of the term before."))
    currency = CurrencyField(_("currency"))
    gift = models.ForeignKey(
        "donations.Gift",
        verbose_name=_("dues"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="membership_terms",
    )
    reason = models.CharField(_("reason"), max_length=255, blank=True, help_text=_("Why it is free, or was changed."))
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["starts_on", "pk"]
        indexes = [models.Index(fields=["membership", "starts_on", "ends_on"]), models.Index(fields=["ends_on"])]
        constraints = [
            NoOverlap(
                owner="membership",
                starts="starts_on",
                ends="ends_on",
                name="memberships_terms_never_overlap",
                violation_error_message=_("Another term of this membership covers some of these days."),
            ),
            models.CheckConstraint(
                condition=Q(sold_until__isnull=True) | Q(sold_until__gte=F("starts_on")),
                name="memberships_term_sold_in_order",
                violation_error_message=_("The term ends before it starts."),
            ),
            models.CheckConstraint(
                # A term can be cut short, down to no day at all, and never made longer than it was sold.
                condition=Q(sold_until__isnull=True) | Q(ends_on__isnull=False, ends_on__lte=F("sold_until")),
                name="memberships_term_within_what_was_sold",
                violation_error_message=_("The term cannot be longer than it was sold for."),
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0, fee__gte=0, credit__gte=0),
                name="memberships_term_amounts_not_negative",
                violation_error_message=_("Price, joining fee and credit are nothing or more."),
            ),
            models.UniqueConstraint(
                fields=["gift"],
                condition=Q(gift__isnull=False),
                name="memberships_one_term_a_gift",
                violation_error_message=_("These dues have paid for another term already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level}, {self.starts_on} - {self.ends_on or _('for life')}"

    @classmethod
    def of(cls, level: Level, *, starts_on: dt.date, is_new: bool, new_days: int = 0, **more: Any) -> Term:
        """Return an unsaved term of a level with all its dates; prices and the membership come in `more`."""
        ends_on = level.period_from(starts_on).ends_on
        days = dt.timedelta
        after_end: dict[str, dt.date] = {}
        if ends_on is not None:
            after_end = {
                "due_from": max(starts_on, ends_on - days(days=level.renewal_opens_days)),
                "grace_until": ends_on + days(days=level.grace_days),
                "renewable_until": ends_on + days(days=level.renewal_closes_days),
            }
        return cls(
            level=level,
            starts_on=starts_on,
            ends_on=ends_on,
            sold_until=ends_on,
            new_until=starts_on + days(days=new_days - 1) if is_new and new_days else None,
            currency=level.currency,
            **after_end,
            **more,
        )

    @property
    def period(self) -> Period:
        """The days it covers."""
        return Period(self.starts_on, self.ends_on)

    @property
    def is_real(self) -> bool:
        """Whether it covers any day."""
        return self.ends_on is None or self.ends_on >= self.starts_on

    @property
    def money_due(self) -> Money:
        """What there was to pay: price and fee less credit."""
        return Money(self.price + self.fee - self.credit, self.currency)

    def covers(self, date: dt.date) -> bool:
        """Whether a date falls in it."""
        return self.starts_on <= date and (self.ends_on is None or date <= self.ends_on)

    def cut(self, last_day: dt.date) -> None:
        """End it early, on a day; one that has not begun by then covers no day. Nothing is saved."""
        self.ends_on = max(last_day, self.starts_on - ONE_DAY)
        self.due_from = self.grace_until = self.renewable_until = None
        if self.new_until is not None:
            self.new_until = min(self.new_until, self.ends_on)
