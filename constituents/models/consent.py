"""Consent: what a person wants to hear about and how; append-only, the latest wins."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How a message would reach the person."""

    EMAIL = "email", _("E-mail")
    POST = "post", _("Post")
    PHONE = "phone", _("Telephone")
    SMS = "sms", _("Text message")


class Purpose(models.TextChoices):
    """What a message would be about."""

    NEWSLETTER = "newsletter", _("Newsletter")
    APPEALS = "appeals", _("Appeals for gifts")
    EVENTS = "events", _("Events")
    MEMBERSHIP = "membership", _("Membership news")
    VOLUNTEERING = "volunteering", _("Volunteering")


class Decision(models.TextChoices):
    """What the person said."""

    GIVEN = "given", _("Yes")
    REFUSED = "refused", _("No")
    WITHDRAWN = "withdrawn", _("No longer")


class ConsentQuerySet(models.QuerySet["ConsentRecord"]):
    """Questions about consent."""

    def latest_each(self) -> Self:
        """Only the record that counts for each person, channel and purpose: the last one."""
        newest = (
            ConsentRecord.objects.filter(
                constituent=OuterRef("constituent"), channel=OuterRef("channel"), purpose=OuterRef("purpose")
            )
            .order_by("-at", "-pk")
            .values("pk")[:1]
        )
        return self.filter(pk=Subquery(newest))


class ConsentRecord(models.Model):
    """One thing a person said about one channel and one purpose."""

    constituent = models.ForeignKey("constituents.Constituent", on_delete=models.CASCADE, related_name="consents")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose)
    decision = models.CharField(_("answer"), max_length=10, choices=Decision)
    basis = models.CharField(_("basis"), max_length=40, default="consent", help_text=_("Consent, contract, law."))
    wording = models.TextField(_("wording shown"), blank=True)
    where = models.CharField(_("where"), max_length=120, help_text=_("Portal, giving page, on paper, import."))
    at = models.DateTimeField(_("when"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["constituent", "channel", "purpose", "-at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=Decision.values),
                name="constituents_consent_decision_known",
                violation_error_message=_("Consent is given, refused or withdrawn."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} / {self.get_channel_display()}: {self.get_decision_display()}"
