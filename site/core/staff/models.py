"""BulkRun: something done to many rows at once, with what came of it, a file perhaps, and a way back."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


def private_storage() -> Storage:
    """Return the storage that has no public address."""
    return storages["private"]


def file_path(run: BulkRun, name: str) -> str:
    """Return where a file is kept: under its run, so that no two collide."""
    return f"bulk/{run.uuid}/{name}"


class BulkRun(models.Model):
    """One bulk action: which rows were chosen, what was done to which, and what was refused."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    label = models.CharField(_("what"), max_length=200)
    #: Where the action is imported from.
    action = models.CharField(max_length=200, editable=False)
    #: What the form held, to be cleaned again by whoever does the work.
    form = models.JSONField(default=dict, editable=False)
    chosen = models.JSONField(default=list, editable=False)
    #: Which of them were changed: what an undo takes back.
    changed = models.JSONField(default=list, editable=False)
    refused = models.JSONField(_("not done"), default=list, editable=False)
    refused_count = models.PositiveIntegerField(default=0, editable=False)
    filters = models.JSONField(default=dict, editable=False)
    file = models.FileField(storage=private_storage, upload_to=file_path, max_length=300, blank=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(_("when"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)
    undone_at = models.DateTimeField(_("undone"), null=True, editable=False)

    class Meta:
        verbose_name = _("bulk action")
        verbose_name_plural = _("bulk actions")
        ordering = ["-made_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        """The page that says what came of it."""
        return reverse("core_bulk_run", args=[self.pk])

    @property
    def payload(self) -> dict[str, Any]:
        """What the audit keeps."""
        return {"done": len(self.changed), "refused": self.refused_count, "filter": self.filters}
