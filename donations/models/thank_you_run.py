"""ThankYouRun: letters of thanks made as one file, from when they are drawn to when somebody says they are printed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.theme.figures import day_in_words
from donations.models.thank_you_template import ReceiptWith


def private_storage() -> Storage:
    """Return where letters are kept: never below a public address."""
    return storages["private"]


def print_path(run: ThankYouRun, name: str) -> str:
    """Return where a run's file is kept: under the run, so that no two collide."""
    return f"thanks/{run.uuid}/{name}"


class Together(models.TextChoices):
    """Which gifts share a letter."""

    HOUSEHOLD = "household", _("One letter a household")
    DONOR = "donor", _("One letter a donor")
    GIFT = "gift", _("One letter a gift")


class PrintState(models.TextChoices):
    """How far letters are that are printed together."""

    DRAWING = "drawing", _("Being made")
    READY = "ready", _("To be printed")
    PRINTED = "printed", _("Printed")
    DISCARDED = "discarded", _("Discarded")


class ThankYouRun(models.Model):
    """Letters of thanks made as one PDF. Their gifts are thanked for once somebody says the letters are printed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=PrintState, default=PrintState.DRAWING)
    together = models.CharField(_("letters"), max_length=10, choices=Together, default=Together.HOUSEHOLD)
    receipt = models.CharField(
        _("receipt"), max_length=8, choices=ReceiptWith, blank=True, help_text=_("Empty: as each template says.")
    )
    template = models.ForeignKey(
        "donations.ThankYouTemplate",
        verbose_name=_("template"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Empty: each letter by the template that fits its gift."),
    )
    issues_receipts = models.BooleanField(
        _("issue receipts that are missing"), default=False, help_text=_("For letters that enclose one.")
    )
    #: For each letter the gifts it thanks for, in the order of the file; and the gifts that got none, each with why.
    plan = models.JSONField(default=list, editable=False)
    left_out = models.JSONField(default=list, editable=False)
    letters = models.PositiveIntegerField(_("letters"), default=0, editable=False)
    pages = models.PositiveIntegerField(_("pages"), default=0, editable=False)
    file = models.FileField(storage=private_storage, upload_to=print_path, max_length=200, blank=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made"))
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("printed or discarded by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    settled_at = models.DateTimeField(_("printed or discarded"), null=True, blank=True)

    class Meta:
        verbose_name = _("print of thank-you letters")
        verbose_name_plural = _("prints of thank-you letters")
        ordering = ["-made_at", "-pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[PrintState.PRINTED, PrintState.DISCARDED], settled_at__isnull=False)
                | Q(state__in=[PrintState.DRAWING, PrintState.READY], settled_at__isnull=True),
                name="donations_thank_you_run_settled_once_printed",
                violation_error_message=_("Letters that are printed or discarded say when, and no others do."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Letters of %(day)s") % {"day": day_in_words(clock.local_date(self.made_at), "medium")})
