"""Campaigns and their appeals: a fundraising effort with a goal, and one ask within it with its cost."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.money import AmountField


class Campaign(models.Model):
    """A fundraising effort with a goal, in the organisation's base currency; campaigns form a tree."""

    name = models.CharField(_("name"), max_length=120, unique=True, help_text=_("Such as “Winter Lights 2026”."))
    code = models.SlugField(
        _("code"),
        max_length=40,
        unique=True,
        help_text=_("Short and lasting; used in files, and in links as utm_campaign=CODE."),
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text=_("A larger campaign: what comes in here counts there too, once."),
    )
    description = models.CharField(
        _("description"), max_length=300, blank=True, help_text=_("What it is for, in a sentence donors may read.")
    )
    goal = AmountField(
        _("goal"), null=True, blank=True, help_text=_("What it is to bring in, with all that is part of it.")
    )
    budget = AmountField(_("budget"), null=True, blank=True, help_text=_("What its appeals may cost together."))
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    compared_with = models.ForeignKey(
        "self",
        verbose_name=_("compared with"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("An earlier campaign, such as last year’s: its curve stands behind this one’s."),
    )

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
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="donations_campaign_dates_in_order",
                violation_error_message=_("The campaign ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(budget__isnull=True) | Q(budget__gte=Decimal(0)),
                name="donations_campaign_budget_not_negative",
                violation_error_message=_("A budget is not below nothing."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="donations_campaign_not_within_itself",
                violation_error_message=_("A campaign cannot be part of itself."),
            ),
            models.CheckConstraint(
                condition=Q(compared_with__isnull=True) | ~Q(compared_with=F("id")),
                name="donations_campaign_not_beside_itself",
                violation_error_message=_("Compare it with another campaign."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_running_on(self, date: dt.date) -> bool:
        """Whether the day lies within its dates; an open end has no end."""
        return (not self.starts_on or self.starts_on <= date) and (not self.ends_on or date <= self.ends_on)


class AppealChannel(models.TextChoices):
    """How an appeal reaches people."""

    MAIL = "mail", _("Letter")
    EMAIL = "email", _("E-mail")
    EVENT = "event", _("Event")
    WEB = "web", _("Website")
    PHONE = "phone", _("Telephone")
    OTHER = "other", _("Other")


class AppealQuerySet(models.QuerySet["Appeal"]):
    """Questions about appeals."""

    def open_on(self, date: dt.date) -> Self:
        """Those whose code still credits them on the date."""
        return self.filter(Q(closes_on__isnull=True) | Q(closes_on__gte=date))

    def coded(self, code: str) -> Self:
        """The one of this code, however it is written: people type `SPRING-MAIL`."""
        return self.filter(code__iexact=code.strip())


class Appeal(models.Model):
    """One ask within a campaign: whom it went to, what it cost, and the code that credits it."""

    campaign = models.ForeignKey(Campaign, verbose_name=_("campaign"), on_delete=models.PROTECT, related_name="appeals")
    name = models.CharField(_("name"), max_length=120, help_text=_("Such as “Letter to last year’s donors”."))
    code = models.SlugField(
        _("code"),
        max_length=40,
        unique=True,
        help_text=_("Short and lasting: it stands in its link as ?a=CODE and on the reply slip."),
    )
    channel = models.CharField(_("channel"), max_length=8, choices=AppealChannel, default=AppealChannel.MAIL)
    segment = models.ForeignKey(
        "constituents.Segment",
        verbose_name=_("segment"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Whom it is meant for. “Take the list” writes down who is in it on the day."),
    )
    mailed_list = models.ForeignKey(
        "constituents.SegmentSnapshot",
        verbose_name=_("list mailed"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who got it, as it stood on the day."),
    )
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    number_sent = models.PositiveIntegerField(
        _("number sent"),
        default=0,
        help_text=_("Letters, e-mails, guests invited: the response counts from it."),
    )
    cost = AmountField(
        _("cost"), default=Decimal(0), help_text=_("Printing, postage, rent: all it cost, in the base currency.")
    )
    closes_on = models.DateField(
        _("code ends on"),
        null=True,
        blank=True,
        help_text=_("The last day its link and code credit it. Empty: they always do; answers to a letter come late."),
    )

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        permissions = [("export_appeal", _("Can export appeals"))]
        ordering = ["-sent_on", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cost__gte=Decimal(0)),
                name="donations_appeal_cost_not_negative",
                violation_error_message=_("A cost is not below nothing."),
            ),
            models.UniqueConstraint(
                Lower("code"),
                name="donations_appeal_code_unique_in_any_case",
                violation_error_message=_("Another appeal has this code."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open_on(self, date: dt.date) -> bool:
        """Whether its code credits it on that day."""
        return not self.closes_on or date <= self.closes_on
