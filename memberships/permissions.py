"""What roles may do with members, and what no form may do: verbs alone make memberships and what belongs to them."""

from __future__ import annotations

from wagtail.permissions import register_permission_policy

from accounts.roles import Role, allow, allow_all
from core.staff.policies import MadeByVerbs
from memberships.models import Application, Flag, Membership

register_permission_policy(Membership, MadeByVerbs(Membership, refused=("add", "delete")))
register_permission_policy(Application, MadeByVerbs(Application, refused=("add", "change", "delete")))
register_permission_policy(Flag, MadeByVerbs(Flag, refused=("add", "change", "delete")))

allow_all("memberships.view_membership", "memberships.view_level", but=(Role.VOLUNTEER_COORDINATOR,))
for role in (Role.ADMINISTRATOR, Role.MEMBERSHIP_OFFICER):
    allow(
        role,
        "memberships.add_level",
        "memberships.change_level",
        "memberships.delete_level",
        "memberships.change_membership",
        "memberships.join_membership",
        "memberships.cancel_membership",
        "memberships.export_membership",
        "memberships.view_application",
        "memberships.answer_application",
        "memberships.view_flag",
        "memberships.settle_flag",
        "memberships.change_membershipsettings",
    )
for role in (Role.FUNDRAISER, Role.GIFT_PROCESSOR):
    allow(role, "memberships.join_membership", "memberships.view_application", "memberships.view_flag")
