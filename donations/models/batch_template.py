"""BatchTemplate: what the piles that come again and again share, to be chosen when the next one is opened."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from donations.models.gift import Method

#: What a batch takes from its template; count, total and date are of each pile alone.
SHARED = ("title", "method", "fund", "appeal", "wants_receipt", "bank_account")


class BatchTemplate(models.Model):
    """The Sunday plate, Monday's post, the supper: named once, chosen ever after."""

    name = models.CharField(
        _("name"), max_length=80, unique=True, help_text=_("As it stands in the list: “Monday’s post”.")
    )
    title = models.CharField(
        _("title of the batch"), max_length=120, blank=True, help_text=_("Empty: the batch is known by its date.")
    )
    method = models.CharField(
        _("method"), max_length=12, choices=Method, default=Method.CHEQUE, help_text=_("How they come.")
    )
    fund = models.ForeignKey(
        "donations.Fund",
        verbose_name=_("fund"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Where they go. Empty: the fund that is usual on the day."),
    )
    appeal = models.ForeignKey(
        "donations.Appeal",
        verbose_name=_("appeal"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Credits its campaign too."),
    )
    wants_receipt = models.BooleanField(
        _("receipts wanted"), default=True, help_text=_("Offer a receipt for each gift once the batch is posted.")
    )
    bank_account = models.CharField(
        _("bank account"), max_length=120, blank=True, help_text=_("Where it is paid in; printed on the deposit slip.")
    )

    class Meta:
        verbose_name = _("batch template")
        verbose_name_plural = _("batch templates")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def beginning(self) -> dict[str, Any]:
        """Return what a batch opened with it begins with."""
        return {name: getattr(self, name) for name in SHARED if getattr(self, name) not in (None, "")}
