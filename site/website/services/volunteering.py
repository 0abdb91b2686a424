"""Sign up for a shift from the public page."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import User
from constituents.services.supporters import supporter_for
from core import mail
from volunteers.models import Shift, SignUp
from volunteers.services.signing_up import sign_up


@transaction.atomic
def sign_up_from_form(shift: Shift, form: dict[str, Any], *, user: User | None) -> SignUp:
    """Find or add who comes, give them a place or let them wait, and confirm by e-mail."""
    volunteer = supporter_for(
        user=user,
        given_name=form.get("given_name", ""),
        family_name=form.get("family_name", ""),
        email=form.get("email", ""),
        phone=form.get("phone", ""),
        source="volunteering page",
    )
    place = sign_up(shift, volunteer=volunteer, by=user, source="website", wait_if_full=True)
    if address := form.get("email") or volunteer.primary_email:
        mail.send(
            to=address,
            template="shift_signed_up",
            context={"place": place, "shift": shift},
            about=volunteer,
            by=user,
        )
    return place
