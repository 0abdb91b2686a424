"""The giving page: suggested amounts, funds, and an honest promise to pay by transfer or cheque."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Page

from core import clock
from core.money import InvalidAmountError, parse_amount
from core.organisation import current_organisation
from donations.campaigns.tracking import NOTHING, credit_for
from donations.models import Fund, Gift, GiftSource
from website import figures
from website.forms import GiftForm
from website.services.promising import promise_gift


def read_amounts(text: str) -> list[Decimal]:
    """Return the suggested amounts written as a list; raises ValidationError naming the one that is wrong."""
    try:
        amounts = [parse_amount(part) for part in text.replace(";", ",").split(",") if part.strip()]
    except InvalidAmountError as error:
        raise ValidationError(str(error)) from error
    if any(amount <= 0 for amount in amounts):
        raise ValidationError(_("An amount is more than nothing."))
    return amounts


class GivingPage(RoutablePageMixin, Page):
    """Give to the organisation, or to one campaign."""

    lede = models.CharField(_("opening"), max_length=300, blank=True)
    suggested = models.CharField(
        _("suggested amounts"),
        max_length=120,
        default="25, 50, 100, 250",
        validators=[read_amounts],
        help_text=_("In your base currency, separated by commas."),
    )
    campaign = models.ForeignKey(
        "donations.Campaign",
        verbose_name=_("campaign"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Gifts made here count for it."),
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
        FieldPanel("suggested"),
        FieldPanel("campaign"),
        FieldPanel("how_to_transfer"),
        FieldPanel("how_to_post"),
    ]

    class Meta:
        verbose_name = _("giving page")
        verbose_name_plural = _("giving pages")

    @path("")
    def give(self, request: HttpRequest) -> HttpResponse:
        """Ask, and take the promise."""
        # What the form carried on counts, then the link one came by.
        credit = credit_for({"a": request.POST.get("credit", "")}) if request.method == "POST" else NOTHING
        credit = credit if credit.code else credit_for(request.GET)
        campaign = credit.campaign or self.campaign
        form = GiftForm(
            request.POST or None,
            initial={"credit": credit.code},
            request=request,
            suggested=read_amounts(self.suggested),
            funds=list(Fund.objects.public().open_on(clock.today())),
        )
        if request.method == "POST" and form.is_valid():
            gift = promise_gift(
                form.cleaned_data,
                user=request.user if request.user.is_authenticated else None,
                campaign=credit.campaign or self.campaign or figures.campaign_of_today(),
                appeal=credit.appeal,
                how=self.how(form.cleaned_data["method"]),
            )
            return redirect(self.full_address(request, gift))
        context = {
            "form": form,
            "progress": figures.campaign_progress(campaign) if campaign else figures.running_campaign(),
        }
        response = self.render(request, template="website/giving_page.html", context_overrides=context)
        response["Cache-Control"] = "private, no-store"
        return response

    @path("thanks/<uuid:which>/")
    def thanks(self, request: HttpRequest, which: Any) -> HttpResponse:
        """Say thank you, and how to send the money. Whoever has the address has the promise."""
        gift = Gift.objects.filter(uuid=which, source=GiftSource.ONLINE).prefetch_related("allocations__fund").first()
        if gift is None:
            raise Http404
        context = {"gift": gift, "how": self.how(gift.method), "expected": gift.status == "pending"}
        response = self.render(request, template="website/giving_thanks.html", context_overrides=context)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"
        return response

    def full_address(self, request: HttpRequest, gift: Gift) -> str:
        """Return where the donor is thanked."""
        return f"{self.get_url(request)}{self.reverse_subpage('thanks', args=[gift.uuid])}"

    def how(self, method: str) -> list[str]:
        """Return, line by line, how to send the money."""
        organisation = current_organisation()
        if method == "transfer":
            written = self.how_to_transfer
            lines = written.splitlines() or [str(_("Please write to us for our account; it is not given here yet."))]
        else:
            lines = self.how_to_post.splitlines() or [organisation.printed_name, *organisation.address_lines]
        return [line for line in lines if line.strip()]
