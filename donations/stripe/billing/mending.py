"""The link in a mail about a failed charge: no password, good for a month, and good for one thing only.

It names a recurring gift, signed with the site's key and the time. Whoever has it sees how much is given how often and
the end of the card's number, and may give another card or set up again what Stripe gave up: nothing else, and nothing
that takes money which was not promised.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from core.mail.rendering import absolute_url
from donations.models import Checkout, RecurringGift, RecurringKind, RecurringStatus
from donations.promises.errors import PromiseError
from donations.promises.standing import funds_of
from donations.stripe import checkout as checkouts
from donations.stripe.donors import Giver

LASTS = dt.timedelta(days=30)
_signer = signing.TimestampSigner(salt="donations.stripe.billing.mending")


def token_of(recurring: RecurringGift) -> str:
    """Return the signed name of a recurring gift."""
    return _signer.sign(recurring.uuid.hex)


def link(recurring: RecurringGift) -> str:
    """Return the address to write into a mail."""
    return absolute_url(reverse("mend_recurring", args=[token_of(recurring)]))


def recurring_of(token: str) -> RecurringGift | None:
    """Return what a token names; None when it is forged, too old, or of nothing that is here."""
    try:
        name = uuid.UUID(_signer.unsign(token, max_age=LASTS))
    except (signing.BadSignature, ValueError):
        return None
    found = RecurringGift.objects.for_list().filter(uuid=name, kind=RecurringKind.STRIPE)
    return found.select_related("donor", "subscription").first()


def _form_token(recurring: RecurringGift) -> uuid.UUID:
    return uuid.uuid5(recurring.uuid, f"again-{recurring.status_since}")


def set_up_again_before(recurring: RecurringGift) -> Checkout | None:
    """Return the form that was written down when the button was pressed."""
    return Checkout.objects.for_settling().filter(recurring__replaces=recurring).order_by("pk").last()


def successor_of(recurring: RecurringGift) -> RecurringGift | None:
    """Return what it goes on as since it was set up again."""
    return recurring.replaced_by.begun().order_by("pk").last()


def set_up_again(recurring: RecurringGift, *, facts: dict[str, Any] | None = None) -> Checkout:
    """Write down the same gift anew, for the same funds, and return the form that leads to the payment page.

    However often the button is pressed it is one, and when it begins the old one ends. Raises what its
    funds raise, and PromiseError when it was set up again already, or its donor has stopped it.
    """
    if recurring.is_replaced:
        raise PromiseError(_("You have set it up again already: it goes on."))
    if recurring.status == RecurringStatus.ENDED:
        raise PromiseError(_("You stopped this gift. If you would like to give again, we would be glad."))
    return checkouts.prepare_recurring(
        token=_form_token(recurring),
        giver=Giver(email=recurring.donor.primary_email, customer_id=recurring.subscription.customer_id),
        money=recurring.money,
        frequency=recurring.frequency,
        by=None,
        allocations=funds_of(recurring, recurring.money),
        campaign=recurring.campaign,
        appeal=recurring.appeal,
        replaces=recurring,
        facts=facts,
    )
