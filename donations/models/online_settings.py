"""OnlineGivingSettings: what online giving costs, takes and refuses."""

from __future__ import annotations

import re
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from core.money import AmountField
from core.organisation import current_organisation

_FEE_LINE = re.compile(r"([A-Z]{3})\s+(\d{1,2}(?:\.\d+)?)\s*%\s*\+\s*(\d+(?:\.\d+)?)")
_ORIGIN = re.compile(r"https://[a-z0-9.-]+(:\d+)?")


def read_fees(text: str) -> dict[str, tuple[Decimal, Decimal]]:
    """Read lines such as `EUR 1.5% + 0.25` as currency: (percent, fixed). Raises ValidationError naming the line."""
    fees = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        if (found := _FEE_LINE.fullmatch(line)) is None:
            raise ValidationError(_("“%(line)s” is no fee. Write it as EUR 1.5%% + 0.25.") % {"line": line})
        fees[found[1]] = (Decimal(found[2]), Decimal(found[3]))
    return fees


def read_origins(text: str) -> list[str]:
    """Read one https origin a line. Raises ValidationError naming what is none."""
    origins = [line.strip().rstrip("/").lower() for line in text.splitlines() if line.strip()]
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            words = {"origin": origin}
            raise ValidationError(_("“%(origin)s” is no address of a website. Write https://www.example.org.") % words)
    return origins


@register_setting(icon="globe", order=225)
class OnlineGivingSettings(BaseGenericSetting):
    """What online giving costs, takes and refuses. Keys are not here: they come from the environment alone."""

    minimum = AmountField(
        _("smallest gift"),
        default=Decimal(2),
        validators=[MinValueValidator(Decimal("0.5"))],
        help_text=_("In your base currency. Thieves test stolen cards with tiny amounts."),
    )
    fee_percent = models.DecimalField(
        _("fee in per cent"),
        max_digits=5,
        decimal_places=3,
        default=Decimal("2.9"),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(20))],
        help_text=_("What Stripe keeps of a card payment in your base currency. Donors may add it to their gift."),
    )
    fee_fixed = AmountField(
        _("and a fixed part"),
        default=Decimal("0.30"),
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("What Stripe keeps of each payment besides."),
    )
    fees_elsewhere = models.TextField(
        _("fees in other currencies"),
        blank=True,
        validators=[read_fees],  # type: ignore[list-item]  # what it returns is not asked for
        help_text=_("One a line: EUR 1.5% + 0.25"),
    )
    frame_origins = models.TextField(
        _("websites that may show the giving form"),
        blank=True,
        validators=[read_origins],  # type: ignore[list-item]
        help_text=_("One a line: https://www.example.org"),
    )
    payments_per_address = models.PositiveSmallIntegerField(
        _("payments one may start in an hour"),
        default=12,
        validators=[MinValueValidator(1)],
        help_text=_("From one internet address. A family or an office may share one."),
    )
    payments_per_hour = models.PositiveIntegerField(
        _("payments all may start in an hour"),
        default=40_000,
        validators=[MinValueValidator(1)],
        help_text=_("From then on donors are asked to try again later."),
    )
    pending_per_email = models.PositiveSmallIntegerField(
        _("unfinished payments for one e-mail address"),
        default=6,
        validators=[MinValueValidator(1)],
        help_text=_("In a day."),
    )
    declines_to_alert = models.PositiveSmallIntegerField(
        _("declined payments in an hour that are a warning"),
        default=20,
        validators=[MinValueValidator(1)],
        help_text=_("Then those who look after online payments get an e-mail: somebody may be testing stolen cards."),
    )
    asks_for_proof = models.BooleanField(
        _("let browsers solve a small task before they pay"),
        default=False,
        help_text=_("Costs a donor about a second and a machine that tests cards a lot. Needs JavaScript."),
    )

    panels = [
        FieldPanel("minimum"),
        MultiFieldPanel(
            [FieldPanel("fee_percent"), FieldPanel("fee_fixed"), FieldPanel("fees_elsewhere")], heading=_("Fees")
        ),
        FieldPanel("frame_origins"),
        MultiFieldPanel(
            [
                FieldPanel("payments_per_address"),
                FieldPanel("payments_per_hour"),
                FieldPanel("pending_per_email"),
                FieldPanel("declines_to_alert"),
                FieldPanel("asks_for_proof"),
            ],
            heading=_("Against abuse"),
        ),
    ]

    class Meta:
        verbose_name = _("online giving")
        verbose_name_plural = _("online giving")

    def fee(self, currency: str) -> tuple[Decimal, Decimal] | None:
        """Return what Stripe keeps of a payment in that currency: (rate below 1, fixed part); None when unknown."""
        if currency == current_organisation().base_currency:
            return self.fee_percent / 100, self.fee_fixed
        elsewhere = read_fees(self.fees_elsewhere).get(currency)
        return (elsewhere[0] / 100, elsewhere[1]) if elsewhere else None

    @property
    def origins(self) -> list[str]:
        """The websites that may show the giving form in a frame."""
        return read_origins(self.frame_origins)
