"""Batch templates: the list, and keeping what a batch shares as one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column

from core.staff.menu import Area
from core.staff.verbs import VerbView
from core.staff.viewsets import StaffViewSet
from donations.batches.templates import keep_as_template
from donations.models import BatchTemplate


class BatchTemplateViewSet(StaffViewSet):
    """What the piles that come again share."""

    model = BatchTemplate
    icon = "copy"
    menu_label = _("Batch templates")
    menu_area = Area.SETTINGS
    menu_order = 295
    select_related = ["fund", "appeal__campaign"]
    list_display = [
        "name",
        Column("get_method_display", label=_("Method"), sort_key="method"),
        Column("fund", label=_("Fund"), sort_key="fund__name"),
        Column("appeal", label=_("Appeal"), sort_key="appeal__name"),
        Column("bank_account", label=_("Bank account"), sort_key="bank_account"),
    ]
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("title")]),
        FieldRowPanel([FieldPanel("method"), FieldPanel("bank_account")]),
        FieldRowPanel([FieldPanel("fund"), FieldPanel("appeal")]),
        FieldPanel("wants_receipt"),
    ]
    empty_message = _(
        "No template yet. Add one for each pile that comes again, or keep one from the page of a batch: it is offered "
        "when the next batch is opened."
    )


class TemplateNameForm(forms.Form):
    """What it is called."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("As it is offered when the next batch is opened.")
    )


class KeepTemplateView(VerbView):
    """The next pile of this kind begins as this one did."""

    verb = staticmethod(keep_as_template)
    permission = "donations.add_batchtemplate"
    title = _("Keep as template")
    question = _("Keep what %(object)s shares for the next one?")
    explanation = _(
        "Method, fund, appeal, account and wish for receipts; count, total and date are of each pile alone. Nothing of "
        "this batch changes."
    )
    icon = "copy"
    priority = 60
    form_class = TemplateNameForm
    success_message = _("It is offered whenever a batch is opened.")

    def facts(self) -> list[tuple[Any, Any]]:
        """What is kept."""
        batch = self.object
        return [
            (_("Method"), batch.get_method_display()),
            (_("Fund"), batch.fund),
            (_("Appeal"), batch.appeal),
            (_("Bank account"), batch.bank_account),
        ]

    def get_initial(self) -> dict[str, Any]:
        """The title of the batch."""
        return super().get_initial() | {"name": self.object.title[:80]}
