"""Document: a file about a constituent or a contact with one, kept privately."""

from __future__ import annotations

import uuid
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.files import private_storage


class DocumentKind(models.TextChoices):
    """What a document is for."""

    LETTER = "letter", _("Letter")
    AGREEMENT = "agreement", _("Agreement")
    REPORT = "report", _("Report or proposal")
    PICTURE = "picture", _("Picture")
    OTHER = "other", _("Other")


def document_path(document: Document, filename: str) -> str:
    """Return where the file is kept: under a name nobody can guess and nobody typed."""
    return f"documents/{document.uuid.hex[:2]}/{document.uuid}{PurePath(filename).suffix}"


class Document(models.Model):
    """A file somebody put on a constituent's record, or with a contact."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    constituent = models.ForeignKey(
        "constituents.Constituent",
        verbose_name=_("about"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="documents",
    )
    interaction = models.ForeignKey(
        "constituents.Interaction",
        verbose_name=_("with the contact"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="documents",
    )
    name = models.CharField(_("name"), max_length=255)
    kind = models.CharField(_("kind"), max_length=12, choices=DocumentKind, default=DocumentKind.OTHER)
    note = models.CharField(_("note"), max_length=255, blank=True)
    file = models.FileField(_("file"), storage=private_storage, upload_to=document_path, max_length=120)
    content_type = models.CharField(_("type"), max_length=100, editable=False)
    size = models.PositiveBigIntegerField(_("size"), editable=False, help_text=_("In bytes."))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-uploaded_at", "-pk"]
        indexes = [models.Index(fields=["constituent", "-uploaded_at"], name="constituents_documents_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(constituent__isnull=False) | Q(interaction__isnull=False),
                name="constituents_document_is_about_something",
                violation_error_message=_("A document belongs to somebody, or to a contact."),
            )
        ]

    def __str__(self) -> str:
        return self.name
