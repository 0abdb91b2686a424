"""Money that came twice, dues that went back: the list, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.staff.columns import AmountColumn, DateColumn, TitleColumn
from core.staff.menu import Area
from core.staff.verbs import VerbView
from core.staff.viewsets import StaffViewSet
from memberships.forms import SettleForm
from memberships.models import Flag
from memberships.services import flags


class SettleView(VerbView):
    """Note what was decided about a flag."""

    verb = staticmethod(flags.settle_flag)
    permission = "memberships.settle_flag"
    title = _("Settle")
    question = _("What was decided about %(object)s?")
    icon = "check"
    form_class = SettleForm
    success_message = _("Settled: %(object)s.")

    @classmethod
    def refusal(cls, obj: Flag) -> Any:
        """Once is enough."""
        return "" if obj.settled_at is None else _("It is settled already.")


class FlagViewSet(StaffViewSet):
    """Money that came twice, dues that went back."""

    model = Flag
    icon = "warning"
    form_fields: Sequence[str] = ()
    menu_label = _("To look at")
    menu_area = Area.MEMBERSHIP
    menu_order = 40
    url_namespace = "membership_flags"
    inspect_view_enabled = True
    select_related = ["membership__constituent", "membership__household", "gift"]
    list_display = [
        TitleColumn(
            "holder",
            label=_("Member"),
            accessor="membership.holder",
            get_url=lambda row: reverse("memberships:inspect", args=[row.membership_id]),
        ),
        "kind",
        AmountColumn("amount", accessor="gift.money", label=_("Amount"), currency=None),
        "note",
        DateColumn("raised_at", label=_("Raised")),
        "settlement",
    ]
    list_filter = ["kind"]
    empty_message = _("Nothing waits: no dues came twice and none went back.")
    verb_views = {"settle": SettleView}
