"""Permission policies for Wagtail's screens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy


class MadeByVerbs(ModelPermissionPolicy):
    """Offers no form for what only verbs do, not even to an administrator: services write these rows."""

    def __init__(self, model: Any, *, refused: Sequence[str]) -> None:
        super().__init__(model)
        self.refused = refused

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Refuse what only a verb may do."""
        return action not in self.refused and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Refuse what only a verb may do."""
        return any(self.user_has_permission(user, action) for action in actions)
