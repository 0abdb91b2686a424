"""What Stripe says of a recurring gift it charges, beside it on its page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core import clock
from core.theme.figures import day_in_words
from donations.models import AskedState, FailedCharge, RecurringGift
from donations.stripe.billing import reasons
from donations.stripe.billing.pending import pending_words

_SHOWN = 8


def stripe_says(promise: RecurringGift) -> dict[str, Any]:
    """Return what the side panel says: how it stands at Stripe, what is asked, what failed."""
    subscription = getattr(promise, "subscription", None)
    if subscription is None:
        return {"facts": [], "pending": "", "failures": []}
    card = subscription.paid_with
    if subscription.expires_year:
        card = f"{card} ({subscription.expires_month:02d}/{subscription.expires_year})"
    facts = [
        (_("Status at Stripe"), subscription.status.replace("_", " "), None),
        (_("Charged to"), card, None),
        (_("Next charge"), day_in_words(promise.next_due_on, "medium") if promise.next_due_on else "", None),
        (_("Subscription"), subscription.subscription_id, _at_stripe(subscription)),
        (_("Read at"), day_in_words(clock.local_date(subscription.synced_at), "medium"), None),
    ]
    asked = subscription.asked.select_related("by")[:1]
    refused = next((each for each in asked if each.state == AskedState.REFUSED), None)
    return {
        "facts": [fact for fact in facts if fact[1]],
        "pending": pending_words(promise),
        "refused": refused,
        "failures": [_row(failure) for failure in subscription.failures.all()[:_SHOWN]],
    }


def _at_stripe(subscription: Any) -> str:
    where = "" if subscription.livemode else "test/"
    return f"https://dashboard.stripe.com/{where}subscriptions/{subscription.subscription_id}"


def _row(failure: FailedCharge) -> dict[str, Any]:
    state, tone = (_("settled"), "good") if failure.settled_at is not None else (_("open"), "wrong")
    return {"failure": failure, "why": reasons.of(failure), "state": state, "tone": tone}
