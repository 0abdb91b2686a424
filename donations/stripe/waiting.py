"""What of online giving waits for somebody."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext_lazy

from constituents.work.waiting import Waiting, WaitingWork
from donations.models import Dispute, EventState, OnlinePayment, StripeEvent
from donations.stripe.deposits import payouts_off


def unmatched_payments(user: Any) -> Waiting:
    """Return how many payments nobody has said anything about."""
    number = OnlinePayment.objects.unmatched().count()
    text = ngettext_lazy(
        "online payment waits for somebody to say what it is",
        "online payments wait for somebody to say what they are",
        number,
    )
    return Waiting(number, text, f"{reverse('online_payments:index')}?unmatched=true")


def open_disputes(user: Any) -> Waiting:
    """Return how many disputes have to be answered."""
    number = Dispute.objects.waiting_for_us().count()
    text = ngettext_lazy("disputed payment has to be answered", "disputed payments have to be answered", number)
    return Waiting(number, text, reverse("disputes:index"))


def failed_events(user: Any) -> Waiting:
    """Return how many events could not be handled."""
    number = StripeEvent.objects.failed().count()
    text = ngettext_lazy("message of Stripe could not be handled", "messages of Stripe could not be handled", number)
    return Waiting(number, text, f"{reverse('stripe_events:index')}?state={EventState.FAILED.value}")


def payouts_that_do_not_add_up(user: Any) -> Waiting:
    """Return how many payouts are not what they are made of."""
    number = payouts_off().count()
    text = ngettext_lazy("payout does not add up", "payouts do not add up", number)
    return Waiting(number, text, reverse("payouts:index"))


ONLINE_WORK = (
    WaitingWork("unmatched_payments", unmatched_payments, permission="donations.resolve_onlinepayment", order=13),
    WaitingWork("open_disputes", open_disputes, permission="donations.resolve_onlinepayment", order=5),
    WaitingWork("failed_events", failed_events, permission="donations.retry_stripeevent", order=14),
    WaitingWork("payouts_off", payouts_that_do_not_add_up, permission="donations.sync_payout", order=15),
)
