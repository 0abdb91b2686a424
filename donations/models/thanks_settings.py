"""ThanksSettings: what is thanked for by itself, and how long a donor may wait."""

from __future__ import annotations

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from donations.models.thank_you_run import Together


@register_setting(icon="mail", order=230)
class ThanksSettings(BaseGenericSetting):
    """What is thanked for by itself, and how long a donor may wait."""

    overdue_after = models.PositiveSmallIntegerField(
        _("late after"),
        default=48,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 60)],
        help_text=_("Hours a donor may wait for thanks. From then on the gift is marked as late in the queue."),
    )
    emails_online_gifts = models.BooleanField(
        _("e-mail thanks at once for gifts made online"),
        default=True,
        help_text=_("By the templates that say so, as soon as a gift of the giving page or the portal is posted."),
    )
    thanks_for_dues = models.BooleanField(
        _("thank for membership dues too"),
        default=False,
        help_text=_("Otherwise dues are noted as “no thanks wanted” when they are posted."),
    )
    together = models.CharField(
        _("letters"),
        max_length=10,
        choices=Together,
        default=Together.HOUSEHOLD,
        help_text=_("What is proposed when letters are printed: gifts that wait together may share one."),
    )

    panels = [
        FieldPanel("overdue_after"),
        FieldPanel("emails_online_gifts"),
        FieldPanel("thanks_for_dues"),
        FieldPanel("together"),
    ]

    class Meta:
        verbose_name = _("thanks")
        verbose_name_plural = _("thanks")

    @property
    def patience(self) -> dt.timedelta:
        """How long a donor may wait."""
        return dt.timedelta(hours=self.overdue_after)
