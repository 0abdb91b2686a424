"""What the screens of online giving share: verbs that ask Stripe, and rows that only Stripe makes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from core.staff.parts import Chip
from core.staff.refusals import REFUSALS, add_to_form
from core.staff.verbs import VerbView
from core.staff.viewsets import StaffViewSet


class AsksStripe(VerbView):
    """A verb that speaks to Stripe: it opens its transactions by itself, none of which waits for an answer."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Run the verb and go on, or stay and say why not."""
        try:
            with self.sending.held():
                outcome = self.run(form)
                message, goes_to = self.get_success_message(outcome), self.get_success_url()
                self.sending.done(goes_to)
        except REFUSALS as error:
            add_to_form(form, error)
            return self.form_invalid(form)
        if message:
            messages.success(self.request, message)
        return HttpResponseRedirect(goes_to)


class KeptByStripe(StaffViewSet):
    """Rows that say what Stripe says: nobody adds, changes or deletes one here."""

    add_view_enabled = False
    edit_view_enabled = False
    delete_view_enabled = False
    form_fields: list[str] = []
    inspect_view_enabled = True


def money_chip(row: Any) -> Iterable[Chip]:
    """Say of a row that it is about test money."""
    if not row.livemode:
        yield Chip(_("Test money"), "waiting")
