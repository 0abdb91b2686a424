"""Thank-you templates: the words, for which gifts they are, and the letter beside the form while it is written."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.auth import permission_required
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic.models import CopyViewMixin

from core.money import Money
from core.organisation import current_organisation
from core.staff.columns import NumberColumn
from core.staff.menu import Area
from core.staff.views import StaffCreateView, StaffEditView, StaffIndexView
from core.staff.viewsets import StaffViewSet
from donations.models import Gift, GiftNumber, Method, ReceiptWith, ThankYouTemplate, TributeKind
from donations.thanks.letters import letter_for
from donations.thanks.looks import paper, sample_letter
from donations.thanks.phrases import phrases
from donations.thanks.words import FIELDS, check_words

#: What the preview writes anew, and what it takes from the form.
_SHOWN = ("words", "email_words", "subject", "language", "receipt", "signatory_name", "signatory_title")
_RECENT = 12


def meant_for(template: ThankYouTemplate) -> str:
    """Return for which gifts a template is, in words; uses prefetched funds."""
    currency = current_organisation().base_currency
    parts = []
    if template.number != GiftNumber.ANY:
        parts.append(str(template.get_number_display()))
    if funds := [fund.name for fund in template.funds.all()]:
        parts.append(", ".join(funds))
    if template.amount_from is not None:
        parts.append(_now("from %(amount)s on") % {"amount": Money(template.amount_from, currency)})
    if template.amount_below is not None:
        parts.append(_now("below %(amount)s") % {"amount": Money(template.amount_below, currency)})
    if template.method:
        parts.append(str(Method(template.method).label))
    if template.tribute != TributeKind.ANY:
        parts.append(str(template.get_tribute_display()))
    if not template.other_languages:
        name = get_language_info(template.language)["name_translated"]
        parts.append(_now("who reads %(language)s") % {"language": name})
    return "; ".join(parts) or _now("every gift")


def receipt_with(template: ThankYouTemplate) -> str:
    """Return in a word what a letter says of the receipt."""
    short = {ReceiptWith.SENTENCE: _now("in the letter"), ReceiptWith.ENCLOSED: _now("enclosed")}
    return short.get(ReceiptWith(template.receipt), "")


class TemplateForm(WagtailAdminModelForm):
    """The words, checked for fields that there are not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(code, name) for code, name in settings.LANGUAGES]
        self.fields["language"] = forms.ChoiceField(
            label=self.fields["language"].label, help_text=self.fields["language"].help_text, choices=names
        )
        if not self.instance.pk and not self.instance.words:
            self.initial.setdefault("words", phrases(settings.LANGUAGE_CODE).words)

    def clean_words(self) -> str:
        """Every field must be one there is."""
        return self._checked("words")

    def clean_email_words(self) -> str:
        """So too in the e-mail, which may be left out."""
        return self._checked("email_words") if self.cleaned_data["email_words"].strip() else ""

    def clean_subject(self) -> str:
        """So too in the subject."""
        return self._checked("subject") if self.cleaned_data["subject"].strip() else ""

    def _checked(self, name: str) -> str:
        words = self.cleaned_data[name]
        check_words(words)
        return words


class WithLetter:
    """A form of a template, with the letter beside it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the fields one may put in, and the gifts one may try it on."""
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        user = self.request.user  # type: ignore[attr-defined]
        return context | {
            "merge_fields": [(f"{{{name}}}", label) for name, (label, _value) in FIELDS.items()],
            "preview_url": reverse("thanks_preview"),
            "recent": _recent() if user.has_perm("donations.view_gift") else [],
            "paper": paper(sample_letter(self.object or ThankYouTemplate(words=phrases("en").words))),  # type: ignore[attr-defined]
        }


def _recent() -> list[Gift]:
    return list(Gift.objects.counted().select_related("donor").order_by("-posted_at", "-pk")[:_RECENT])


class TemplateCreateView(WithLetter, StaffCreateView):
    """Write a template."""

    template_name = "wagtailadmin/giving/thanks/template_form.html"
    object = None


