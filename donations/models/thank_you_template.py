"""ThankYouTemplate: words to thank with, and the gifts they are for."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.money import AmountField
from donations.models.gift import Method


class GiftNumber(models.TextChoices):
    """Which of a donor's gifts a template is for."""

    ANY = "any", _("Any gift")
    FIRST = "first", _("First gifts only")
    FURTHER = "further", _("Second and later gifts only")


class TributeKind(models.TextChoices):
    """Whether a template is for gifts in somebody's honour or memory."""

    ANY = "any", _("With or without")
    WITH = "with", _("Only gifts in somebody’s honour or memory")
    WITHOUT = "without", _("Only gifts without")


class ReceiptWith(models.TextChoices):
    """What a letter of thanks says of the receipt."""

    NOTHING = "nothing", _("Nothing: it goes its own way")
    SENTENCE = "sentence", _("The sentences tax law asks for, in the letter itself")
    ENCLOSED = "enclosed", _("The receipt itself, enclosed behind the letter or attached to the e-mail")


class ThankYouTemplateQuerySet(models.QuerySet["ThankYouTemplate"]):
    """Questions about templates."""

    def in_use(self) -> Self:
        """Those that may be chosen, in the order they are asked."""
        return self.filter(is_active=True).prefetch_related("funds").order_by("position", "pk")


class ThankYouTemplate(models.Model):
    """Words to thank with, and the gifts they are for. Of those that fit a gift the first in the list is taken."""

    name = models.CharField(_("name"), max_length=120, unique=True, help_text=_("For staff; never printed."))
    position = models.PositiveSmallIntegerField(
        _("place in the list"), default=10, help_text=_("Of all that fit a gift, the one with the lowest is taken.")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    funds = models.ManyToManyField(
        "donations.Fund",
        verbose_name=_("funds"),
        blank=True,
        related_name="+",
        help_text=_("For gifts of which a part goes to one of these. None chosen: for all funds."),
    )
    amount_from = AmountField(
        _("from"),
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("In your base currency. Empty: however small."),
    )
    amount_below = AmountField(
        _("below"),
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("In your base currency; a gift of just this is not meant. Empty: however large."),
    )
    number = models.CharField(_("which gifts"), max_length=8, choices=GiftNumber, default=GiftNumber.ANY)
    tribute = models.CharField(_("honour or memory"), max_length=8, choices=TributeKind, default=TributeKind.ANY)
    method = models.CharField(
        _("method"), max_length=12, choices=Method, blank=True, help_text=_("Empty: however the gift came.")
    )
    language = models.CharField(
        _("language"),
        max_length=8,
        default=settings.LANGUAGE_CODE,
        help_text=_("The language it is written in: dates and amounts are written in it too."),
    )
    other_languages = models.BooleanField(
        _("also for donors who read another language"),
        default=True,
        help_text=_("When no template in the donor’s own language fits."),
    )

    subject = models.CharField(
        _("subject"), max_length=150, blank=True, help_text=_("Of the e-mail. Empty: “Thank you” and your name.")
    )
    words = models.TextField(_("letter"), max_length=20_000)
    email_words = models.TextField(
        _("e-mail"), max_length=20_000, blank=True, help_text=_("Empty: the words of the letter.")
    )
    email_at_once = models.BooleanField(
        _("e-mail at once for gifts made online"),
        default=False,
        help_text=_("When the gift comes from the giving page or the portal and we have an e-mail address."),
    )
    receipt = models.CharField(_("receipt"), max_length=8, choices=ReceiptWith, default=ReceiptWith.NOTHING)
    signatory_name = models.CharField(
        _("signed by"), max_length=255, blank=True, help_text=_("Empty: who signs for the organisation.")
    )
    signatory_title = models.CharField(_("signatory’s title"), max_length=255, blank=True)

    objects = ThankYouTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("thank-you template")
        verbose_name_plural = _("thank-you templates")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_from__isnull=True)
                | Q(amount_below__isnull=True)
                | Q(amount_from__lt=F("amount_below")),
                name="donations_thanks_amounts_in_order",
                violation_error_message=_("No gift is from the one amount and below the other."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
