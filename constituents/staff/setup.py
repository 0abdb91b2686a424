"""What an administrator sets up for people: tags."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from constituents.models import Tag
from core.staff.menu import Area
from core.staff.viewsets import StaffViewSet


class TagViewSet(StaffViewSet):
    """Tags."""

    model = Tag
    icon = "tag"
    menu_area = Area.SETTINGS
    menu_order = 210
    select_related = ["parent"]
    list_display = ["name", "parent"]
    search_fields = ["name"]
    panels = [FieldPanel("name"), FieldPanel("colour"), FieldPanel("parent")]
    empty_message = _("A tag is a word to find people by again, such as “Press”. Add your first one.")
