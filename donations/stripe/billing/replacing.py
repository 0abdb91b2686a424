"""A recurring gift that was set up again: the one it stands for ends, so that nobody is ever charged by both.

Stripe gives up in one of two ways. Cancelled, a subscription is over, and its unpaid invoice may still be paid by its
page; *unpaid*, it sleeps, and whoever pays that invoice wakes it. Either way the donor has begun anew: the old one is
cancelled and its open invoices are voided, beside the web.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django_tasks import task

from donations.models import Asked, AskedState, RecurringGift
from donations.promises.refreshing import locked
from donations.stripe import gateway
from donations.stripe.billing import asking, sending, terms


def end_replaced(sender: type, *, recurring: RecurringGift, **kwargs: Any) -> None:
    """End what a recurring gift that has just begun takes the place of; in the transaction in which it begins."""
    if recurring.replaces is None:
        return
    old = locked(recurring.replaces)
    subscription = asking.subscription_of(old)
    if subscription.is_over:
        close_invoices.enqueue(subscription.subscription_id)
        return
    # Whatever was asked of it before matters no more: it ends.
    for waiting in subscription.asked.waiting():
        terms.settle(waiting, state=AskedState.REFUSED, answer=_("It was set up again instead."))
    asked = asking.ask(old, Asked.STOP, {}, None, _("The donor set it up again."))
    asking.carry_out_later.enqueue(asked.pk)


@task
def close_invoices(subscription_id: str) -> None:
    """Void what could not be charged of a subscription that is over."""
    sending.void_open_invoices(subscription_id, gateway.for_jobs())
