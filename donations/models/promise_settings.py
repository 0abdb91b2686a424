"""PromiseSettings: when donors are reminded, and when a recurring gift counts as failing or lapsed."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


def days_in(text: str) -> list[int]:
    """Read `14, 3` as days. Raises ValueError for anything that is no whole number from 0 to 365."""
    days = sorted({int(part) for part in text.replace(";", ",").split(",") if part.strip()})
    if any(not 0 <= day <= 365 for day in days):
        raise ValueError(text)
    return days


def validate_days(text: str) -> None:
    """Raise ValidationError unless the text names days."""
    try:
        days_in(text)
    except ValueError as error:
        raise ValidationError(_("Write days as whole numbers with commas between, such as 7, 30.")) from error


@register_setting(icon="date", order=320)
class PromiseSettings(BaseGenericSetting):
    """How this organisation follows up what was promised."""

    remind_before = models.CharField(
        _("remind so many days before an instalment is due"),
        max_length=60,
        blank=True,
        default="14",
        validators=[validate_days],
        help_text=_("Several with commas between. Empty: not before."),
    )
    remind_after = models.CharField(
        _("remind so many days after it was due"),
        max_length=60,
        blank=True,
        default="7, 30",
        validators=[validate_days],
        help_text=_("Only while it is not paid. Empty: not after."),
    )
    remind_apart = models.PositiveSmallIntegerField(
        _("days between two reminders of one instalment"),
        default=7,
        help_text=_("Nobody is reminded of the same part again sooner, by the clock or by hand."),
    )
    failing_days = models.PositiveSmallIntegerField(
        _("days until a missing recurring gift stands out"),
        default=10,
        validators=[MinValueValidator(1)],
        help_text=_("Transfers take their time over weekends and holidays."),
    )
    lapsed_missed = models.PositiveSmallIntegerField(
        _("missed in a row until it counts as lapsed"),
        default=3,
        validators=[MinValueValidator(1)],
        help_text=_("From then on it is expected no more; should it come again, it goes on."),
    )

    class Meta:
        verbose_name = _("pledges and recurring gifts")

    def __str__(self) -> str:
        return str(_("Pledges and recurring gifts"))

    @property
    def reminder_days(self) -> list[int]:
        """Days from the due date on which donors are reminded, the earliest first; below zero is before."""
        return [*(-day for day in reversed(days_in(self.remind_before)) if day), *days_in(self.remind_after)]
