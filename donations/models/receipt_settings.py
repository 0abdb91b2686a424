"""ReceiptSettings: what the receipt rules of a country ask of the organisation beside its name and address."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    """By which notice a German tax office recognised the organisation as charitable."""

    EXEMPTION = "exemption", _("Exemption notice (Freistellungsbescheid)")
    ANNEX = "annex", _("Annex to the corporation tax notice (Anlage zum Körperschaftsteuerbescheid)")
    STATUTES = "statutes", _("Statutes found to comply (Feststellung nach § 60a AO)")


class ReceiptSettings(models.Model):
    """One row. Each country's rules say which of the fields they need; a receipt keeps what they said that day."""

    place_of_issue = models.CharField(
        _("place of issue"),
        max_length=120,
        blank=True,
        help_text=_("The town that receipts name as where they were issued. Empty: the town of your address."),
    )
    language = models.CharField(
        _("usual language"),
        max_length=8,
        blank=True,
        help_text=_("For donors whose language is not on record or is none of the languages of these receipts."),
    )

    tax_office = models.CharField(
        _("tax office"),
        max_length=120,
        blank=True,
        help_text=_("The Finanzamt in charge, without the word: Musterstadt."),
    )
    tax_number = models.CharField(
        _("tax number"), max_length=40, blank=True, help_text=_("Your Steuernummer as the notice writes it.")
    )
    notice_kind = models.CharField(
        _("notice"),
        max_length=12,
        choices=NoticeKind,
        blank=True,
        help_text=_("Which notice of the tax office says that you are charitable; its sentence goes on every receipt."),
    )
    notice_date = models.DateField(
        _("date of the notice"),
        null=True,
        blank=True,
        help_text=_("An exemption or annex counts for five years from this day, a finding on the statutes for three."),
    )
    assessment_period = models.CharField(
        _("assessed for"),
        max_length=40,
        blank=True,
        help_text=_("The last year or years the notice assesses (Veranlagungszeitraum): 2021 bis 2023. Not for § 60a."),
    )
    purposes = models.CharField(
        _("charitable purposes"),
        max_length=400,
        blank=True,
        help_text=_(
            "In German, as the notice words them and as they follow on “wegen Förderung”: "
            "der Jugendhilfe und des Naturschutzes."
        ),
    )
    statute_purposes = models.CharField(
        _("purposes under the statutes"),
        max_length=400,
        blank=True,
        help_text=_(
            "Only for § 60a: the purposes as they follow on “Wir fördern nach unserer Satzung”: "
            "die Jugendhilfe und den Naturschutz."
        ),
    )
    dues_are_deductible = models.BooleanField(
        _("membership dues are deductible"),
        default=True,
        help_text=_(
            "Off for sport, leisure culture, local heritage and the like (§ 10b Abs. 1 Satz 8 EStG): "
            "dues are then never receipted."
        ),
    )
    machine_notified_on = models.DateField(
        _("machine-made receipts notified on"),
        null=True,
        blank=True,
        help_text=_(
            "When you told the tax office that receipts are made by machine (R 10b.1 Abs. 4 EStR). Receipts for money "
            "are then valid without a signature by hand. Empty: each has room for one."
        ),
    )

    class Meta:
        verbose_name = _("receipt settings")
        verbose_name_plural = _("receipt settings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="donations_one_row_of_receipt_settings",
                violation_error_message=_("There is one set of receipt settings."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Receipt settings"))

    @classmethod
    def load(cls) -> Self:
        """Return the settings; as long as nobody has saved any, empty ones."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
