"""Campaigns and their appeals: a fundraising effort with a goal, and one ask within it with its cost."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.money import AmountField


class Campaign(models.Model):
    """A fundraising effort with a goal, in the organisation's base currency; campaigns form a tree."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    code = models.SlugField(_("code"), max_length=40, unique=True)
    parent = models.ForeignKey(
        "self", verbose_name=_("part of"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    description = models.CharField(_("description"), max_length=300, blank=True)
    goal = AmountField(_("goal"), null=True, blank=True)
    budget = AmountField(_("budget"), null=True, blank=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        permissions = [("export_campaign", _("Can export campaigns"))]
        ordering = ["-starts_on", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(goal__isnull=True) | Q(goal__gt=Decimal(0)),
                name="donations_campaign_goal_positive",
                violation_error_message=_("A goal is more than nothing."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(starts_on__lte=models.F("ends_on")),
                name="donations_campaign_dates_in_order",
                violation_error_message=_("The campaign ends before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AppealChannel(models.TextChoices):
    """How an appeal reaches people."""

    MAIL = "mail", _("Letter")
    EMAIL = "email", _("E-mail")
    EVENT = "event", _("Event")
    WEB = "web", _("Website")
    PHONE = "phone", _("Telephone")
    OTHER = "other", _("Other")


class Appeal(models.Model):
    """One ask within a campaign, with what it cost."""

    campaign = models.ForeignKey(Campaign, verbose_name=_("campaign"), on_delete=models.PROTECT, related_name="appeals")
    name = models.CharField(_("name"), max_length=120)
    code = models.SlugField(_("code"), max_length=40, unique=True, help_text=_("In links as ?a=CODE."))
    channel = models.CharField(_("channel"), max_length=8, choices=AppealChannel, default=AppealChannel.MAIL)
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    number_sent = models.PositiveIntegerField(_("number sent"), default=0)
    cost = AmountField(_("cost"), default=Decimal(0))

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        permissions = [("export_appeal", _("Can export appeals"))]
        ordering = ["-sent_on", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(cost__gte=Decimal(0)), name="donations_appeal_cost_not_negative")
        ]

    def __str__(self) -> str:
        return self.name
