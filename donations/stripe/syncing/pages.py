"""The rows of payment pages: what became of each, and of what it was for."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from stripe import StripeClient

from core import clock
from donations.models import Checkout, CheckoutState, GiftStatus, StripeCustomer
from donations.promises.setting_up import abandon_recurring
from donations.services.gifts import cancel_gift
from donations.stripe import gateway
from donations.stripe.syncing.facts import PaymentFacts, SessionFacts, named, payment_facts, session_facts


def fetch(session_id: str, client: StripeClient) -> SessionFacts:
    """Return what Stripe says of a payment page."""
    return fetch_with_payment(session_id, client)[0]


def fetch_with_payment(session_id: str, client: StripeClient) -> tuple[SessionFacts, PaymentFacts | None]:
    """Return what Stripe says of a payment page and of the payment made on it, by one question: a donor may wait."""
    asked_at = clock.now()
    with gateway.answering():
        found = client.v1.checkout.sessions.retrieve(
            session_id, {"expand": ["payment_intent.latest_charge.balance_transaction"]}
        )
    session = found.to_dict()
    intent = session.get("payment_intent")
    payment = payment_facts(intent, asked_at=asked_at) if intent else None
    return session_facts(session, asked_at=asked_at), payment


def fetch_of_payment(payment_intent: str, client: StripeClient) -> SessionFacts | None:
    """Return the payment page that a payment was made on; None when it was made elsewhere."""
    asked_at = clock.now()
    with gateway.answering():
        found = client.v1.checkout.sessions.list({"payment_intent": payment_intent, "limit": 1})
    return session_facts(found.data[0].to_dict(), asked_at=asked_at) if found.data else None


def hold(checkout: uuid.UUID) -> None:
    """Lock the row of the checkout that Stripe names, if it is one of ours, until the transaction ends."""
    list(Checkout.objects.select_for_update().filter(uuid=checkout).values_list("pk"))


def remember(checkout: Checkout, session: dict[str, Any]) -> str:
    """Write down the page that Stripe made for an attempt; return its address."""
    facts = session_facts(session, asked_at=clock.now())
    asked = Checkout.objects.filter(pk=checkout.pk, attempt=checkout.attempt, state=CheckoutState.OPEN)
    asked.update(session_id=facts.session_id, url=facts.url, expires_at=facts.expires_at)
    return facts.url


@transaction.atomic
def apply(facts: SessionFacts) -> Checkout | None:
    """Bring the row of a payment page to what Stripe says; return it, or None when the page is none of ours.

    Pages of an earlier attempt change nothing, unless somebody paid there after all.
    """
    row = _row_of(facts)
    if row is None:
        return None
    if facts.customer_id and facts.status == "complete":
        StripeCustomer.objects.get_or_create(
            customer_id=facts.customer_id, defaults={"constituent_id": row.donor_id, "livemode": facts.livemode}
        )
    if row.session_id is None and facts.metadata.get("attempt") == str(row.attempt):
        # We never heard the answer when it was made.
        row.session_id, row.url, row.expires_at = facts.session_id, facts.url, facts.expires_at
    if row.session_id == facts.session_id and row.state == CheckoutState.OPEN:
        if facts.status == "complete":
            row.state = CheckoutState.COMPLETE
        elif facts.status == "expired":
            row.state = CheckoutState.EXPIRED
            _give_up(row)
    row.save(update_fields=["session_id", "url", "expires_at", "state"])
    return row


def _row_of(facts: SessionFacts) -> Checkout | None:
    rows = Checkout.objects.select_for_update(of=("self",)).for_settling()
    found = rows.filter(session_id=facts.session_id).first()
    if found is None and (ours := named(facts.metadata, "checkout")):
        found = rows.filter(uuid=ours).first()
    return found


def _give_up(row: Checkout) -> None:
    reason = _("The payment page was left and has expired.")
    if row.gift is not None and row.gift.status == GiftStatus.PENDING:
        cancel_gift(row.gift, by=None, reason=reason)
    elif row.recurring is not None:
        abandon_recurring(row.recurring, reason=reason)


@transaction.atomic
def fail(session: SessionFacts, *, reason: str) -> Checkout | None:
    """Note that what was completed on a page was not paid after all: a bank debit that failed. Once; None after that.

    The gift it was for is given up, and may be tried again by the same form.
    """
    row = Checkout.objects.select_for_update(of=("self",)).for_settling().filter(session_id=session.session_id).first()
    if row is None or row.gift is None or row.state != CheckoutState.COMPLETE:
        return None
    if row.gift.status != GiftStatus.PENDING:
        return None
    row.state = CheckoutState.FAILED
    row.save(update_fields=["state"])
    cancel_gift(row.gift, by=None, reason=reason)
    return row
