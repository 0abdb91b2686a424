"""Whoever may not look is told so before anything is looked up."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

# Mixed into Wagtail's views, which have no types.
Mixin: Any = object


class AsksFirst(Mixin):
    """A view that asks who may look before it looks for the record: a stranger learns nothing from the difference."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Refuse, then find the record."""
        self.request = request
        wanted, any_of = self.permission_required, self.any_permission_required
        if wanted is not None and not self.user_has_permission(wanted):
            raise PermissionDenied
        if any_of is not None and not self.user_has_any_permission(any_of):
            raise PermissionDenied
        super().setup(request, *args, **kwargs)
