"""Another card: given on Stripe's own page, and then charged by the subscription.

Stripe's page makes the new card the customer's default. Checkout gave the subscription one of its own, which goes
first: so when the donor is back, or Stripe says that the customer changed, the subscription is told to use the new one.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from stripe import StripeClient

from accounts.models import User
from core import clock
from donations.models import AskedChange, RecurringGift, StripeSubscription
from donations.promises.errors import PromiseError
from donations.stripe import gateway
from donations.stripe.billing import asking
from donations.stripe.syncing import subscriptions

#: What the customer gives later is for another gift of theirs, or for something else in the account at Stripe.
_PAGE_IS_USED_WITHIN = dt.timedelta(days=1)


def replacement_page(recurring: RecurringGift, *, return_url: str, language: str) -> str:
    """Return the address of Stripe's page for another card, which leads back to a whole address of ours.

    Call it outside any transaction. Raises PromiseError when it has ended, StripeBusyError, StripeUnavailableError.
    """
    subscription = asking.subscription_of(recurring)
    if subscription.is_over:
        raise PromiseError(asking.OVER_WORDS)
    params: Any = {
        "customer": subscription.customer_id,
        "return_url": return_url,
        "locale": language if language in ("en", "fr", "de") else "auto",
        "flow_data": {
            "type": "payment_method_update",
            "after_completion": {"type": "redirect", "redirect": {"return_url": return_url}},
        },
    }
    client, now = gateway.for_donor(), clock.now()
    StripeSubscription.objects.filter(pk=subscription.pk).update(card_asked_at=now)
    with gateway.answering():
        # A page nobody visits is forgotten, and one that is asked for twice costs nothing: each time has its own key.
        key: Any = {"idempotency_key": f"card-{subscription.pk}-{recurring.uuid}-{now:%Y%m%dT%H%M%S%f}"}
        session = client.v1.billing_portal.sessions.create(params, key)
    return session.url


def adopt(recurring: RecurringGift, *, by: User | None, client: StripeClient | None = None) -> AskedChange | None:
    """Let the subscription use the card its customer has given last; None when it does already.

    Raises StillAskingError, StripeRefusedError; when no answer comes the clock goes on.
    """
    subscription = asking.subscription_of(recurring)
    client = client or gateway.for_donor()
    facts = subscriptions.fetch(subscription.subscription_id, client=client)
    subscriptions.apply(facts)
    if facts.is_over or not facts.customers_method or facts.customers_method == facts.payment_method:
        return None
    return asking.carry_out(asking.use_card(recurring, method=facts.customers_method, by=by), client=client)


def customer_changed(customer_id: str) -> None:
    """Look at the subscriptions of a customer whose donor was sent to give another card. Called for Stripe's events."""
    lately = clock.now() - _PAGE_IS_USED_WITHIN
    waiting = StripeSubscription.objects.filter(customer_id=customer_id, card_asked_at__gt=lately)
    for subscription in waiting.select_related("recurring").order_by("pk"):
        if not subscription.is_over and not subscription.asked.waiting().exists():
            adopt(subscription.recurring, by=None, client=gateway.for_jobs())


def method_changed(payment_method_id: str) -> None:
    """Read again who pays with a payment method: its bank has sent a new expiry date or number."""
    for row in StripeSubscription.objects.filter(payment_method_id=payment_method_id).order_by("pk"):
        if not row.is_over:
            subscriptions.sync(row.subscription_id)
