"""Tell a volunteer by e-mail what became of their shift."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from core import mail
from core.mail.models import Message
from volunteers.models import Shift, SignUp


def tell(
    place: SignUp, *, template: str, by: User | None, shift: Shift | None = None, **context: Any
) -> Message | None:
    """Queue a message about a place, in the caller's transaction; None for a volunteer without an address."""
    volunteer = place.volunteer
    if not volunteer.primary_email or volunteer.is_deceased:
        return None
    return mail.send(
        to=volunteer.primary_email,
        template=template,
        context={"place": place, "shift": shift or place.shift, **context},
        about=volunteer,
        by=by,
    )
