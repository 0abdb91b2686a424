"""Fund: what a gift is for."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Restriction(models.TextChoices):
    """How freely the organisation may spend what the fund holds."""

    NONE = "none", _("Unrestricted")
    TEMPORARY = "temporary", _("Temporarily restricted")
    PERMANENT = "permanent", _("Permanently restricted")


class FundQuerySet(models.QuerySet["Fund"]):
    """Questions about funds."""

    def open_on(self, date: dt.date) -> Self:
        """Funds that take gifts on the date."""
        return self.filter(
            Q(opens_on__isnull=True) | Q(opens_on__lte=date), Q(closes_on__isnull=True) | Q(closes_on__gte=date)
        )

    def public(self) -> Self:
        """Funds a donor may choose on a giving page."""
        return self.filter(is_public=True)

    def default(self) -> Fund | None:
        """The fund gifts go to when nothing else is chosen: the default one, else the first there was."""
        return self.order_by("-is_default", "pk").first()


class Fund(models.Model):
    """A purpose gifts are given to (a designation)."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    code = models.SlugField(_("code"), max_length=40, unique=True, help_text=_("Short and lasting; used in files."))
    purpose = models.CharField(_("purpose"), max_length=300, blank=True, help_text=_("One sentence donors read."))
    restriction = models.CharField(
        _("restriction"),
        max_length=12,
        choices=Restriction,
        default=Restriction.NONE,
        help_text=_("What donors were promised: any use, the purpose only, or kept for what it earns."),
    )
    accounting_code = models.CharField(
        _("account"), max_length=40, blank=True, help_text=_("The number of its account in your books.")
    )
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    closes_on = models.DateField(_("closes on"), null=True, blank=True, help_text=_("The last day it takes gifts."))
    closed_into = models.ForeignKey(
        "self",
        verbose_name=_("closed into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        help_text=_("The fund that what still comes for this one goes to."),
    )
    is_public = models.BooleanField(_("offered to donors"), default=True)
    is_default = models.BooleanField(
        _("default"), default=False, help_text=_("Gifts go here when nothing else is chosen.")
    )

    objects = FundQuerySet.as_manager()

    class Meta:
        verbose_name = _("fund")
        verbose_name_plural = _("funds")
        permissions = [("export_fund", _("Can export funds"))]
        ordering = ["-is_default", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="donations_one_default_fund",
                violation_error_message=_("Another fund is the default already."),
            ),
            models.CheckConstraint(
                condition=Q(opens_on__isnull=True) | Q(closes_on__isnull=True) | Q(opens_on__lte=models.F("closes_on")),
                name="donations_fund_dates_in_order",
                violation_error_message=_("The fund closes before it opens."),
            ),
            models.CheckConstraint(
                condition=Q(closed_into__isnull=True) | ~Q(closed_into=models.F("id")),
                name="donations_fund_not_closed_into_itself",
                violation_error_message=_("Choose another fund for what still comes."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open_on(self, date: dt.date) -> bool:
        """Whether the fund takes gifts dated that day."""
        return (not self.opens_on or self.opens_on <= date) and (not self.closes_on or date <= self.closes_on)
