"""Putting a posted gift right: adjusting it, and what bank and card network take back and return."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from core.money import Money
from core.staff.verbs import ReasonForm
from donations.gift_forms import AdjustGiftForm, ChargeBackForm
from donations.models import Gift
from donations.models.gift import COUNTED_STATUSES
from donations.services.adjusting import adjust_gift
from donations.services.gifts import charge_back_gift, reinstate_gift
from donations.staff.verb import GiftVerb


class AdjustGiftView(GiftVerb):
    """Correct what was wrong, look at before and after, confirm."""

    permission = "donations.adjust_gift"
    title = _("Adjust")
    question = _("What was wrong with the gift of %(object)s?")
    explanation = _(
        "Correct it below. The gift stays on record as it was entered; a corrected one counts in its place, and a "
        "receipt over it becomes void and is issued anew."
    )
    icon = "edit"
    priority = 60
    submit_label = _("Show before and after")
    form_class = AdjustGiftForm
    template_name = "wagtailadmin/giving/adjust_gift.html"
    success_message = _("The gift is adjusted: %(object)s counts in its place.")

    @classmethod
    def refusal(cls, gift: Gift) -> Any:
        """Something of it must be left."""
        if gift.status in COUNTED_STATUSES:
            return ""
        return _("Nothing of this gift is in the books: there is nothing to adjust.")

    def facts(self) -> list[tuple[Any, Any]]:
        """The form says them."""
        return []

    def get_form_kwargs(self) -> dict[str, Any]:
        """Let the form begin with the gift."""
        return super().get_form_kwargs() | {"gift": self.object, "auto_id": "gift-%s"}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Show what would change; adjust only what was looked at."""
        if "confirmed" in self.request.POST:
            return super().form_valid(form)
        assert isinstance(form, AdjustGiftForm)  # noqa: S101 - the view's own form
        shown = {"comparison": form.comparison(), "submit_label": _("Adjust the gift")}
        return self.render_to_response(self.get_context_data(form=form) | shown)

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """Back to the fields, with what has to change."""
        return self.render_to_response(self.get_context_data(form=form))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go back to the fields when the comparison showed a slip."""
        if "again" in request.POST:
            return self.render_to_response(self.get_context_data(form=self.get_form()))
        return super().post(request, *args, **kwargs)

    def run(self, form: BaseForm) -> Gift:
        """Adjust, and go to the gift that counts now."""
        assert isinstance(form, AdjustGiftForm)  # noqa: S101 - the view's own form
        self.object = adjust_gift(self.object, by=self.acting, **form.arguments)
        return self.object


class ChargeBackView(GiftVerb):
    """Bank or card network took the money back."""

    permission = "donations.void_gift"
    title = _("Charge back")
    question = _("Was money of the gift of %(object)s charged back?")
    explanation = _("Bank or card network took it, without our doing. Its receipt becomes void.")
    icon = "rotate"
    danger = True
    priority = 75
    form_class = ChargeBackForm
    success_message = _("The charge-back of the gift of %(object)s is in the books.")

    @classmethod
    def refusal(cls, gift: Gift) -> Any:
        """Something of it must be left."""
        return "" if gift.status in COUNTED_STATUSES else _("There is nothing left of this gift to charge back.")

    def get_initial(self) -> dict[str, Any]:
        """All that is left, to be lowered."""
        return super().get_initial() | {"amount": self.object.left.plain}

    def run(self, form: BaseForm) -> Gift:
        """Charge the amount back in the gift's own currency."""
        money = Money(form.cleaned_data["amount"], self.object.currency)
        return charge_back_gift(self.object, money=money, by=self.acting, reason=form.cleaned_data["reason"])


class ReinstateGiftView(GiftVerb):
    """The charge-back was won."""

    verb = staticmethod(reinstate_gift)
    permission = "donations.void_gift"
    title = _("Charge-back won")
    question = _("Is the money of %(object)s back?")
    explanation = _("Everything that was charged back counts again. Issue the receipt anew if the donor wants one.")
    icon = "rotate"
    priority = 15
    form_class = ReasonForm
    success_message = _("The gift of %(object)s counts again.")

    @classmethod
    def refusal(cls, gift: Gift) -> Any:
        """Something must stand charged back."""
        return "" if gift.can_be_reinstated else _("Nothing of this gift stands charged back.")

    def facts(self) -> list[tuple[Any, Any]]:
        """With what was taken."""
        taken = Money(self.object.charged_back_amount, self.object.currency)
        return [*super().facts(), (_("Charged back"), taken)]
