"""What follows when a place changes hands."""

from __future__ import annotations

from typing import Any

from volunteers.models import SignUp
from volunteers.services.telling import tell


def tell_who_got_a_place(sender: object, *, sign_up: SignUp, **_kwargs: Any) -> None:
    """Write to the volunteer who moved from the waiting list into the shift."""
    tell(sign_up, template="shift_place_given", by=None)
