"""Renewing a pile of memberships from the list of members."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from accounts.models import User
from core import clock
from core.staff.bulk import StaffBulkAction
from donations.models import Method
from memberships.errors import NotRenewableError
from memberships.models import Membership
from memberships.services.dues import Payment
from memberships.services.joining import is_paid_ahead
from memberships.services.renewing import Renewal, renew
from memberships.staff.members import membership_viewset


class RenewManyForm(forms.Form):
    """How a pile of dues was paid: the same day, the same way."""

    method = forms.ChoiceField(
        label=_("Paid by"),
        choices=[(method.value, method.label) for method in (Method.CHEQUE, Method.TRANSFER, Method.CASH)],
    )
    received_on = forms.DateField(label=_("On"), widget=AdminDateInput, initial=clock.today)


def renew_as_before(membership: Membership, *, by: User, method: str, received_on: Any) -> Renewal:
    """Renew at the level's price, as the bill said. Raises NotRenewableError for one that is not due."""
    last = membership.latest_term
    if last is not None and is_paid_ahead(last, received_on):
        raise NotRenewableError(_("Nothing is due."))
    return renew(membership, by=by, payment=Payment(method=method, received_on=received_on))


class RenewMany(StaffBulkAction):
    """Renew a pile: each pays what the next term of its level costs."""

    viewset = membership_viewset
    verb = staticmethod(renew_as_before)
    permission = "memberships.join_membership"
    action_type = "renew"
    display_name = _("Renew")
    question = _("Renew these memberships?")
    explanation = _(
        "Each is entered with the dues of its level, received in full. Those that are not due are left as they are "
        "and named."
    )
    form_class = RenewManyForm
