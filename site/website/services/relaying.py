"""Pass a message on to a member without giving their address away."""

from __future__ import annotations

from typing import Any

from constituents.models import Constituent
from core import mail


def relay_message(member: Constituent, *, form: dict[str, Any]) -> None:
    """Send the message to the member's own address, once; who wrote can be answered."""
    if not member.primary_email:
        return
    mail.send(
        to=member.primary_email,
        template="directory_message",
        context={
            "name": f"{form['given_name']} {form['family_name']}".strip(),
            "email": form["email"],
            "message": form["message"],
        },
        about=member,
    )
