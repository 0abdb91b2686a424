"""Gift Aid: declare it for past and future gifts, see what was agreed, cancel it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from constituents.models import Constituent
from core import clock
from donations.errors import GiftAidError
from donations.gift_aid import public
from donations.gift_aid.declaring import cancel_declaration
from donations.gift_aid.eligibility import gift_aid_is_on
from donations.models import GiftAidDeclaration
from portal.access import own_page


class DeclareForm(forms.Form):
    """The tick, and where one lives."""

    def __init__(self, *args: Any, donor: Constituent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        public.add_fields(self, donor=donor, this=False)
        self.fields["gift_aid"].required = True
        self.fields["gift_aid"].error_messages["required"] = _("Tick this to declare Gift Aid.")

    def clean(self) -> dict[str, Any]:
        """Hold the home to what HMRC takes."""
        cleaned = super().clean() or {}
        public.clean_home(self, cleaned)
        return cleaned


@own_page
def gift_aid(request: HttpRequest, me: Constituent) -> HttpResponse:
    """Show what was declared; take a declaration where there is none for gifts to come."""
    if not gift_aid_is_on() or not me.is_person:
        raise Http404
    form = DeclareForm(request.POST or None, donor=me) if public.is_offered_to(me) else None
    if form is not None and request.method == "POST" and form.is_valid():
        public.declare_from(form.cleaned_data, donor=me, by=request.user, source="portal")  # type: ignore[arg-type]
        messages.success(request, _("Thank you. We claim Gift Aid on your past and future gifts."))
        return redirect("portal_gift_aid")
    context = {
        "me": me,
        "form": form,
        "declarations": GiftAidDeclaration.objects.of(me).standing(),
    }
    return render(request, "portal/gift_aid.html", context, status=422 if form is not None and form.errors else 200)


@own_page
@require_POST
def cancel(request: HttpRequest, me: Constituent) -> HttpResponse:
    """End one's own declaration from today; somebody else's does not exist here."""
    if not gift_aid_is_on():
        raise Http404
    mine = GiftAidDeclaration.objects.of(me).standing()
    asked = request.POST.get("declaration", "")
    if not asked.isdecimal():
        raise Http404
    declaration = get_object_or_404(mine, pk=asked)
    try:
        with transaction.atomic():
            cancel_declaration(declaration, by=request.user, cancelled_from=clock.today(), note="portal")  # type: ignore[arg-type]
    except GiftAidError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your declaration is cancelled. We claim nothing on gifts from today on."))
    return redirect("portal_gift_aid")
