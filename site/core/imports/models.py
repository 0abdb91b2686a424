"""An import and its plan: the run, its rows, the records they become, and what identifies those within the file."""

from __future__ import annotations

import uuid
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.utils.translation import gettext_lazy as _


def private_storage() -> Any:
    """Uploaded files hold people's data: they are never below a public address."""
    return storages["private"]


def upload_path(run: ImportRun, filename: str) -> str:
    """Keep the file under an unguessable name with its own ending."""
    return f"imports/{run.uuid}{PurePath(filename).suffix.lower()[:10]}"


class ImportState(models.TextChoices):
    """Where an import stands."""

    UPLOADED = "uploaded", _("Uploaded")
    PLANNING = "planning", _("Being compared")
    PLANNED = "planned", _("Ready to run")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Stopped")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


class ImportMode(models.TextChoices):
    """What an import may do to records that are already here."""

    UPDATE = "update", _("Add new records and change existing ones")
    CREATE = "create", _("Only add new records; leave existing ones as they are")
    FILL = "fill", _("Add new records and fill what is empty on existing ones")
    SKIP = "skip", _("Leave out every row about somebody already on record")


class ImportRun(models.Model):
    """One file brought in: what it was taken for, the plan, how far it got, and what came of it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(_("file"), storage=private_storage, upload_to=upload_path, max_length=200)
    file_name = models.CharField(_("file name"), max_length=255)
    kind = models.CharField(_("kind"), max_length=40, blank=True, help_text=_("What kind of file it is."))
    system = models.CharField(
        _("system"), max_length=60, help_text=_("Where the ids in the file come from, such as npsp.")
    )
    mode = models.CharField(_("existing records"), max_length=8, choices=ImportMode, default=ImportMode.UPDATE)
    options = models.JSONField(default=dict, help_text=_("Mapping, order of dates, decimal mark."))
    recognised = models.JSONField(default=dict, help_text=_("What was found out about the file."))
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    position = models.PositiveIntegerField(default=0, help_text=_("The last row that was planned, run or undone."))
    summary = models.JSONField(default=dict, help_text=_("Counts and totals of the plan or the result."))
    job = models.ForeignKey("core.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    error = models.TextField(_("why it stopped"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        permissions = [("run_imports", _("Can import files and undo imports"))]

    def __str__(self) -> str:
        return self.file_name


class RowState(models.TextChoices):
    """Where a row stands."""

    PLANNED = "planned", _("Planned")
    DONE = "done", _("Done")
    WRONG = "wrong", _("Wrong")
    UNDONE = "undone", _("Undone")


class ImportRow(models.Model):
    """One row of the file: its cells as they stand there, what will become of them, or what is wrong."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(default=list)
    actions = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    warnings = models.JSONField(
        default=list, help_text=_("Cells kept as they were written, because they could not be understood.")
    )
    state = models.CharField(max_length=8, choices=RowState, default=RowState.PLANNED)

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["run", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "number"],
                name="core_import_row_once",
                violation_error_message=_("This row was read already."),
            )
        ]
        indexes = [models.Index(fields=["run", "state", "number"], name="core_import_row_state")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.number}"


class ImportMapping(models.Model):
    """What somebody said the columns of such a file hold: offered again for the next file with the same headers."""

    kind = models.CharField(_("kind"), max_length=40)
    headers = models.CharField(max_length=32, help_text=_("A hash of the file's headers."))
    options = models.JSONField(default=dict, help_text=_("Columns, order of dates, decimal mark."))
    system = models.CharField(_("system"), max_length=60)
    file_name = models.CharField(_("file name"), max_length=255, help_text=_("The file it was last used for."))
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    saved_at = models.DateTimeField(_("saved"), auto_now=True)

    class Meta:
        verbose_name = _("mapping of an import")
        verbose_name_plural = _("mappings of imports")
        constraints = [
            models.UniqueConstraint(
                fields=["headers"],
                name="core_import_mapping_once",
                violation_error_message=_("Files with these columns are known already."),
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class Outcome(models.TextChoices):
    """What an import does to a record."""

    CREATE = "create", _("New")
    UPDATE = "update", _("Changed")
    SAME = "same", _("Unchanged")


class ImportRecord(models.Model):
    """One record the file speaks of, on however many rows: which one it is here, and what the import does to it."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="records")
    number = models.PositiveIntegerField(help_text=_("Names the record within the plan, before it has a key."))
    type = models.CharField(max_length=20)
    object_id = models.BigIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.CREATE)
    label = models.CharField(max_length=255, blank=True)
    state = models.JSONField(default=dict, help_text=_("What the record holds once the rows so far have been applied."))
    unsure = models.CharField(max_length=300, blank=True, help_text=_("Why somebody should look at it."))
    changes = models.JSONField(default=list, help_text=_("What was changed: field, old value, new value."))
    first_row = models.PositiveIntegerField()
    done = models.BooleanField(default=False)
    removed = models.BooleanField(default=False)
    restored = models.BooleanField(default=False)
    kept = models.CharField(max_length=300, blank=True, help_text=_("Why an undo left it."))

    class Meta:
        verbose_name = _("record of an import")
        verbose_name_plural = _("records of imports")
        ordering = ["run", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "number"],
                name="core_import_record_once",
                violation_error_message=_("This record was read already."),
            )
        ]
        indexes = [models.Index(fields=["type", "object_id"], name="core_import_record_object")]

    def __str__(self) -> str:
        return self.label

    @property
    def token(self) -> str:
        """What other records of the plan call this one: its key where it is on record, else its number in the plan."""
        return str(self.object_id) if self.object_id and self.outcome != Outcome.CREATE else f"r{self.number}"


class ImportKey(models.Model):
    """A hash of something that identifies a record within the file: an id, an e-mail address with a name."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="keys", db_index=False)
    key = models.CharField(max_length=32)
    record_number = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("key of an import")
        verbose_name_plural = _("keys of imports")
        indexes = [models.Index(fields=["run", "key"], name="core_import_key")]

    def __str__(self) -> str:
        return self.key
