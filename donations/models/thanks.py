"""Acknowledgement: whether, how, when and by whom a donor was thanked for a gift."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from donations.models.thanks_settings import ThanksSettings

if TYPE_CHECKING:
    from constituents.models import Constituent


class ThanksState(models.TextChoices):
    """Where thanking for a gift stands."""

    TO_DO = "to_do", _("Waiting for thanks")
    DONE = "done", _("Thanked")
    NOT_WANTED = "not_wanted", _("No thanks wanted")


class ThankedBy(models.TextChoices):
    """How somebody was thanked."""

    LETTER = "letter", _("Letter")
    EMAIL = "email", _("E-mail")
    TELEPHONE = "telephone", _("Telephone")
    IN_PERSON = "in_person", _("In person")
    OTHER = "other", _("Otherwise")


class AcknowledgementQuerySet(models.QuerySet["Acknowledgement"]):
    """Questions about thanks."""

    def waiting(self) -> Self:
        """Whose gifts nobody has thanked for."""
        return self.filter(state=ThanksState.TO_DO)

    def overdue(self, now: dt.datetime) -> Self:
        """Those that have waited longer than we want anybody to wait."""
        return self.waiting().filter(since__lt=now - ThanksSettings.load().patience)

    def of(self, donor: Constituent) -> Self:
        """For the gifts of one donor."""
        return self.filter(gift__donor=donor)

    def for_list(self) -> Self:
        """With what a list shows beside each, in a constant number of queries."""
        return self.select_related(
            "gift__donor", "gift__campaign", "by", "template", "run", "message"
        ).prefetch_related("gift__allocations__fund", "gift__donor__emails")


class Acknowledgement(models.Model):
    """Whether, how, when and by whom a donor was thanked for a gift; one for each gift that was ever posted."""

    gift = models.OneToOneField(
        "donations.Gift", verbose_name=_("gift"), on_delete=models.PROTECT, related_name="acknowledgement"
    )
    state = models.CharField(_("state"), max_length=10, choices=ThanksState, default=ThanksState.TO_DO)
    since = models.DateTimeField(_("waiting since"), help_text=_("When the gift was posted."))
    how = models.CharField(_("how"), max_length=10, choices=ThankedBy, blank=True)
    at = models.DateTimeField(_("when"), null=True, blank=True, help_text=_("When they were thanked."))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Empty: Steward itself."),
    )
    template = models.ForeignKey(
        "donations.ThankYouTemplate",
        verbose_name=_("template"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    run = models.ForeignKey(
        "donations.ThankYouRun",
        verbose_name=_("printed with"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="acknowledgements",
    )
    message = models.ForeignKey(
        "core.Message", verbose_name=_("e-mail"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_automatic = models.BooleanField(
        _("decided by rule"), default=False, help_text=_("That none is wanted follows from the gift; nobody chose it.")
    )
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("What was said, or why none is wanted."))

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        verbose_name = _("acknowledgement")
        verbose_name_plural = _("acknowledgements")
        ordering = ["since", "pk"]
        indexes = [models.Index(fields=["state", "since"]), models.Index(fields=["at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ThanksState.DONE, at__isnull=False) & ~Q(how="")
                | ~Q(state=ThanksState.DONE) & Q(how="", at__isnull=True, message__isnull=True),
                name="donations_thanked_says_how_and_when",
                violation_error_message=_("Say how and when they were thanked."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ThanksState.NOT_WANTED) | ~Q(note=""),
                name="donations_no_thanks_says_why",
                violation_error_message=_("Say why no thanks are wanted."),
            ),
        ]
        permissions = [
            ("thank_donor", _("Can thank donors")),
            ("export_acknowledgement", _("Can export acknowledgements")),
        ]

    def __str__(self) -> str:
        return f"{self.gift.donor}: {self.gift}"

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has thanked yet."""
        return self.state == ThanksState.TO_DO

    def waited(self, now: dt.datetime) -> dt.timedelta:
        """How long the donor waited, or has been waiting."""
        return (self.at or now) - self.since
