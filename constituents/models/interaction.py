"""Interaction: any point of contact with constituents - a call, a meeting, a letter, an event, a note."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class InteractionKind(models.TextChoices):
    """What kind of contact it was."""

    CALL = "call", _("Call")
    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")
    MEETING = "meeting", _("Meeting")
    EVENT = "event", _("Event")
    NOTE = "note", _("Note")


class Interaction(models.Model):
    """One point of contact, with everyone who took part."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=InteractionKind, default=InteractionKind.NOTE)
    at = models.DateTimeField(_("when"))
    subject = models.CharField(_("in one line"), max_length=255)
    notes = models.TextField(_("notes"), blank=True)
    participants = models.ManyToManyField(
        "constituents.Constituent", verbose_name=_("with"), related_name="interactions"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("logged by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="constituents_interaction_at")]

    def __str__(self) -> str:
        return self.subject
