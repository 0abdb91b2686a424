"""The accounts of the journal: which number each use has in the books outside, and from when it runs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.forms import BaseForm
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput

from core.staff.asked import acting
from donations.accounting.journal import uses
from donations.accounting.setting_up import set_up_journal
from donations.models import Account, AccountUse, Fund, JournalGrouping
from donations.models.account import MONEY_USES
from donations.models.journal import journal_settings
from donations.staff.links import page_of


class AccountsForm(forms.Form):
    """A number and a name for each use, from which day on, and how much a line sums up."""

    begins_on = forms.DateField(
        label=_("The journal begins on"),
        required=False,
        widget=AdminDateInput,
        help_text=_("What is dated earlier stands in your books already and is not exported. Empty: everything is."),
    )
    grouping = forms.ChoiceField(label=_("Lines"), choices=JournalGrouping, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {account.use: account for account in Account.objects.all()}
        for use in uses():
            account = known.get(use.value)
            self.fields[f"code_{use.value}"] = forms.CharField(
                label=_("Number for: %(use)s") % {"use": use.label},
                required=False,
                max_length=40,
                initial=account.code if account else "",
            )
            self.fields[f"name_{use.value}"] = forms.CharField(
                label=_("Name for: %(use)s") % {"use": use.label},
                required=False,
                max_length=120,
                initial=account.name if account else "",
            )

    def groups(self) -> list[tuple[Any, list[tuple[Any, forms.BoundField, forms.BoundField]]]]:
        """Return the uses in two groups, each with its two fields: where money comes in, and the other side."""
        money = [use for use in uses() if use in MONEY_USES]
        others = [use for use in uses() if use not in MONEY_USES]
        titles = ((_("Where the money comes in"), money), (_("What it was"), others))
        return [(title, [self._row(use) for use in uses]) for title, uses in titles]

    def _row(self, use: AccountUse) -> tuple[Any, forms.BoundField, forms.BoundField]:
        return use.label, self[f"code_{use.value}"], self[f"name_{use.value}"]

    @property
    def accounts(self) -> dict[str, tuple[str, str]]:
        """What was entered, by use."""
        cleaned = self.cleaned_data
        return {use.value: (cleaned[f"code_{use.value}"], cleaned[f"name_{use.value}"]) for use in uses()}


class AccountsView(WagtailAdminTemplateMixin, PermissionRequiredMixin, FormView):
    """The accounts of the journal, on one page."""

    permission_required = "donations.change_account"
    raise_exception = True
    form_class = AccountsForm
    template_name = "wagtailadmin/giving/accounts.html"
    page_title = _("Accounts of the journal")
    header_icon = "cog"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, the journal, this page."""
        journal = {"url": reverse("journal:index"), "label": _("Journal")}
        return [*super().get_breadcrumbs_items(), journal, {"url": "", "label": self.page_title}]

    def get_initial(self) -> dict[str, Any]:
        """How it stands."""
        settings = journal_settings()
        return {"begins_on": settings.begins_on, "grouping": settings.grouping}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the funds' accounts too: they stand on the funds."""
        context = super().get_context_data(**kwargs)
        funds = [(fund, page_of(fund)) for fund in Fund.objects.order_by("name")]
        return context | {"funds": funds, "media": context["form"].media}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Save, and stay."""
        set_up_journal(
            accounts=form.accounts,  # type: ignore[attr-defined]
            begins_on=form.cleaned_data["begins_on"],
            grouping=form.cleaned_data["grouping"],
            by=acting(self.request),
        )
        messages.success(self.request, _("The accounts are saved. The next export uses them."))
        return super().form_valid(form)

    def get_success_url(self) -> str:
        """Stay here."""
        return reverse("journal_accounts")
