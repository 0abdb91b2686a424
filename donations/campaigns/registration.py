"""What campaigns, appeals and funds add to the rooms below; called once from the app's `ready()`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.audit import name_verbs


def register_campaigns() -> None:
    """Name what is done with them."""
    name_verbs(
        {
            "appeal.deleted": _("Appeal deleted"),
            "appeal.list_taken": _("List of an appeal taken"),
            "campaign.changed": _("Campaign changed"),
            "campaign.created": _("Campaign added"),
            "campaign.deleted": _("Campaign deleted"),
            "campaign.downloaded": _("Campaign taken as PDF"),
            "fund.changed": _("Fund changed"),
            "fund.closed": _("Fund closed"),
            "fund.deleted": _("Fund deleted"),
            "fund.reopened": _("Fund opened again"),
        }
    )
