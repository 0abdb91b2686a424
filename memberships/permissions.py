"""What roles may do with members, and what no form may do: verbs alone make memberships and what belongs to them."""

from __future__ import annotations

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from accounts.roles import Role, allow, allow_all
from memberships.models import Application, Flag, Membership


class MadeByVerbs(ModelPermissionPolicy):
    """Offers no form to add or delete a record, not even to an administrator: services write these rows."""

    def __init__(self, model: Any, *, refused: tuple[str, ...]) -> None:
        super().__init__(model)
        self.refused = refused

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Refuse what only a verb may do."""
        return action not in self.refused and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Refuse what only a verb may do."""
        return any(self.user_has_permission(user, action) for action in actions)


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
