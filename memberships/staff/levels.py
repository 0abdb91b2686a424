"""Levels: what one can buy."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from core.staff.columns import AmountColumn, DateColumn, LinkColumn, NumberColumn
from core.staff.menu import Area
from core.staff.viewsets import StaffViewSet
from memberships.models import Level
from memberships.wording import period_in_words


class LevelViewSet(StaffViewSet):
    """What one can buy."""

    model = Level
    icon = "tag"
    menu_label = _("Levels")
    menu_area = Area.MEMBERSHIP
    menu_order = 80
    url_namespace = "membership_levels"
    list_display = [
        "name",
        AmountColumn("dues"),
        AmountColumn("price_on_renewal", label=_("On renewal")),
        LinkColumn("period", label=_("Period"), accessor=period_in_words, get_url=lambda level: None),
        NumberColumn("capacity"),
        "joining",
        DateColumn("on_sale_until"),
    ]
    search_fields = ["name", "code"]
    list_filter = ["joining", "period_kind"]
    exclude_form_fields: Sequence[str] = ()
    empty_message = _("A level is what one can buy: Individual, Household, Student. Add the first one.")
    panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
                FieldPanel("description"),
                FieldPanel("benefits"),
                FieldPanel("order"),
            ],
            heading=_("What it is"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("dues"), FieldPanel("currency")]),
                FieldRowPanel([FieldPanel("renewal_price"), FieldPanel("joining_fee")]),
                FieldRowPanel([FieldPanel("advantage_amount"), FieldPanel("advantage_description")]),
                FieldPanel("fund"),
            ],
            heading=_("What it costs"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("period_kind"), FieldPanel("months")]),
                FieldRowPanel([FieldPanel("year_start_month"), FieldPanel("year_start_day")]),
                FieldRowPanel([FieldPanel("rollover_month"), FieldPanel("rollover_day")]),
                FieldPanel("proration"),
            ],
            heading=_("How long it lasts"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("renewal_opens_days"), FieldPanel("renewal_closes_days")]),
                FieldRowPanel([FieldPanel("grace_days"), FieldPanel("successor")]),
            ],
            heading=_("Renewing"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("joining"), FieldPanel("capacity")]),
                FieldRowPanel([FieldPanel("can_vote"), FieldPanel("sees_directory")]),
                FieldRowPanel([FieldPanel("on_sale_from"), FieldPanel("on_sale_until")]),
            ],
            heading=_("Who may have it"),
        ),
    ]
