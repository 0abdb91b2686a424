"""What the screens of Gift Aid share."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import cached_property
from wagtail.admin.menu import MenuItem

from core.staff.viewsets import StaffViewSet
from donations.gift_aid.eligibility import gift_aid_is_on


class OnlyInTheUnitedKingdom(StaffViewSet):
    """A viewset that stands in the menu only where Gift Aid is claimed."""

    @cached_property
    def menu_item_class(self) -> type[MenuItem]:
        """Shown where Gift Aid is theirs, to those who may look."""
        viewset = self

        class GiftAidMenuItem(MenuItem):
            def is_shown(self, request: HttpRequest) -> bool:
                return gift_aid_is_on() and viewset.may_see(request.user)

        return GiftAidMenuItem
