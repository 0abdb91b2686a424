"""The gift a payment is: found by what we told Stripe, posted when it is paid, given up when it failed."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit, urlunsplit

from django.utils import translation
from django.utils.translation import gettext as _

from core import clock, mail
from core.mail.rendering import absolute_url
from donations.accounting.periods import first_open_day
from donations.models import Checkout, CheckoutState, Gift, GiftStatus, Method, OnlinePayment, StripeCustomer
from donations.services.gifts import post_gift, revive_gift
from donations.stripe.billing import reasons
from donations.stripe.syncing import pages
from donations.stripe.syncing.facts import PaymentFacts, SessionFacts, named

logger = logging.getLogger("donations.stripe")


def find_gift(payment: OnlinePayment, facts: PaymentFacts) -> Gift | None:
    """Return the gift a payment was asked for with, locked; None when it is no form's, or came another way already.

    A payment of another amount than the gift is none of it: somebody has to look.
    """
    if (which := named(facts.metadata, "gift")) is None:
        return None
    gift = Gift.objects.select_for_update(of=("self",)).select_related("donor").filter(uuid=which).first()
    if gift is None or gift.is_posted or OnlinePayment.objects.filter(gift=gift).exclude(pk=payment.pk).exists():
        return None
    if gift.money != payment.money:
        logger.error("Payment %s of %s is not the %s of gift %s.", payment.pk, payment.money, gift.money, gift.pk)
        return None
    if facts.customer_id:
        known = {"constituent": gift.donor, "livemode": facts.livemode}
        StripeCustomer.objects.get_or_create(customer_id=facts.customer_id, defaults=known)
    return gift


def post_paid(payment: OnlinePayment, *, method: Method) -> None:
    """Post the gift of a payment that is paid, once; also one that had been given up.

    It is dated by the local day of the charge, or the first open day when the books of that day are closed. A fund
    whose last day was when the form was sent still gets it: the money is here, and was given for that.
    """
    gift = payment.gift
    if gift is None or gift.status not in (GiftStatus.PENDING, GiftStatus.CANCELLED) or payment.charged_at is None:
        return
    if gift.status == GiftStatus.CANCELLED:
        gift = revive_gift(gift, by=None, reason=_("It was paid after all."))
    day = max(clock.local_date(payment.charged_at), first_open_day())
    payment.gift = post_gift(gift, by=None, received_on=day, promised_on=gift.received_on, method=method)
    Checkout.objects.filter(gift=gift).update(state=CheckoutState.COMPLETE)


def tell_of_failure(payment: OnlinePayment, page: SessionFacts) -> None:
    """Give up the gift of a payment that failed after its page was completed, and write to the donor, once."""
    if page.status != "complete":
        return
    checkout = pages.fail(page, reason=payment.failure_message or _("The bank did not make the payment."))
    if checkout is None or not checkout.email:
        return
    language = str(checkout.facts.get("language") or checkout.donor.language or "") or None
    with translation.override(language or translation.get_language()):
        mail.send(
            to=checkout.email,
            template="payment_failed",
            context={
                "gift": checkout.gift,
                "name": checkout.donor.informal_name,
                "why": reasons.in_words(payment.failure_code),
                "again": _again(checkout),
            },
            about=checkout.donor,
            language=language,
        )


def _again(checkout: Checkout) -> str:
    """Return where the donor can try again: the address of the form, by our own name and not by the request's."""
    back = urlsplit(checkout.request.get("cancel_url", ""))
    return absolute_url(urlunsplit(("", "", back.path, back.query, ""))) if back.path else ""
