"""Pairs of records that may be one constituent, what staff said of them, and the scans that found them."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Likeness(models.TextChoices):
    """How sure a scan is, in words."""

    CERTAIN = "certain", _("Certain")
    LIKELY = "likely", _("Likely")
    POSSIBLE = "possible", _("Possible")


class PairState(models.TextChoices):
    """What has become of a pair."""

    OPEN = "open", _("To decide")
    NOT_DUPLICATE = "not_duplicate", _("Not a duplicate")
    MERGED = "merged", _("Merged")


class DuplicateScan(models.Model):
    """One look through the records for duplicates, and what it learned of them on the way."""

    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    changed_since = models.DateTimeField(
        _("changed since"), null=True, blank=True, help_text=_("Empty: everyone was compared with everyone.")
    )
    people = models.PositiveBigIntegerField(_("records"), default=0)
    compared = models.PositiveBigIntegerField(_("pairs compared"), default=0)
    found = models.PositiveBigIntegerField(_("pairs found"), default=0)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked for by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("scan for duplicates")
        verbose_name_plural = _("scans for duplicates")
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["finished_at"], name="constituents_scan_finished")]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"


class DuplicatePairQuerySet(models.QuerySet["DuplicatePair"]):
    """Pairs by where they stand."""

    def to_decide(self) -> Self:
        """Pairs nobody has decided on, both of whose records are still records of their own."""
        return self.filter(state=PairState.OPEN, first__merged_into__isnull=True, second__merged_into__isnull=True)

    def dismissed(self) -> Self:
        """Pairs somebody said are two constituents."""
        return self.filter(state=PairState.NOT_DUPLICATE)


class DuplicatePair(models.Model):
    """Two records that look like one constituent. The record with the lower key is the first."""

    first = models.ForeignKey("constituents.Constituent", on_delete=models.CASCADE, related_name="pairs_as_first")
    second = models.ForeignKey("constituents.Constituent", on_delete=models.CASCADE, related_name="pairs_as_second")
    likeness = models.CharField(_("how sure"), max_length=8, choices=Likeness)
    score = models.DecimalField(
        _("score"),
        max_digits=7,
        decimal_places=6,
        help_text=_("The probability that both are the same: 1 is as good as certain."),
    )
    weight = models.DecimalField(
        max_digits=7, decimal_places=2, editable=False, help_text=_("The same as evidence, in bits: sorts the certain.")
    )
    reasons = models.JSONField(default=list, help_text=_("What agrees and what does not, as codes."))
    group = models.BigIntegerField(
        default=0, editable=False, help_text=_("The lowest key of all records that look like this one.")
    )
    compared = models.CharField(
        max_length=32, editable=False, help_text=_("A digest of what was compared: another one, and it is asked again.")
    )
    state = models.CharField(_("state"), max_length=13, choices=PairState, default=PairState.OPEN)
    found_at = models.DateTimeField(_("found"))
    scan = models.ForeignKey(
        DuplicateScan, verbose_name=_("scan"), null=True, on_delete=models.SET_NULL, related_name="pairs"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = DuplicatePairQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ["-weight", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                name="constituents_pair_once",
                violation_error_message=_("These two were compared already."),
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="constituents_pair_in_order",
                violation_error_message=_("The older record of two stands first."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | Q(~Q(state="open"), decided_at__isnull=False),
                name="constituents_pair_decided_has_a_time",
                violation_error_message=_("A decision about two records says when it was made."),
            ),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=1),
                name="constituents_pair_score_is_a_probability",
                violation_error_message=_("A likelihood lies between 0 and 1."),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "likeness", "-weight"], name="constituents_pair_open"),
            models.Index(fields=["group"], name="constituents_pair_group"),
        ]

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"
