"""Thank a person for all their gifts that wait, from their page: by telephone, in person, by e-mail or by letter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.admin.widgets import AdminDateInput

from constituents.models import Constituent
from core import clock
from core.choices import offer, offer_records
from core.staff.refusals import REFUSALS, add_to_form
from donations.errors import ThanksError
from donations.models import Acknowledgement, ThankedBy, ThanksSettings
from donations.staff.links import page_of
from donations.staff.thanks_verbs import THANK, moment_on
from donations.thanks.letters import gifts_to_thank, why_not_thank
from donations.thanks.mailing import mail_thanks, why_not_mail
from donations.thanks.printing import draw_run, open_run
from donations.thanks.thanking import thank

PRINT, SEND = "print", "send"


class _Waiting(forms.ModelMultipleChoiceField):
    def label_from_instance(self, row: Acknowledgement) -> str:
        return str(row.gift)


class ThankForm(forms.Form):
    """How, when, and for which gifts."""

    how = forms.ChoiceField(label=gettext_lazy("How"), widget=forms.RadioSelect)
    on = forms.DateField(label=gettext_lazy("When"), widget=AdminDateInput, required=False)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=300)
    gifts = _Waiting(Acknowledgement.objects.none(), label=gettext_lazy("For"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, rows: Any, ways: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "how", ways)
        self.fields["how"].initial = ways[0][0]
        self.fields["on"].initial = clock.today()
        self.fields["on"].help_text = _("For a call or a meeting.")
        offer_records(self, "gifts", rows)
        self.fields["gifts"].initial = [row.pk for row in rows]
        self.order_fields(["gifts", "how", "on", "note"])


@permission_required(THANK)
def thank_constituent(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for which gifts and how, and do it."""
    constituent = get_object_or_404(Constituent.objects.current(), pk=pk)
    if not request.user.has_perm("donations.view_giving"):
        raise PermissionDenied
    rows = Acknowledgement.objects.of(constituent).waiting().filter(run=None).select_related("gift__donor")
    rows = rows.order_by("since", "pk")
    back = page_of(constituent) or reverse("thanks:index")
    if not rows:
        messages.info(request, _("Nothing of %(name)s waits for thanks.") % {"name": constituent})
        return HttpResponseRedirect(back)
    ways, hint = _ways(rows)
    form = ThankForm(request.POST or None, rows=rows, ways=ways)
    if request.method == "POST" and form.is_valid():
        try:
            return _thanked(request, form, back)
        except REFUSALS as error:
            add_to_form(form, error)
    context = {
        "form": form,
        "constituent": constituent,
        "hint": hint,
        "cancel_url": back,
        "page_title": _("Thank %(name)s") % {"name": constituent},
        "header_icon": "mail",
        "media": form.media,
    }
    return render(request, "wagtailadmin/giving/thanks/thank_constituent.html", context)


def _ways(rows: Any) -> tuple[list[tuple[str, Any]], str]:
    """Return the ways that are open for a donor, and why another is not."""
    gift = gifts_to_thank(type(rows[0].gift).objects.filter(pk=rows[0].gift_id)).get()
    ways: list[tuple[str, Any]] = [
        (ThankedBy.TELEPHONE.value, _("I have called")),
        (ThankedBy.IN_PERSON.value, _("I have thanked them in person")),
        (ThankedBy.OTHER.value, _("Otherwise: a card, a present")),
    ]
    why = why_not_thank(gift)
    if not why:
        ways.append((PRINT, _("Make the letter now")))
    if not why_not_mail(gift):
        ways.append((SEND, _("E-mail them now, to %(address)s") % {"address": gift.donor.primary_email}))
    return ways, _("No letter and no e-mail: %(why)s") % {"why": why} if why else ""


def _thanked(request: HttpRequest, form: ThankForm, back: str) -> HttpResponse:
    cleaned, user = form.cleaned_data, request.user
    gifts = [row.gift_id for row in cleaned["gifts"]]
    if cleaned["how"] == PRINT:
        run = draw_run(open_run(gifts, by=user, together=ThanksSettings.load().together))  # type: ignore[arg-type]
        return HttpResponseRedirect(reverse("thank_you_runs:inspect", args=[run.pk]))
    if cleaned["how"] == SEND:
        sent = mail_thanks(gifts, by=user)  # type: ignore[arg-type]
        if sent.refused:
            raise ThanksError(sent.refused[0])
        messages.success(request, _("The e-mail is on its way."))
    else:
        thank(gifts, how=cleaned["how"], by=user, at=moment_on(cleaned["on"]), note=cleaned["note"])  # type: ignore[arg-type]
        messages.success(request, _("Noted. Thank you."))
    return HttpResponseRedirect(back)
