"""The double of Stripe is told the past the demo made up: all of it can then be refunded, disputed, opened."""

from __future__ import annotations

from core.demo import DemoPlan
from donations.stripe.fake.remembering import remember


def add_what_stripe_remembers(plan: DemoPlan) -> dict[str, int]:
    """Let Stripe's double know each payment, refund, dispute, deposit and invoice of the demo."""
    return {"objects at the double of Stripe": remember()}
