"""Segment: a saved, living selection of constituents; and the lists once taken of one, which stay as they were."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class NeedsQuerySet(models.QuerySet[Any]):
    """Rows whose conditions ask a permission of the reader."""

    def open_to(self, *, lacking: set[str]) -> Self:
        """Leave out what asks for something the reader may not see (`lacking`): the answer would tell it."""
        rows = self
        for permission in sorted(lacking):
            rows = rows.exclude(needs__contains=f" {permission} ")
        return rows


class SegmentQuerySet(NeedsQuerySet):
    """Questions about segments."""

    def visible_to(self, user: Any, *, lacking: set[str]) -> Self:
        """Those of the user and the shared ones, as far as they are open to the user."""
        return self.filter(Q(is_shared=True) | Q(owner=user)).open_to(lacking=lacking)


class Segment(models.Model):
    """Conditions under a name. Who is in it is asked anew each time."""

    name = models.CharField(_("name"), max_length=120, unique=True, help_text=_("Such as “Gave last year, not this”."))
    description = models.CharField(
        _("what it is for"), max_length=300, blank=True, help_text=_("So that others know when to use it.")
    )
    criteria = models.JSONField(_("conditions"), default=dict)
    one_per_household = models.BooleanField(
        _("one per household"),
        default=False,
        help_text=_("Of people who live together only one is taken: the head of the household if they match."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    is_shared = models.BooleanField(
        _("everyone may use it"), default=False, help_text=_("Otherwise only you see it. Only you can change it.")
    )
    # Written by the services: the permissions its conditions ask of a reader, each between spaces.
    needs = models.TextField(editable=False, default=" ")
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="constituents_segment_has_a_name",
                violation_error_message=_("Give the segment a name."),
            )
        ]
        permissions = [("change_any_segment", _("Can change the segments of others"))]

    def __str__(self) -> str:
        return self.name


class SegmentSnapshot(models.Model):
    """Who was in a segment at one moment: a list that stays, for an appeal, an evening, a comparison."""

    name = models.CharField(_("name"), max_length=160)
    segment = models.ForeignKey(
        Segment, verbose_name=_("segment"), null=True, blank=True, on_delete=models.SET_NULL, related_name="snapshots"
    )
    # What was asked then; the segment may have changed since.
    criteria = models.JSONField(_("conditions then"), default=dict, editable=False)
    needs = models.TextField(editable=False, default=" ")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("taken by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    taken_at = models.DateTimeField(_("taken"))
    count = models.PositiveIntegerField(_("people then"), default=0)
    members = models.ManyToManyField(
        "constituents.Constituent",
        through="SegmentSnapshotMember",
        verbose_name=_("people"),
        related_name="snapshots",
    )

    objects = NeedsQuerySet.as_manager()

    class Meta:
        verbose_name = _("list")
        verbose_name_plural = _("lists")
        ordering = ["-taken_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class SegmentSnapshotMember(models.Model):
    """One constituent on a list."""

    snapshot = models.ForeignKey(SegmentSnapshot, on_delete=models.CASCADE, related_name="listed")
    constituent = models.ForeignKey(
        "constituents.Constituent", on_delete=models.CASCADE, related_name="listed_in_snapshots"
    )

    class Meta:
        verbose_name = _("person on a list")
        verbose_name_plural = _("people on lists")
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "constituent"],
                name="constituents_once_on_a_list",
                violation_error_message=_("They are on the list already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.constituent_id} / {self.snapshot_id}"
