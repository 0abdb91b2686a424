"""The giving page: for the organisation, for a campaign or for a fund."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Page

from core import clock
from core.money import CurrencyField
from core.organisation import current_organisation
from donations.models import Fund
from donations.models.rate import has_rate
from website.giving import serving
from website.giving.frequencies import Often, Suggestions, read_amounts
from website.panels import SnippetPanel


def _may_be_offered(frequency: Any, amounts: str) -> models.CharField:
    return models.CharField(
        frequency,
        max_length=120,
        default=amounts,
        blank=True,
        validators=[read_amounts],  # type: ignore[list-item]  # what it returns is not asked for
        help_text=_("Empty: not offered."),
    )


class SuggestedAmounts(models.Model):
    """Amounts to choose from, for each frequency; one without any is not offered."""

    suggested = models.CharField(
        _("once"),
        max_length=120,
        default="25, 50, 100, 250",
        validators=[read_amounts],  # type: ignore[list-item]
        help_text=_("Separated by commas. The second is chosen at first."),
    )
    suggested_monthly = _may_be_offered(_("monthly"), "10, 20, 30, 50")
    suggested_quarterly = _may_be_offered(_("quarterly"), "30, 60, 90, 150")
    suggested_yearly = _may_be_offered(_("yearly"), "100, 250, 500, 1000")

    amount_panels = [
        FieldPanel("suggested"),
        FieldPanel("suggested_monthly"),
        FieldPanel("suggested_quarterly"),
        FieldPanel("suggested_yearly"),
    ]

    class Meta:
        abstract = True

    def in_currency(self, currency: str) -> Suggestions:
        """Return the amounts for each frequency, of which the single gift is always offered."""
        written = {
            Often.ONCE: self.suggested,
            Often.MONTH: self.suggested_monthly,
            Often.QUARTER: self.suggested_quarterly,
            Often.YEAR: self.suggested_yearly,
        }
        amounts = {often: read_amounts(text) for often, text in written.items()}
        return Suggestions(currency, {often: some for often, some in amounts.items() if some or often == Often.ONCE})


class GivingPage(RoutablePageMixin, SuggestedAmounts, Page):  # type: ignore[django-manager-missing]  # Wagtail’s
    """Give to the organisation, to one campaign or to one fund."""

    lede = models.CharField(_("opening"), max_length=300, blank=True)
    first_choice = models.CharField(
        _("chosen at first"),
        max_length=8,
        choices=Often,
        default=Often.ONCE,
        help_text=_("How often, until the donor chooses otherwise."),
    )
    campaign = models.ForeignKey(
        "donations.Campaign",
        verbose_name=_("campaign"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Gifts made here count for it, and its goal is shown."),
    )
    fund = models.ForeignKey(
        "donations.Fund",
        verbose_name=_("fund"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Gifts made here are for it. Empty: the donor chooses among the funds you offer."),
    )
    language = models.CharField(
        _("language"),
        max_length=8,
        blank=True,
        choices=settings.PUBLIC_LANGUAGES,
        help_text=_("Of the words you write here. Empty: each visitor reads the page in their own language."),
    )
    how_to_transfer = models.TextField(
        _("how to pay by transfer"), blank=True, help_text=_("Account holder, number, bank; shown after the promise.")
    )
    how_to_post = models.TextField(
        _("how to send a cheque"), blank=True, help_text=_("Empty: to your address, payable to your legal name.")
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("lede"),
        MultiFieldPanel([FieldPanel("campaign"), FieldPanel("fund")], heading=_("What it is for")),
        MultiFieldPanel(
            [*SuggestedAmounts.amount_panels, FieldPanel("first_choice")],
            heading=_("Amounts in your base currency"),
        ),
        InlinePanel("other_currencies", heading=_("Amounts in other currencies"), label=_("Currency")),
        MultiFieldPanel(
            [FieldPanel("how_to_transfer"), FieldPanel("how_to_post")], heading=_("For those who do not pay online")
        ),
        FieldPanel("language"),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading=_("Content")),
            ObjectList([SnippetPanel()], heading=_("On another website")),
            ObjectList(Page.promote_panels, heading=_("Promote")),
            ObjectList(Page.settings_panels, heading=_("Settings")),
        ]
    )

    class Meta:
        verbose_name = _("giving page")
        verbose_name_plural = _("giving pages")

    @path("")
    def give(self, request: HttpRequest) -> HttpResponse:
        """Ask, and take the gift."""
        return serving.give(self, request)

    @path("embed/")
    def embed(self, request: HttpRequest) -> HttpResponse:
        """Ask within a frame on another website."""
        return serving.embed(self, request)

    @path("thanks/<uuid:which>/")
    def thanks(self, request: HttpRequest, which: Any) -> HttpResponse:
        """Say what became of the gift, and thank for it. Whoever has the address has the gift."""
        return serving.thanks(self, request, which)

    @path("thanks/<uuid:which>/pay/", name="pay")
    def pay(self, request: HttpRequest, which: Any) -> HttpResponse:
        """Lead to the payment page of a gift that is not paid yet."""
        return serving.pay(self, request, which)

    @path("thanks/<uuid:which>/receipt/", name="receipt")
    def receipt(self, request: HttpRequest, which: Any) -> HttpResponse:
        """Hand out the receipt, on the day of the gift; later the portal does."""
        return serving.receipt(self, request, which)

    def suggestions(self, currency: str) -> Suggestions:
        """Return the amounts suggested in a currency; of one that is not offered, those in the base currency."""
        base = current_organisation().base_currency
        if currency and currency != base:
            for other in self._in_other_currencies():
                if other.currency == currency:
                    return other.in_currency(currency)
        return self.in_currency(base)

    def _in_other_currencies(self) -> list[AmountsInCurrency]:
        """Return the amounts in currencies with a rate on file: a gift in any other could not be entered."""
        return [other for other in self.other_currencies.all() if has_rate(other.currency, clock.today())]

    def currencies(self) -> list[str]:
        """Return the currencies one can give in here, the base currency first."""
        return [current_organisation().base_currency, *(other.currency for other in self._in_other_currencies())]

    @property
    def open_fund(self) -> Fund | None:
        """What gifts made here are for: its fund, or where that went; None when the donor chooses."""
        fund = self.fund
        while fund is not None and not fund.is_open_on(clock.today()):
            fund = fund.closed_into
        return fund

    def address_of(self, request: HttpRequest, route: str, *args: Any) -> str:
        """Return the path of one of the page's own addresses."""
        return f"{self.get_url(request)}{self.reverse_subpage(route, args=list(args))}"

    def how(self, method: str) -> list[str]:
        """Return, line by line, how to send the money."""
        organisation = current_organisation()
        if method == "transfer":
            written = self.how_to_transfer
            lines = written.splitlines() or [str(_("Please write to us for our account; it is not given here yet."))]
        else:
            lines = self.how_to_post.splitlines() or [organisation.printed_name, *organisation.address_lines]
        return [line for line in lines if line.strip()]


class AmountsInCurrency(SuggestedAmounts):
    """The amounts a page suggests in a currency besides the base currency."""

    page = ParentalKey(GivingPage, on_delete=models.CASCADE, related_name="other_currencies")
    currency = CurrencyField(_("currency"), help_text=_("A rate to your base currency has to be on file."))

    panels = [FieldPanel("currency"), *SuggestedAmounts.amount_panels]

    class Meta:
        verbose_name = _("amounts in a currency")
        verbose_name_plural = _("amounts in currencies")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "currency"],
                name="website_currency_once_a_page",
                violation_error_message=_("This currency stands on the page already."),
            ),
        ]

    def __str__(self) -> str:
        return self.currency
