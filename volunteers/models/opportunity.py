"""Opportunity and its shifts: a volunteer role, and a dated slot with room for so many people."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.theme.figures import instant_in_words


class Visibility(models.TextChoices):
    """Who sees an opportunity."""

    PUBLIC = "public", _("Everyone")
    MEMBERS = "members", _("Members")
    TEAM = "team", _("Staff only")


class OpportunityQuerySet(models.QuerySet["Opportunity"]):
    """Questions about opportunities."""

    def open(self) -> Self:
        """Those taking volunteers."""
        return self.filter(is_open=True)

    def visible_to(self, *, members: bool) -> Self:
        """Those a reader may see: a member sees more than the public."""
        seen = [Visibility.PUBLIC, Visibility.MEMBERS] if members else [Visibility.PUBLIC]
        return self.filter(visibility__in=seen)


class Opportunity(models.Model):
    """A volunteer role people can sign up for."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("address"), max_length=80, unique=True, help_text=_("Its part of the web address."))
    summary = models.CharField(_("in one sentence"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True)
    place = models.CharField(_("place"), max_length=255, blank=True)
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact's e-mail"), blank=True)
    skills = models.CharField(_("useful skills"), max_length=255, blank=True)
    minimum_age = models.PositiveSmallIntegerField(_("minimum age"), null=True, blank=True)
    visibility = models.CharField(_("who sees it"), max_length=8, choices=Visibility, default=Visibility.PUBLIC)
    is_open = models.BooleanField(_("taking volunteers"), default=True)

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ShiftQuerySet(models.QuerySet["Shift"]):
    """Questions about shifts."""

    def coming(self, instant: dt.datetime | None = None) -> Self:
        """Those not over and not cancelled, soonest first."""
        return self.filter(ends_at__gt=instant or clock.now(), cancelled_at__isnull=True).order_by("starts_at", "pk")

    def past(self, instant: dt.datetime | None = None) -> Self:
        """Those that are over, latest first."""
        return self.filter(ends_at__lte=instant or clock.now(), cancelled_at__isnull=True).order_by("-starts_at", "-pk")

    def short(self) -> Self:
        """Those with fewer people than they need."""
        return self.filter(places_taken__lt=F("minimum"))

    def overlapping(self, shift: Shift) -> Self:
        """Those that share time with a shift; one that starts when it ends does not."""
        return self.filter(starts_at__lt=shift.ends_at, ends_at__gt=shift.starts_at).exclude(pk=shift.pk)


class Shift(models.Model):
    """A dated slot of an opportunity, with room for so many people."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    opportunity = models.ForeignKey(
        Opportunity, verbose_name=_("opportunity"), on_delete=models.PROTECT, related_name="shifts"
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    capacity = models.PositiveIntegerField(_("room for"), default=5)
    minimum = models.PositiveIntegerField(_("needs at least"), default=1)
    places_taken = models.PositiveIntegerField(_("signed up"), default=0, editable=False)
    notes = models.CharField(_("notes"), max_length=500, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["starts_at"]), models.Index(fields=["ends_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")),
                name="volunteers_shift_ends_after_it_starts",
                violation_error_message=_("The shift ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(places_taken__lte=F("capacity")),
                name="volunteers_shift_not_overbooked",
                violation_error_message=_("More people are signed up than the shift has room for."),
            ),
            models.CheckConstraint(
                condition=Q(minimum__lte=F("capacity")),
                name="volunteers_shift_minimum_fits",
                violation_error_message=_("It needs more people than it has room for."),
            ),
        ]

    def __str__(self) -> str:
        local = self.starts_at.astimezone(clock.zone())
        return f"{self.opportunity}, {instant_in_words(local)}"

    @property
    def places_left(self) -> int:
        """How many more people fit."""
        return self.capacity - self.places_taken

    @property
    def is_short(self) -> bool:
        """Whether it has fewer people than it needs."""
        return self.places_taken < self.minimum

    @property
    def length(self) -> Decimal:
        """Its true length in hours, to the hundredth, also across a change of clocks."""
        seconds = Decimal(int((self.ends_at - self.starts_at).total_seconds()))
        return (seconds / 3600).quantize(Decimal("0.01"))

    @property
    def local_start(self) -> dt.datetime:
        """When it starts on the organisation's clocks."""
        return self.starts_at.astimezone(clock.zone())

    @property
    def local_end(self) -> dt.datetime:
        """When it ends on the organisation's clocks."""
        return self.ends_at.astimezone(clock.zone())
