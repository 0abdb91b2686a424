"""Make the cards of a membership worthless: one was lost, or lent."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from core import audit
from memberships.models import Membership
from memberships.services.upkeep import locked


@transaction.atomic
def revoke_cards(membership: Membership, *, by: User | None, reason: str) -> Membership:
    """Begin a new series of cards: every card printed so far is not valid any more."""
    membership = locked(membership)
    membership.card_series += 1
    membership.save(update_fields=["card_series"])
    audit.record("membership.cards_revoked", membership, by=by, reason=reason, about=membership.bill_to)
    return membership
