"""Ask to join from the public page."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import User
from constituents.services.supporters import supporter_for
from memberships.models import Application, Level
from memberships.services.joining import request_membership


@transaction.atomic
def ask_to_join(level: Level, form: dict[str, Any], *, user: User | None) -> Application:
    """Find or add who asks, and ask for them. Raises what `request_membership` raises."""
    holder = supporter_for(
        user=user,
        given_name=form.get("given_name", ""),
        family_name=form.get("family_name", ""),
        email=form.get("email", ""),
        phone=form.get("phone", ""),
        source="joining page",
    )
    return request_membership(holder=holder, level=level, by=user, method=form["method"])
