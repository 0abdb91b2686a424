"""Registration of the staff screens."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from volunteers.staff.hours import ApproveMany, HoursViewSet, RefuseMany
from volunteers.staff.opportunities import OpportunityViewSet
from volunteers.staff.shift_page import roster
from volunteers.staff.shifts import ShiftViewSet
from volunteers.staff.sign_ups import SignUpViewSet

hours = HoursViewSet("hours")
ApproveMany.viewset = RefuseMany.viewset = hours


@hooks.register("register_admin_viewset")
def viewsets() -> list[ViewSet]:
    """The screens of each kind of record."""
    return [
        ShiftViewSet("shifts"),
        hours,
        OpportunityViewSet("opportunities"),
        SignUpViewSet("sign_ups", url_prefix="sign-ups"),
    ]


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """The sheet for the wall."""
    return [path("shifts/<int:pk>/roster.pdf", roster, name="volunteers_roster")]


hooks.register("register_bulk_action", ApproveMany)
hooks.register("register_bulk_action", RefuseMany)
