"""Receipt settings: what the rules ask of the organisation, what is still missing, and how a receipt would look."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.db.models import Model
from django.forms import BaseForm, ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from wagtail.admin.auth import permission_required
from wagtail.admin.widgets import AdminDateInput

from core import clock
from core.organisation import current_organisation
from core.organisation.models import Regime as RulesOf
from core.staff.verbs import VerbView
from donations.errors import UnknownRegimeError
from donations.models import Gift, ReceiptSettings
from donations.receipts.regimes import Issuer, Regime, current_issuer, current_regime, regime_named
from donations.receipts.regimes.base import GOODS_METHODS
from donations.receipts.regimes.de import counts_until
from donations.receipts.specimen import ABROAD, Paper, specimen, specimen_abroad
from donations.services.receipt_settings import change_receipt_settings, detail_gift_for_receipt

_LANGUAGES = {"en-ca": _("English"), "fr-ca": _("French"), "en": _("English"), "fr": _("French"), "de": _("German")}


def _languages(regime: Regime) -> list[tuple[str, Any]]:
    return [(code, _LANGUAGES.get(code, code)) for code in regime.languages]


class ReceiptSettingsForm(ModelForm):
    """The fields that the rules ask for, and no others."""

    class Meta:
        model = ReceiptSettings
        fields = [
            "place_of_issue",
            "language",
            "tax_office",
            "tax_number",
            "notice_kind",
            "notice_date",
            "assessment_period",
            "purposes",
            "statute_purposes",
            "dues_are_deductible",
            "machine_notified_on",
        ]
        widgets = {
            "notice_date": AdminDateInput,
            "machine_notified_on": AdminDateInput,
            "purposes": forms.Textarea(attrs={"rows": 2}),
            "statute_purposes": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, regime: Regime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            if name not in regime.asks:
                del self.fields[name]
        if "language" in self.fields:
            model_field = self.fields["language"]
            self.fields["language"] = forms.ChoiceField(
                label=model_field.label, help_text=model_field.help_text, required=False, choices=_languages(regime)
            )


class LookForm(forms.Form):
    """Which receipt to look at."""

    paper = forms.ChoiceField(label=_("Look at"), choices=Paper)

    prefix = "look"

    def __init__(self, *args: Any, regime: Regime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = _languages(regime)
        if settings.DEMO:
            # A demo has one country's gifts; what the others' receipts look like is worth a look all the same.
            rules = [(code, label) for code, label in RulesOf.choices if code in ABROAD]
            self.fields["rules"] = forms.ChoiceField(label=_("of"), choices=rules, initial=regime.code, required=False)
            languages = [("", _("its language")), *_languages(regime_named("ca"))]
        if len(languages) > 1:
            self.fields["language"] = forms.ChoiceField(label=_("in"), choices=languages, required=False)
        for field in self.fields.values():  # they stand beside the form whose values they send
            field.widget.attrs["form"] = "receipt-settings"


class ReceiptSettingsView(VerbView):
    """The page of settings, with the receipt beside them as it would be."""

    permission = "donations.change_receiptsettings"
    needs_object = False
    title = _("Receipt settings")
    question = _("How your receipts are written")
    submit_label = _("Save")
    success_message = _("Saved. Receipts from now on say so; those that are out stay as they are.")
    icon = "cog"
    priority = 90
    form_class = ReceiptSettingsForm
    template_name = "wagtailadmin/giving/receipt_settings.html"

    @cached_property
    def regime(self) -> Regime | None:
        """The rules in force, when somebody has written them."""
        try:
            return current_regime()
        except UnknownRegimeError:
            return None

    def get_form(self, form_class: type[BaseForm] | None = None) -> BaseForm:
        """Without rules there is nothing to ask."""
        if self.regime is None:
            return forms.Form()
        return super().get_form(form_class)

    def get_form_kwargs(self) -> dict[str, Any]:
        """What is saved today."""
        return super().get_form_kwargs() | {"instance": ReceiptSettings.load(), "regime": self.regime}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what is missing, until when the notice counts, and where to change the rest."""
        context = super().get_context_data(**kwargs) | {
            "rules": current_organisation().get_regime_display(),
            "organisation_url": reverse("wagtailsettings:edit", args=["core", "organisation"]),
        }
        if self.regime is None:
            return context
        issuer, today = current_issuer(), clock.today()
        return context | {
            "regime": self.regime,
            "missing": self.regime.lacking(issuer, today),
            "counts_until": counts_until(issuer.settings, today) if "notice_date" in self.regime.asks else None,
            "look": LookForm(regime=self.regime),
            "preview_url": reverse("receipt_specimen"),
        }

    def run(self, form: BaseForm) -> ReceiptSettings:
        """Save what was asked."""
        return change_receipt_settings(by=self.acting, **form.cleaned_data)

    def get_success_url(self) -> str:
        """Stay: one looks again."""
        return self.request.path


@xframe_options_sameorigin
@permission_required("donations.change_receiptsettings")
def show_specimen(request: HttpRequest) -> HttpResponse:
    """Answer with a specimen: of the settings as saved or, posted, as they stand in the form. Writes nothing."""
    regime, issuer = current_regime(), current_issuer()
    values = request.POST or request.GET
    look = LookForm(values, regime=regime)
    chosen = look.cleaned_data if look.is_valid() else {}
    if request.method == "POST":
        form = ReceiptSettingsForm(request.POST, instance=ReceiptSettings.load(), regime=regime)
        form.is_valid()  # what can be read is shown; what cannot be stays as it is saved
        issuer = Issuer.of(current_organisation(), form.instance)
    paper, language = chosen.get("paper", Paper.MONEY), chosen.get("language") or ""
    country = chosen.get("rules") or regime.code
    if country == regime.code:
        content = specimen(regime, issuer, paper=paper, language=language)
    else:
        content = specimen_abroad(country, paper=paper, language=language)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{gettext("specimen")}.pdf"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


class ReceiptDetailsForm(ModelForm):
    """What a German receipt says of a gift beside its money."""

    class Meta:
        model = Gift
        fields = ["description", "goods_origin", "value_is_documented", "waives_expenses"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        goods = self.instance.method in GOODS_METHODS
        self.fields["description"].help_text = _(
            "With age, condition and price when bought: the receipt says all of it."
        )
        for name in ["waives_expenses"] if goods else ["description", "goods_origin", "value_is_documented"]:
            del self.fields[name]


class ReceiptDetailsView(VerbView):
    """Say of a gift what its receipt needs."""

    permission = "donations.change_gift"
    title = _("Details for the receipt")
    question = _("What shall the receipt of %(object)s say?")
    submit_label = _("Save")
    success_message = _("Saved.")
    icon = "doc-full"
    priority = 60
    form_class = ReceiptDetailsForm

    @classmethod
    def refusal(cls, obj: Model) -> Any:
        """Only some rules ask for more than the gift has."""
        return "" if current_organisation().regime == "de" else _("The receipts of your country ask for nothing more.")

    @property
    def gift(self) -> Gift:
        """The gift it is about."""
        return cast("Gift", self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The gift itself."""
        return super().get_form_kwargs() | {"instance": self.gift}

    def run(self, form: BaseForm) -> Gift:
        """Save what was asked."""
        return detail_gift_for_receipt(self.gift, by=self.acting, **form.cleaned_data)
