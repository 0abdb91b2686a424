"""Exchange rates: what other currencies were worth."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from core.staff.columns import DateColumn, NumberColumn
from core.staff.menu import Area
from core.staff.viewsets import StaffViewSet
from donations.models import ExchangeRate


class ExchangeRateViewSet(StaffViewSet):
    """What other currencies were worth."""

    model = ExchangeRate
    icon = "globe"
    menu_label = _("Exchange rates")
    menu_area = Area.SETTINGS
    menu_order = 300
    list_display = ["currency", DateColumn("valid_from", label=_("From")), NumberColumn("rate", label=_("Rate"))]
    list_filter = ["currency"]
    panels = [FieldRowPanel([FieldPanel("currency"), FieldPanel("valid_from"), FieldPanel("rate")])]
    empty_message = _("Gifts in your own currency need no rate. Add one here before recording a gift in another.")
