"""The grid one types a batch into: the page, and all that its script knows from the start."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from donations.batches.forms import NewDonorForm
from donations.models import Appeal, Batch, DedicationKind, Fund, Method
from donations.staff.batch_grid import MAY_TYPE
from donations.staff.batch_sheet import sheet

SPLIT_ROWS = range(1, 5)


@method_decorator(never_cache, name="dispatch")
class BatchEntryView(WagtailAdminTemplateMixin, PermissionRequiredMixin, TemplateView):
    """The grid of an open batch; of another one its page."""

    permission_required = MAY_TYPE
    raise_exception = True
    template_name = "wagtailadmin/giving/batch_grid.html"
    header_icon = "table"
    _show_breadcrumbs = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the rows; nothing is typed into a batch that was posted."""
        self.batch = get_object_or_404(Batch.objects.select_related("fund", "appeal"), pk=kwargs["pk"])
        if not self.batch.is_open:
            return HttpResponseRedirect(reverse("batches:inspect", args=[self.batch.pk]))
        return super().get(request, *args, **kwargs)

    def get_page_title(self) -> str:
        """Which pile it is."""
        return str(self.batch)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, the list, the batch, and its rows."""
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("batches:index"), "label": capfirst(Batch._meta.verbose_name_plural)},
            {"url": reverse("batches:inspect", args=[self.batch.pk]), "label": str(self.batch)},
            {"url": "", "label": _("Enter gifts")},
        ]

    @property
    def header_buttons(self) -> list[HeaderButton]:
        """What was counted wrong is changed from here."""
        return [HeaderButton(_("Change"), url=reverse("batches:change", args=[self.batch.pk]), icon_name="edit")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows, the choices of the drawer, the words of the script."""
        return super().get_context_data(**kwargs) | {
            "batch": self.batch,
            "config": self._config(),
            "sheet": sheet(self.request, self.batch),
            "words": _words(),
            "methods": Method.choices,
            "dedications": DedicationKind.choices,
            "funds": Fund.objects.order_by("name"),
            "appeals": Appeal.objects.select_related("campaign"),
            "split_rows": SPLIT_ROWS,
            "new_donor": NewDonorForm(auto_id="new-donor-%s"),
            "may_post": self.request.user.has_perm("donations.post_batch"),
        }

    def _config(self) -> dict[str, Any]:
        batch = self.batch
        return {
            "batch": str(batch.uuid),
            "addresses": {
                "sheet": reverse("batch_sheet", args=[batch.pk]),
                "row": reverse("batch_row", args=[batch.pk, uuid.UUID(int=0)]),
                "donors": reverse("batch_donors"),
                "likely": reverse("batch_likely"),
                "expected": reverse("batch_expected", args=[batch.pk]),
                "batch": reverse("batches:inspect", args=[batch.pk]),
            },
            "mayAdd": self.request.user.has_perm("constituents.add_constituent"),
            # What a new row begins with.
            "blank": {
                "method": batch.method,
                "received_on": batch.received_on.isoformat(),
                "fund": batch.fund_id,
                "appeal": batch.appeal_id,
                "wants_receipt": batch.wants_receipt,
                "summary": batch.fund.name,
            },
        }


def _words() -> dict[str, str]:
    """Return what the script says, in the reader's language; {curly} names are filled in there."""
    return {
        "row": _("Row {number}"),
        "donorOf": _("Donor, row {number}"),
        "amountOf": _("Amount, row {number}"),
        "referenceOf": _("Reference, row {number}"),
        "detailsOf": _("Details of row {number}: {summary}"),
        "removeRow": _("Remove row {number}"),
        "removed": _("Row {number} removed."),
        "putBack": _("Put it back"),
        "chosen": _("{name} chosen."),
        "found": _("{count} found."),
        "nobody": _("Nobody fits."),
        "addNew": _("Add “{name}” as somebody new"),
        "similar": _("similar name"),
        "promised": _("Promised: {words}. F4 takes it."),
        "keeps": _("Keeps: {words}"),
        "keep": _("Keep it: {words}"),
        "letPromiseGo": _("Let the promise go: {words}"),
        "promiseLet": _("The gift keeps no promise."),
        "saving": _("Saving…"),
        "saved": _("All saved"),
        "waiting": _("{count} not saved yet"),
        "away": _("The server cannot be reached. Go on typing: all is kept in this browser and saved when it is back."),
        "signedOut": _("You are signed out. Sign in again in another window: what waits here is saved then."),
        "signIn": _("Sign in"),
        "back": _("The server is back: everything is saved."),
        "closed": _("{message} Nothing more is saved here."),
        "openIt": _("Look at it"),
        "others": _("{names} has this batch open too. You see each other’s rows."),
        "conflict": _("{name} has changed this row meanwhile: {what}"),
        "gone": _("Somebody has removed this row meanwhile."),
        "keepMine": _("Keep mine"),
        "takeTheirs": _("Take theirs"),
        "letGo": _("Let it go"),
        "another": _("It is another one"),
        "look": _("Look at it"),
        "agrees": _("Count and total agree"),
        "useThis": _("Use {name}"),
        "addAnyway": _("Add them all the same"),
        "add": _("Add"),
        "refused": _("This row could not be saved: {message}"),
    }
