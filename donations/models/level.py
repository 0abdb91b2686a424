"""Donor levels: named bands over what somebody gave, where each donor stands among them, and since when."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from core.money import AmountField


class Measure(models.TextChoices):
    """Over which time a ladder adds up."""

    THIS_YEAR = "this_year", _("This fiscal year")
    LAST_YEAR = "last_year", _("The last fiscal year")
    LIFETIME = "lifetime", _("Lifetime")


class LadderQuerySet(models.QuerySet["Ladder"]):
    """Questions about ladders."""

    def in_use(self) -> Self:
        """Those that are on."""
        return self.filter(is_active=True)


class Ladder(ClusterableModel):
    """A set of donor levels over one sum: “Giving circles” by the year, a “Legacy society” by a lifetime."""

    name = models.CharField(_("name"), max_length=60, unique=True, help_text=_("Such as “Giving circles”."))
    measure = models.CharField(
        _("adds up"),
        max_length=10,
        choices=Measure,
        default=Measure.THIS_YEAR,
        help_text=_("Levels by the year begin anew with each fiscal year; those by a lifetime stay."),
    )
    with_household = models.BooleanField(
        _("with the household"),
        default=True,
        help_text=_("Adds what those who live with them gave while they did: couples reach a level together."),
    )
    with_recognition = models.BooleanField(
        _("with recognition"),
        default=False,
        help_text=_("Adds gifts of others that they are thanked for, such as those of their donor-advised fund."),
    )
    is_active = models.BooleanField(_("in use"), default=True)
    position = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("The first ladder’s level is the one that lists and tables show.")
    )

    objects = LadderQuerySet.as_manager()

    class Meta:
        verbose_name = _("ladder of donor levels")
        verbose_name_plural = _("donor levels")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class DonorLevel(models.Model):
    """One band of a ladder: from its amount up to where the next begins."""

    ladder = ParentalKey(Ladder, verbose_name=_("ladder"), on_delete=models.CASCADE, related_name="levels")
    name = models.CharField(_("name"), max_length=40, help_text=_("As it stands on chips and thank-yous: “Lantern”."))
    from_amount = AmountField(_("from"), help_text=_("In the base currency, after refunds."))
    benefits = models.CharField(
        _("what we do for them"), max_length=300, blank=True, help_text=_("So that nobody has to remember.")
    )

    class Meta:
        verbose_name = _("donor level")
        verbose_name_plural = _("levels")
        ordering = ["ladder", "from_amount"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(from_amount__gt=Decimal(0)),
                name="donations_level_from_something",
                violation_error_message=_("A level begins above nothing."),
            ),
            models.UniqueConstraint(
                fields=["ladder", "from_amount"],
                name="donations_level_amount_once",
                violation_error_message=_("Two levels of one ladder begin at the same amount."),
            ),
            models.UniqueConstraint(
                fields=["ladder", "name"],
                name="donations_level_name_once",
                violation_error_message=_("Two levels of one ladder have the same name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DonorStanding(models.Model):
    """What one donor's gifts add up to on one ladder, and the level that makes; proven by the gifts."""

    constituent = models.ForeignKey(
        "constituents.Constituent", verbose_name=_("donor"), on_delete=models.CASCADE, related_name="standings"
    )
    ladder = models.ForeignKey(Ladder, verbose_name=_("ladder"), on_delete=models.CASCADE, related_name="standings")
    amount = AmountField(_("adds up to"))
    # None below the lowest level: kept, so that a new level can be counted before it is there.
    level = models.ForeignKey(
        DonorLevel, verbose_name=_("level"), null=True, blank=True, on_delete=models.SET_NULL, related_name="standings"
    )
    reached_on = models.DateField(
        _("reached on"), null=True, blank=True, help_text=_("The date of the gift that made it.")
    )

    class Meta:
        verbose_name = _("donor on a level")
        verbose_name_plural = _("donors by level")
        ordering = ["-amount", "pk"]
        default_permissions = ("view",)
        permissions = [("export_donorstanding", _("Can export donors by level"))]
        indexes = [models.Index(fields=["ladder", "-amount"]), models.Index(fields=["level", "-amount"])]
        constraints = [
            models.UniqueConstraint(
                fields=["ladder", "constituent"],
                name="donations_one_standing_a_ladder",
                violation_error_message=_("The donor stands on this ladder already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.constituent_id}: {self.amount}"
