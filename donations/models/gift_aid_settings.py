"""Gift Aid settings: who we are to HMRC, and how its files are made."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


class ClaimPeriod(models.TextChoices):
    """From the end of which year the four years to claim in are counted; it follows from how the charity is set up."""

    TAX_YEAR = "tax_year", _("The tax year, to 5 April: we are a trust or an unincorporated charity")
    FINANCIAL_YEAR = "financial_year", _("Our financial year: we are a company, a CIO or a sports club")


@register_setting(icon="pick", order=230)
class GiftAidSettings(BaseGenericSetting):
    """What claims need to know. Only for organisations in the United Kingdom."""

    hmrc_reference = models.CharField(
        _("HMRC charities reference"),
        max_length=20,
        blank=True,
        help_text=_("Such as AB12345, from HMRC’s letter of recognition; not the charity number."),
    )
    period = models.CharField(
        _("four years to claim, after the end of"), max_length=16, choices=ClaimPeriod, default=ClaimPeriod.TAX_YEAR
    )
    rows_per_file = models.PositiveSmallIntegerField(
        _("rows in a file"),
        default=1_000,
        validators=[MinValueValidator(1), MaxValueValidator(1_000)],
        help_text=_("HMRC’s schedule takes 1,000; a claim with more becomes several files."),
    )
    warn_before = models.PositiveSmallIntegerField(
        _("warn before"),
        default=120,
        help_text=_("Days before the four years run out for a gift that could be claimed."),
    )
    wording = models.TextField(
        _("wording of the declaration"),
        blank=True,
        help_text=_(
            "What donors agree to on the giving page and the portal. Empty: ours, after HMRC’s model. Each declaration "
            "keeps the wording of its day."
        ),
    )

    panels = [
        FieldRowPanel([FieldPanel("hmrc_reference"), FieldPanel("rows_per_file")]),
        FieldPanel("period"),
        FieldPanel("warn_before"),
        FieldPanel("wording"),
    ]

    class Meta:
        verbose_name = _("Gift Aid")
        verbose_name_plural = _("Gift Aid")
