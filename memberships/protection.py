"""What the database itself refuses to change or delete: a term keeps what it was sold as."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.triggers import protect


def protect_terms() -> None:
    """Declare the rule. A term may be cut short, and a merge may move it to the membership that is kept."""
    protect(
        "memberships.Term",
        name="sold_term",
        message=_("A term keeps what it was sold as: cancel, renew or change the level instead."),
        updates_of=["level", "starts_on", "sold_until", "price", "fee", "credit", "currency"],
    )
