"""Registration of the staff screens."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from core.staff.menu import Area, menu_group
from memberships.models import Status
from memberships.staff import cards
from memberships.staff.applications import ApplicationViewSet
from memberships.staff.flags import FlagViewSet
from memberships.staff.levels import LevelViewSet
from memberships.staff.members import membership_viewset
from memberships.staff.movement import MovementView
from memberships.staff.renew_many import RenewMany


class MembersMenuItem(MenuItem):
    """A page for those who may see members."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Ask for the permission."""
        return request.user.has_perm("memberships.view_membership")


@hooks.register("register_admin_viewset")
def viewsets() -> list[object]:
    """The screens of each kind of record."""
    return [
        membership_viewset,
        LevelViewSet("membership_levels"),
        ApplicationViewSet("membership_applications"),
        FlagViewSet("membership_flags"),
    ]


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """Pages that are no record's."""
    return [
        path("memberships/movement/", MovementView.as_view(), name="memberships_movement"),
        path("memberships/cards/", cards.cards, name="memberships_cards"),
        path("memberships/card/<int:pk>/", cards.card, name="memberships_card"),
    ]


@hooks.register(menu_group(Area.MEMBERSHIP))
def work_list() -> MenuItem:
    """Who is due, in grace or lapsed, the latest first: the members list, narrowed."""
    statuses = [("status", status.value) for status in (Status.DUE, Status.GRACE, Status.LAPSED)]
    query = urlencode([*statuses, ("ordering", "-ends_on")])
    return MembersMenuItem(
        _("To renew"), f"{reverse('memberships:index')}?{query}", name="to-renew", icon_name="rotate", order=20
    )


@hooks.register(menu_group(Area.MEMBERSHIP))
def movement() -> MenuItem:
    """The movement table."""
    return MembersMenuItem(_("Movement"), reverse("memberships_movement"), icon_name="history", order=60)


hooks.register("register_bulk_action", RenewMany)
