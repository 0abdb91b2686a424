"""Tribute: a gift in honour or in memory of somebody, and who is to be told of it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from donations.models.gift import COUNTED_STATUSES


class DedicationKind(models.TextChoices):
    """What the gift says about the person."""

    HONOUR = "honour", _("In honour of")
    MEMORY = "memory", _("In memory of")


class Tribute(models.Model):
    """The dedication of one gift: to somebody on record, or to a name."""

    gift = models.OneToOneField(
        "donations.Gift", verbose_name=_("gift"), on_delete=models.PROTECT, related_name="dedication"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=DedicationKind, default=DedicationKind.MEMORY)
    honouree = models.ForeignKey(
        "constituents.Constituent",
        verbose_name=_("honouree on record"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tributes",
    )
    honouree_name = models.CharField(
        _("name"), max_length=255, blank=True, help_text=_("For somebody who is not on record.")
    )
    occasion = models.CharField(_("occasion"), max_length=120, blank=True, help_text=_("Such as “80th birthday”."))
    message = models.TextField(_("message"), blank=True, help_text=_("What the donor wants to be told with it."))
    tell_amount = models.BooleanField(
        _("name the amount in the notice"), default=False, help_text=_("Off unless the donor asked for it.")
    )

    class Meta:
        verbose_name = _("tribute")
        verbose_name_plural = _("tributes")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(honouree__isnull=False) | ~Q(honouree_name=""),
                name="donations_tribute_names_somebody",
                violation_error_message=_("Say who is honoured: a record, or a name."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"

    @property
    def name(self) -> str:
        """Who is honoured, as a letter says it."""
        return self.honouree_name or (self.honouree.display_name if self.honouree else "")


class NoticeWay(models.TextChoices):
    """How somebody is told."""

    LETTER = "letter", _("Letter")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Telephone")
    CARD = "card", _("Handwritten card")


class TributeNoticeQuerySet(models.QuerySet["TributeNotice"]):
    """Questions about who is to be told."""

    def waiting(self) -> Self:
        """Nobody told them yet, and the gift is here."""
        return self.filter(notified_at__isnull=True, tribute__gift__status__in=COUNTED_STATUSES)

    def for_list(self) -> Self:
        """With what a list or a letter says of each."""
        return self.select_related("constituent", "notified_by", "tribute__honouree", "tribute__gift__donor")


class TributeNotice(models.Model):
    """Somebody to be told of the gift, such as the widow: on record, or by name and address."""

    tribute = models.ForeignKey(Tribute, verbose_name=_("tribute"), on_delete=models.CASCADE, related_name="notices")
    constituent = models.ForeignKey(
        "constituents.Constituent",
        verbose_name=_("on record"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tribute_notices",
    )
    name = models.CharField(_("name"), max_length=255, blank=True, help_text=_("For somebody who is not on record."))
    salutation = models.CharField(_("salutation"), max_length=255, blank=True, help_text=_("“Dear Mrs. Hale”."))
    street = models.CharField(_("street"), max_length=255, blank=True)
    city = models.CharField(_("town"), max_length=120, blank=True)
    region = models.CharField(_("state or region"), max_length=120, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    country = CountryField(_("country"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    way = models.CharField(_("how"), max_length=8, choices=NoticeWay, default=NoticeWay.LETTER)
    notified_at = models.DateTimeField(_("told"), null=True, blank=True, editable=False)
    notified_how = models.CharField(_("told by"), max_length=8, choices=NoticeWay, blank=True, editable=False)
    notified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = TributeNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("tribute notice")
        verbose_name_plural = _("tribute notices")
        ordering = ["pk"]
        permissions = [("export_tributenotice", _("Can export tribute notices"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(constituent__isnull=False) | ~Q(name=""),
                name="donations_notice_names_somebody",
                violation_error_message=_("Say who is to be told: a record, or a name."),
            ),
            models.CheckConstraint(
                condition=Q(notified_at__isnull=True, notified_how="")
                | Q(notified_at__isnull=False) & ~Q(notified_how=""),
                name="donations_notice_says_how",
                violation_error_message=_("Say both when somebody was told, and how."),
            ),
        ]

    def __str__(self) -> str:
        return _now("%(name)s, %(tribute)s") % {"name": self.recipient_name, "tribute": self.tribute}

    @property
    def email_address(self) -> str:
        """Where an e-mail reaches them: as written down here, or on their record."""
        return self.email or (self.constituent.primary_email if self.constituent else "")

    @property
    def address_line(self) -> str:
        """Where they are reached, on one line: as written down here, or on their record."""
        if self.way == NoticeWay.EMAIL:
            return self.email_address
        written = ", ".join(filter(None, [self.street, f"{self.postal_code} {self.city}".strip()]))
        return written or (_now("on their record") if self.constituent else "")

    @property
    def recipient_name(self) -> str:
        """Who is told."""
        return self.name or (self.constituent.display_name if self.constituent else "")
