"""How receipts reached their donors: by e-mail, or in a printed file that was posted."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from donations.models.receipt import private_storage


def print_path(printed: PrintedReceipts, _filename: str = "") -> str:
    """Return where the file for the printer is kept, the same at every attempt."""
    return f"receipts/printed/{printed.uuid}.pdf"


class PrintedReceipts(models.Model):
    """One file of receipts for the printer, in postal order. Its receipts count as handed out once it was posted."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.PositiveSmallIntegerField(_("year"))
    count = models.PositiveIntegerField(_("receipts"))
    pages = models.PositiveIntegerField(_("pages"), default=0)
    file = models.FileField(_("file"), storage=private_storage, upload_to=print_path, max_length=200, blank=True)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    posted_at = models.DateTimeField(_("posted at"), null=True, blank=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("posted by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("file of receipts for the printer")
        verbose_name_plural = _("files of receipts for the printer")
        ordering = ["pk"]

    def __str__(self) -> str:
        return _text("Receipts for %(year)s, file %(number)s") % {"year": self.year, "number": self.pk}

    @property
    def is_ready(self) -> bool:
        """Whether it can be downloaded."""
        return bool(self.file)


class Way(models.TextChoices):
    """How a receipt is handed out. On the portal its recipient finds it without our doing."""

    EMAIL = "email", _("By e-mail")
    POST = "post", _("By post")


class ReceiptDelivery(models.Model):
    """One receipt handed out in one way by a run; a run hands it out in a way once, however often it is started."""

    receipt = models.ForeignKey(
        "donations.Receipt", verbose_name=_("receipt"), on_delete=models.PROTECT, related_name="deliveries"
    )
    way = models.CharField(_("way"), max_length=5, choices=Way)
    message = models.ForeignKey(
        "core.Message", verbose_name=_("message"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    printed = models.ForeignKey(
        PrintedReceipts,
        verbose_name=_("file for the printer"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="deliveries",
    )
    place = models.PositiveIntegerField(_("place in the file"), default=0)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("delivery of a receipt")
        verbose_name_plural = _("deliveries of receipts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["receipt", "way"],
                name="donations_receipt_handed_out_once",
                violation_error_message=_("This receipt has been handed out this way already."),
            ),
            models.CheckConstraint(
                condition=Q(way=Way.POST, printed__isnull=False) | Q(way=Way.EMAIL, printed__isnull=True),
                name="donations_posted_receipt_was_printed",
                violation_error_message=_(
                    "A receipt sent by post names the file it was printed in, and no other does."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt} {self.get_way_display()}"
