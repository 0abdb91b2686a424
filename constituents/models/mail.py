"""IncomingMail: an e-mail somebody sent or copied to us, and on whom it was filed; and what we know of addresses."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.files import private_storage


class MailState(models.TextChoices):
    """Where a mail stands."""

    FILED = "filed", _("Filed")
    WAITING = "waiting", _("Waiting")
    DISCARDED = "discarded", _("Discarded")


class WaitingFor(models.TextChoices):
    """Why a mail is in the queue."""

    NOBODY = "nobody", _("Nobody on record has this address")
    SEVERAL = "several", _("Several people have this address")
    UNREADABLE = "unreadable", _("The mail could not be read")


def raw_path(mail: IncomingMail, name: str) -> str:
    """Return where a mail is kept as it came."""
    return f"incoming/{mail.uuid}/{name}"


class IncomingMailQuerySet(models.QuerySet["IncomingMail"]):
    """Questions about mail that came in."""

    def waiting(self) -> Self:
        """What somebody has to decide on, oldest first."""
        return self.filter(state=MailState.WAITING).order_by("sent_at", "pk")


class IncomingMail(models.Model):
    """One e-mail that came in: read once, whatever happens to it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message_id = models.CharField(
        _("message ID"), max_length=255, unique=True, help_text=_("Reading the same mail twice files it once.")
    )
    address = models.CharField(
        _("address"), max_length=254, blank=True, help_text=_("Whose mail this is: by this address it is filed.")
    )
    sender_name = models.CharField(_("name"), max_length=255, blank=True)
    sender = models.CharField(_("from"), max_length=998, blank=True)
    recipients = models.TextField(_("to"), blank=True)
    subject = models.CharField(_("subject"), max_length=255, blank=True)
    text = models.TextField(_("text"), blank=True)
    sent_at = models.DateTimeField(_("sent"))
    read_at = models.DateTimeField(_("read"), auto_now_add=True)
    is_forwarded = models.BooleanField(_("forwarded"), default=False)
    state = models.CharField(_("state"), max_length=9, choices=MailState, default=MailState.WAITING)
    waiting_for = models.CharField(_("why it waits"), max_length=10, choices=WaitingFor, blank=True)
    trouble = models.CharField(_("what went wrong"), max_length=500, blank=True)
    raw = models.FileField(_("as it came"), storage=private_storage, upload_to=raw_path, max_length=400, blank=True)
    interaction = models.OneToOneField(
        "constituents.Interaction",
        verbose_name=_("filed as"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="incoming_mail",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = IncomingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("incoming e-mail")
        verbose_name_plural = _("incoming e-mails")
        ordering = ["-sent_at", "-pk"]
        default_permissions = ("view",)
        permissions = [("file_incomingmail", _("Can file mail that waits"))]
        indexes = [models.Index(fields=["state", "sent_at"], name="constituents_mail_state")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state=MailState.WAITING) & ~Q(waiting_for=""))
                | (~Q(state=MailState.WAITING) & Q(waiting_for="")),
                name="constituents_mail_waits_for_something",
                violation_error_message=_("What waits says why; what does not wait has no reason to."),
            )
        ]

    def __str__(self) -> str:
        return self.subject or self.sender


class MailAttachment(models.Model):
    """A file that came with a mail: what it is called. Filing the mail makes a document of it."""

    mail = models.ForeignKey(IncomingMail, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(_("name"), max_length=255)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("bytes"))

    class Meta:
        verbose_name = _("attachment of a mail")
        verbose_name_plural = _("attachments of mails")
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class AddressDecision(models.Model):
    """What somebody decided about an address: whose it is, or that its mail is thrown away."""

    address = models.CharField(_("address"), max_length=254)
    constituent = models.ForeignKey(
        "constituents.Constituent",
        verbose_name=_("files on"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="mail_addresses",
        help_text=_("Empty: mail from this address is thrown away."),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("decision about an address")
        verbose_name_plural = _("decisions about addresses")
        ordering = ["address"]
        constraints = [
            models.UniqueConstraint(
                Lower("address"),
                name="constituents_mail_address_once",
                violation_error_message=_("There is a decision about this address already."),
            ),
            models.CheckConstraint(
                condition=~Q(address=""),
                name="constituents_mail_address_not_empty",
                violation_error_message=_("Write the address."),
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def what_becomes_of_it(self) -> str:
        """Where mail from the address goes, in words."""
        if self.constituent is None:
            return gettext("thrown away")
        return gettext("filed on %(person)s") % {"person": self.constituent}
