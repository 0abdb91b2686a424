"""Merge: two records of one constituent became one, with a journal from which it can be taken back row by row."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class MergeQuerySet(models.QuerySet["Merge"]):
    """Questions about merges."""

    def standing(self) -> Self:
        """Leave out those that were undone."""
        return self.filter(undone_at__isnull=True)

    def for_list(self) -> Self:
        """With what a list shows beside each merge, in a constant number of queries."""
        return self.select_related("kept", "merged", "merged_by", "undone_by")


class Merge(models.Model):
    """One record, merged into another: who decided, what they picked, and whether it was undone."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kept = models.ForeignKey(
        "constituents.Constituent",
        verbose_name=_("kept"),
        on_delete=models.PROTECT,
        related_name="merges",
        help_text=_("The record that stands for both."),
    )
    merged = models.ForeignKey(
        "constituents.Constituent",
        verbose_name=_("merged into it"),
        on_delete=models.PROTECT,
        related_name="merged_away",
        help_text=_("The record that became a signpost to the one kept."),
    )
    merged_at = models.DateTimeField(_("when"))
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    choices = models.JSONField(
        _("picked"), default=dict, blank=True, help_text=_("Field by field, which record's value was picked.")
    )
    names = models.JSONField(
        _("names"), default=dict, blank=True, help_text=_("What both records were called before they became one.")
    )
    note = models.CharField(_("note"), max_length=500, blank=True, help_text=_("Why these two are the same."))
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("undone by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-merged_at", "-pk"]
        default_permissions = ("view",)
        permissions = [("merge_constituent", _("Can merge records and undo a merge"))]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kept=F("merged")),
                name="constituents_merge_of_two",
                violation_error_message=_("A record cannot be merged into itself."),
            ),
            models.UniqueConstraint(
                fields=["merged"],
                condition=Q(undone_at__isnull=True),
                name="constituents_merged_once_at_a_time",
                violation_error_message=_("This record has been merged already."),
            ),
        ]

    def __str__(self) -> str:
        return _("%(merged)s into %(kept)s") % {
            "merged": self.names.get("merged", self.merged_id),
            "kept": self.names.get("kept", self.kept_id),
        }

    @property
    def state(self) -> str:
        """Whether it stands, for chips and filters."""
        return "undone" if self.is_undone else "merged"

    def get_state_display(self) -> str:
        """Say whether it stands."""
        return _("Undone") if self.is_undone else _("Merged")  # type: ignore[return-value]

    @property
    def is_undone(self) -> bool:
        """Whether both records stand on their own again."""
        return self.undone_at is not None


class MoveKind(models.TextChoices):
    """What the merge did to a row."""

    MOVED = "moved", _("Moved")
    CHANGED = "changed", _("Changed")
    REMOVED = "removed", _("Taken away")
    CREATED = "created", _("Added")
    STAYED = "stayed", _("Left where it was")


class MergeMove(models.Model):
    """One row that a merge touched, with its values before and after: what undoing reads backwards."""

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="moves")
    position = models.PositiveIntegerField(_("order"))
    kind = models.CharField(_("what happened"), max_length=8, choices=MoveKind)
    model = models.CharField(_("kind of record"), max_length=100, help_text=_("Such as donations.Gift."))
    row = models.BigIntegerField(_("its key"), null=True)
    field = models.CharField(_("relation"), max_length=64, blank=True, help_text=_("The one that leads to the person."))
    old = models.JSONField(_("before"), default=dict)
    new = models.JSONField(_("after"), default=dict)
    left = models.CharField(_("why undoing left it"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("row of a merge")
        verbose_name_plural = _("rows of merges")
        ordering = ["merge", "position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["merge", "position"],
                name="constituents_merge_in_order",
                violation_error_message=_("The steps of a merge are numbered, each once."),
            )
        ]
        indexes = [models.Index(fields=["model", "row"], name="constituents_merge_row")]

    def __str__(self) -> str:
        return f"{self.model} {self.row}: {self.get_kind_display()}"
