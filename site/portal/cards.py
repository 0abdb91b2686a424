"""The member card of whoever is signed in, with the code a doorkeeper checks."""

from __future__ import annotations

from typing import Any

from constituents.models import Constituent
from memberships.cards import Card, card_for, qr_svg
from memberships.models import Membership


def card_of(me: Constituent, membership: Membership | None) -> Card | None:
    """Return somebody's card; None for who is no member today."""
    if membership is None:
        return None
    card = card_for(membership, me)
    return card if card.is_valid else None


def card_context(me: Constituent, membership: Membership | None) -> dict[str, Any]:
    """Return what a page needs to show the card."""
    card = card_of(me, membership)
    return {"card": card, "card_code": qr_svg(card.url) if card else ""}
