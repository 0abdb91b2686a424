"""Organisation: names, legal data, money, time, and the look, as staff set them in the admin."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from core.fields import WebAddressField
from core.money import CurrencyField
from core.organisation.panels import organisation_tabs
from core.postal import postal_lines

# Asked before base currency or time zone change; a domain adds its own reason in its AppConfig.ready().
# Each returns True once money has been posted.
money_posted_checks: list[object] = []


def validate_time_zone(value: str) -> None:
    """Raise ValidationError unless the value names a time zone this machine knows."""
    if value not in available_timezones():
        raise ValidationError(
            _("“%(value)s” is not a time zone; use a name such as Europe/Berlin."), params={"value": value}
        )


class Regime(models.TextChoices):
    """Whose law official receipts follow."""

    US = "us", _("United States")
    CANADA = "ca", _("Canada")
    UK = "uk", _("United Kingdom")
    GERMANY = "de", _("Germany")


@register_setting(icon="home", order=100)
class Organisation(BaseGenericSetting):
    """The one organisation this instance belongs to."""

    name = models.CharField(
        _("name"), max_length=255, default="Your organisation", help_text=_("As the public knows you.")
    )
    legal_name = models.CharField(
        _("legal name"),
        max_length=255,
        blank=True,
        help_text=_("As on your registration; printed on receipts. Empty: the name."),
    )
    registration_number = models.CharField(
        _("registration number"),
        max_length=64,
        blank=True,
        help_text=_("EIN, charity number or tax number; printed on receipts."),
    )
    mission = models.CharField(
        _("mission"), max_length=300, blank=True, help_text=_("One sentence, shown in the page footer.")
    )
    street = models.CharField(_("street"), max_length=255, blank=True)
    city = models.CharField(_("town"), max_length=120, blank=True)
    region = models.CharField(_("state or region"), max_length=120, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    country = CountryField(_("country"), default="US")
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Where supporters can write to you."))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    website = WebAddressField(_("website"), blank=True)

    regime = models.CharField(_("receipt rules"), max_length=8, choices=Regime, default=Regime.US)
    base_currency = CurrencyField(
        _("base currency"), default="USD", help_text=_("Totals are kept in it. Fixed once the first gift is posted.")
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        validators=[validate_time_zone],
        help_text=_("Decides which day and year a gift belongs to. Fixed once the first gift is posted."),
    )
    fiscal_year_start_month = models.PositiveSmallIntegerField(
        _("fiscal year starts in month"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text=_("1 for January. A fiscal year is named by the year it ends in."),
    )

    accent_colour = models.CharField(
        _("colour"),
        max_length=7,
        default="#1f5f4a",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Use a colour such as #1f5f4a."))],
        help_text=_("Your deep accent colour. Shades that would be hard to read are adjusted by themselves."),
    )
    logo = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    signature = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("signature image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Printed above the signatory's name on receipts and letters."),
    )
    signatory_name = models.CharField(
        _("signatory"), max_length=255, blank=True, help_text=_("Who signs receipts and letters.")
    )
    signatory_title = models.CharField(_("signatory's title"), max_length=255, blank=True)

    edit_handler = organisation_tabs

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisation")

    def __str__(self) -> str:
        return self.name

    @property
    def printed_name(self) -> str:
        """The name for legal paper: the legal one, or the public one when there is none."""
        return self.legal_name or self.name

    @property
    def address_lines(self) -> list[str]:
        """The postal address as it is printed in its own country, without blank lines."""
        return postal_lines(self)

    def clean(self) -> None:
        """Refuse to move the base currency or the time zone once money has been posted."""
        super().clean()
        if not self.pk or not any(check() for check in money_posted_checks):  # type: ignore[operator]
            return
        before = type(self).objects.filter(pk=self.pk).values("base_currency", "time_zone").first()
        for field in ("base_currency", "time_zone"):
            if before and before[field] != getattr(self, field):
                raise ValidationError({field: _("Gifts have been posted: this can no longer change.")})
