"""Matching gifts: an employer's rule, and what it promises for each gift of an employee."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.money import AmountField, CurrencyField, Money, quantize


class MatchingRule(models.Model):
    """What an employer adds to the gifts of those who work there."""

    employer = models.OneToOneField(
        "constituents.Constituent",
        verbose_name=_("employer"),
        on_delete=models.PROTECT,
        related_name="matching_rule",
        limit_choices_to={"kind": "organisation"},
    )
    ratio = models.DecimalField(
        _("for each unit given"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(1),
        help_text=_("1 adds the same again, 0.5 half of it, 2 twice as much."),
    )
    currency = CurrencyField(_("currency"))
    minimum = AmountField(
        _("smallest gift matched"), null=True, blank=True, help_text=_("Empty: every gift, however small.")
    )
    maximum = AmountField(_("most for one gift"), null=True, blank=True, help_text=_("What the employer adds at most."))
    maximum_a_year = AmountField(
        _("most in a year"), null=True, blank=True, help_text=_("For one employee in a calendar year.")
    )
    claim_within_days = models.PositiveSmallIntegerField(
        _("days to claim"), null=True, blank=True, help_text=_("Counted from the gift date; empty: no deadline.")
    )
    how_to_claim = models.TextField(
        _("how to claim"), blank=True, help_text=_("The address of their form, whom to ask, what they want to see.")
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day of gifts they match."))

    class Meta:
        verbose_name = _("matching rule")
        verbose_name_plural = _("matching rules")
        ordering = ["employer__sort_name"]
        permissions = [("export_matchingrule", _("Can export matching rules"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(ratio__gt=Decimal(0)),
                name="donations_matching_ratio_positive",
                violation_error_message=_("A rule adds more than nothing."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="donations_matching_dates_in_order",
                violation_error_message=_("The rule ends before it begins."),
            ),
            models.CheckConstraint(
                condition=(Q(minimum__isnull=True) | Q(minimum__gt=Decimal(0)))
                & (Q(maximum__isnull=True) | Q(maximum__gt=Decimal(0)))
                & (Q(maximum_a_year__isnull=True) | Q(maximum_a_year__gt=Decimal(0))),
                name="donations_matching_limits_positive",
                violation_error_message=_("A limit is more than nothing; leave it empty for none."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.employer)

    def holds_on(self, date: dt.date) -> bool:
        """Whether a gift of that day is matched."""
        return (self.starts_on is None or self.starts_on <= date) and (self.ends_on is None or date <= self.ends_on)

    def match_for(self, money: Money, *, matched_this_year: Decimal = Decimal(0)) -> Money:
        """Return what the employer adds to a gift, given what they added for this employee in the year already."""
        nothing = Money.zero(self.currency)
        if money.currency != self.currency or (self.minimum is not None and money.amount < self.minimum):
            return nothing
        limits = [quantize(money.amount * self.ratio, self.currency)]
        if self.maximum is not None:
            limits.append(self.maximum)
        if self.maximum_a_year is not None:
            limits.append(self.maximum_a_year - matched_this_year)
        return max(nothing, Money(min(limits), self.currency))


class MatchState(models.TextChoices):
    """Where a match stands."""

    EXPECTED = "expected", _("To claim")
    CLAIMED = "claimed", _("Claimed")
    RECEIVED = "received", _("Received")
    CLOSED = "closed", _("Will not come")


OPEN_STATES = (MatchState.EXPECTED, MatchState.CLAIMED)


class MatchQuerySet(models.QuerySet["Match"]):
    """Questions about matches."""

    def open(self) -> Self:
        """Those that may still come."""
        return self.filter(state__in=OPEN_STATES)

    def for_list(self) -> Self:
        """With what a list shows beside each."""
        return self.select_related("rule__employer", "gift__donor", "received_gift")


class Match(models.Model):
    """What an employer is expected to add to one gift; until it comes it counts in no total."""

    gift = models.OneToOneField(
        "donations.Gift", verbose_name=_("the employee’s gift"), on_delete=models.PROTECT, related_name="match"
    )
    rule = models.ForeignKey(MatchingRule, verbose_name=_("rule"), on_delete=models.PROTECT, related_name="matches")
    amount = AmountField(_("expected"))
    currency = CurrencyField(_("currency"))
    state = models.CharField(_("state"), max_length=8, choices=MatchState, default=MatchState.EXPECTED)
    claim_by = models.DateField(_("claim by"), null=True, blank=True)
    claimed_on = models.DateField(_("claimed on"), null=True, blank=True)
    claim_reference = models.CharField(_("claim number"), max_length=120, blank=True)
    received_gift = models.ForeignKey(
        "donations.Gift",
        verbose_name=_("the employer’s gift"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="settled_matches",
    )
    closed_reason = models.CharField(_("why it will not come"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        ordering = [F("claim_by").asc(nulls_last=True), "pk"]
        indexes = [models.Index(fields=["state", "claim_by"])]
        permissions = [("export_match", _("Can export matches"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=Decimal(0)),
                name="donations_match_positive",
                violation_error_message=_("A match is more than nothing."),
            ),
            models.CheckConstraint(
                condition=Q(state=MatchState.RECEIVED, received_gift__isnull=False)
                | ~Q(state=MatchState.RECEIVED) & Q(received_gift__isnull=True),
                name="donations_received_match_has_its_gift",
                violation_error_message=_("A match that was received names the employer’s gift, and no other does."),
            ),
            models.CheckConstraint(
                condition=~Q(state=MatchState.CLAIMED) | Q(claimed_on__isnull=False),
                name="donations_claimed_match_has_a_date",
                violation_error_message=_("A match that was claimed says when."),
            ),
            models.CheckConstraint(
                condition=Q(state=MatchState.CLOSED) & ~Q(closed_reason="")
                | ~Q(state=MatchState.CLOSED) & Q(closed_reason=""),
                name="donations_closed_match_says_why",
                violation_error_message=_("Say why."),
            ),
            models.CheckConstraint(
                condition=Q(received_gift__isnull=True) | ~Q(received_gift=F("gift")),
                name="donations_match_is_another_gift",
                violation_error_message=_("A gift cannot be its own match."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.money} · {self.rule}"

    @property
    def money(self) -> Money:
        """What is expected."""
        return Money(self.amount, self.currency)

    @property
    def is_open(self) -> bool:
        """Whether it may still come."""
        return self.state in OPEN_STATES