class TemplateCopyView(WithLetter, CopyViewMixin, StaffCreateView):
    """Write a template that begins as another."""

    template_name = "wagtailadmin/giving/thanks/template_form.html"
    object = None


class TemplateEditView(WithLetter, StaffEditView):
    """Change a template."""

    template_name = "wagtailadmin/giving/thanks/template_form.html"


class TemplateIndexView(StaffIndexView):
    """The list, in the order it is asked."""

    results_template_name = "wagtailadmin/giving/thanks/templates_results.html"


@permission_required("donations.change_thankyoutemplate")
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Answer with the letter as it would be by the form as it stands, on a gift on record or on one nobody gave."""
    values = {name: request.POST.get(name, "") for name in _SHOWN}
    if values["language"] not in dict(settings.LANGUAGES):
        values["language"] = settings.LANGUAGE_CODE
    if values["receipt"] not in ReceiptWith.values:
        values["receipt"] = ReceiptWith.NOTHING
    template = ThankYouTemplate(**values)
    as_email = request.POST.get("preview_as") == "email"
    try:
        for name in ("words", "email_words", "subject"):
            if values[name].strip() or name == "words":
                check_words(values[name])
    except ValidationError as error:
        return render(request, "wagtailadmin/giving/thanks/preview.html", {"errors": error.messages})
    gift = _asked_for(request)
    letter = letter_for(gift, template=template) if gift is not None else sample_letter(template)
    context = {"paper": paper(letter, as_email=as_email)}
    return render(request, "wagtailadmin/giving/thanks/preview.html", context)


def _asked_for(request: HttpRequest) -> Gift | None:
    key = request.POST.get("preview_gift", "")
    if not key.isdigit() or not request.user.has_perm("donations.view_gift"):
        return None
    return Gift.objects.counted().filter(pk=key).first()


class ThankYouTemplateViewSet(StaffViewSet):
    """The words to thank with."""

    model = ThankYouTemplate
    icon = "edit"
    menu_label = _("Thank-you templates")
    menu_area = Area.SETTINGS
    menu_order = 228
    copy_view_enabled = True
    copy_view_class = TemplateCopyView
    add_view_class = TemplateCreateView
    edit_view_class = TemplateEditView
    index_view_class = TemplateIndexView
    prefetch_related = ["funds"]
    list_display = [
        NumberColumn("position", label=_("Place")),
        "name",
        Column("meant_for", label=_("For"), accessor=meant_for),
        Column("receipt_with", label=_("Receipt"), accessor=receipt_with),
        BooleanColumn("email_at_once", label=_("E-mail at once")),
        BooleanColumn("is_active", label=_("In use")),
    ]
    list_filter = ["is_active", "language"]
    search_fields = ["name", "words"]
    ordering = ["position", "pk"]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            MultiFieldPanel(
                [
                    FieldPanel("words", widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "true"})),
                    FieldPanel("receipt"),
                    FieldRowPanel([FieldPanel("signatory_name"), FieldPanel("signatory_title")]),
                ],
                heading=_("The letter"),
            ),
            MultiFieldPanel(
                [FieldPanel("subject"), FieldPanel("email_words"), FieldPanel("email_at_once")],
                heading=_("As an e-mail"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("funds", widget=forms.CheckboxSelectMultiple),
                    FieldRowPanel([FieldPanel("amount_from"), FieldPanel("amount_below")]),
                    FieldRowPanel([FieldPanel("number"), FieldPanel("tribute"), FieldPanel("method")]),
                    FieldPanel("language"),
                    FieldPanel("other_languages"),
                ],
                heading=_("For which gifts"),
                help_text=_(
                    "Of all templates that fit a gift the first in the list is taken. Those in the donor’s own "
                    "language are asked first."
                ),
            ),
            FieldRowPanel([FieldPanel("position"), FieldPanel("is_active")]),
        ],
        base_form_class=TemplateForm,
    )
    empty_message = _(
        "Nobody has written any words yet: donors are thanked with Steward’s own, in English, French or German. Write "
        "one for every gift first, then one for first gifts."
    )
