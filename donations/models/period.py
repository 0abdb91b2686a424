"""ClosedPeriod: a stretch of days whose books are done; nothing more is dated into it."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from core.theme.figures import day_in_words


class ClosedPeriodQuerySet(models.QuerySet["ClosedPeriod"]):
    """Questions about what is closed."""

    def in_force(self) -> Self:
        """Closed and not opened again."""
        return self.filter(reopened_at__isnull=True)

    def through(self) -> dt.date | None:
        """Return the last day whose books are closed; None while all are open."""
        return self.in_force().order_by("-ends_on").values_list("ends_on", flat=True).first()


class ClosedPeriod(models.Model):
    """The days from one closing of the books to the next.

    A trigger refuses a ledger entry dated into it. Opening it again is a fact of its own on the row, with who and why;
    closing it once more is a new row.
    """

    starts_on = models.DateField(
        _("from"), null=True, blank=True, help_text=_("Empty: from the beginning of the books.")
    )
    ends_on = models.DateField(_("closed through"), help_text=_("The last day nothing more is dated into."))
    note = models.CharField(
        _("note"), max_length=300, blank=True, help_text=_("Such as: handed to the auditor on 3 February.")
    )
    closed_at = models.DateTimeField(_("closed at"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("closed by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reopened_at = models.DateTimeField(_("opened again at"), null=True, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("opened again by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reopen_reason = models.CharField(_("why it was opened again"), max_length=500, blank=True)

    objects = ClosedPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("closed period")
        verbose_name_plural = _("closed periods")
        ordering = ["-ends_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ends_on"],
                condition=Q(reopened_at__isnull=True),
                name="donations_day_closed_once",
                violation_error_message=_("The books are closed through that day already."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(starts_on__lte=F("ends_on")),
                name="donations_closed_period_in_order",
                violation_error_message=_("The books cannot be closed to a day before they were closed from."),
            ),
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=True, reopen_reason="")
                | Q(reopened_at__isnull=False) & ~Q(reopen_reason=""),
                name="donations_reopened_period_says_why",
                violation_error_message=_("Say why the period is opened again."),
            ),
        ]
        permissions = [
            ("close_period", _("Can close the books through a day")),
            ("reopen_period", _("Can open closed books again")),
        ]

    def __str__(self) -> str:
        end = day_in_words(self.ends_on, "medium")
        if self.starts_on is None:
            return _text("Through %(end)s") % {"end": end}
        return _text("%(start)s to %(end)s") % {"start": day_in_words(self.starts_on, "medium"), "end": end}

    @property
    def is_closed(self) -> bool:
        """Whether it is closed now."""
        return self.reopened_at is None

    @property
    def state(self) -> str:
        """How it stands, for lists."""
        return "closed" if self.is_closed else "open"

    def get_state_display(self) -> str:
        """Return how it stands in words."""
        return _text("Closed") if self.is_closed else _text("Opened again")
