"""Message: one e-mail to one person, as it was sent, and how far it got."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.db.models import Model


def private_storage() -> Storage:
    """Return the storage that has no public address."""
    return storages["private"]


def attachment_path(attachment: MessageAttachment, name: str) -> str:
    """Return where an attachment is kept: under its message, so that no two collide."""
    return f"mail/{attachment.message.uuid}/{name}"


class MessageQuerySet(models.QuerySet["Message"]):
    """Questions asked of the mail record."""

    def about(self, subject: Model) -> MessageQuerySet:
        """Return the messages on a record's history, newest first."""
        kind = ContentType.objects.get_for_model(subject)
        return self.filter(about_type=kind, about_id=subject.pk).order_by("-created_at", "-pk")


class Message(models.Model):
    """One e-mail to one person. It is handed to the mail server at most once by itself."""

    class State(models.TextChoices):
        """How far a message got."""

        QUEUED = "queued", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("not sent")
        # Cut off between handing it over and hearing back: it may have arrived. Staff decide, we never guess.
        UNKNOWN = "unknown", _("perhaps sent")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    to = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=998)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"))
    template = models.CharField(_("template"), max_length=100, help_text=_("Which letter this is."))
    transactional = models.BooleanField(
        _("transactional"),
        default=True,
        help_text=_("Answers something the person did, as a receipt does. All else is marketing and needs consent."),
    )
    secret = models.BooleanField(
        _("secret"),
        default=False,
        help_text=_("Carries a sign-in code: its text is removed from the record once it is sent."),
    )
    about_type = models.ForeignKey(ContentType, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    about_id = models.PositiveBigIntegerField(null=True, blank=True)
    about = GenericForeignKey("about_type", "about_id")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("sent by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    message_id = models.CharField(
        _("message ID"),
        max_length=255,
        unique=True,
        help_text=_("Stays the same whenever this message is sent, so that a second copy is recognised as one."),
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    started_at = models.DateTimeField(_("last attempt"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.TextField(_("what went wrong"), blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        ordering = ["-created_at", "-pk"]
        # A record of what happened: nobody adds to it, changes it or deletes from it by hand.
        default_permissions = ("view",)
        permissions = [("send_message", _("Can send an e-mail again"))]
        indexes = [
            models.Index(fields=["about_type", "about_id", "-created_at"], name="core_message_about"),
            models.Index(fields=["state", "started_at"], name="core_message_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="core_message_sent_has_time",
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                violation_error_message=_("A sent e-mail has the time it was sent, and no other has."),
            ),
            models.CheckConstraint(
                name="core_message_about_whole",
                condition=Q(about_type__isnull=True) | Q(about_id__isnull=False),
                violation_error_message=_("Say which record the e-mail is about."),
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class MessageAttachment(models.Model):
    """A file that went with a message, kept where only a permission check can reach it."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(_("name"), max_length=255)
    content_type = models.CharField(_("type"), max_length=100)
    file = models.FileField(_("file"), storage=private_storage, upload_to=attachment_path, max_length=400)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
