"""What the page says when the donor comes back: by what Stripe says, never by the address one came by."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import urlencode

from core import clock
from core.money import Money
from donations.models import (
    Checkout,
    CheckoutState,
    Gift,
    GiftSource,
    Method,
    Receipt,
    RecurringGift,
    RecurringKind,
)
from donations.promises.setting_up import FORM
from donations.receipts.delivery import receipt_response
from donations.services.receipt_numbers import why_not_receiptable
from donations.stripe.checkout import Settled, look_again, standing
from donations.thanks.letters import gifts_to_thank
from donations.thanks.mailing import MailOfThanks, mail_of_thanks
from website.giving import keeping
from website.giving.frequencies import Often, amount_in_words
from website.giving.taking import CANCELLED, UNREACHED

if TYPE_CHECKING:
    from website.models import GivingPage

#: How long the address of a gift hands out its receipt; it may be passed on, and a receipt names its donor.
RECEIPT_FOR = dt.timedelta(hours=24)
#: The payment page was left open until Stripe closed it.
EXPIRED = "expired"
#: A month's gift is asked for at about this part of a single one.
MONTHLY_PART = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a gift stands, and what the page shows of it.

    `kind` is paid, processing, checking, failed, cancelled, expired, unreached, promised, promised_regularly, ended or
    received.
    """

    kind: str
    which: uuid.UUID
    money: Money
    subject: Gift | RecurringGift
    gift: Gift | None = None
    often: str = ""
    fee: Money | None = None
    given_name: str = ""
    how: tuple[str, ...] = ()
    receipt: Receipt | None = None
    offer: Money | None = None
    offer_address: str = ""
    again_address: str = ""
    promise_address: str = ""
    pay_address: str = ""
    receipt_address: str = ""
    dedication: str = ""
    is_test: bool = False
    mail: MailOfThanks | None = None
    gets_receipt: bool = False

    @property
    def offer_in_words(self) -> str:
        """What is offered for each month."""
        return amount_in_words(self.offer) if self.offer else ""

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is expected to change by itself soon."""
        return self.kind not in ("processing", "checking")

    @property
    def is_thanks(self) -> bool:
        """Whether there is something to thank for already."""
        return self.kind in ("paid", "processing", "promised", "promised_regularly", "received")


def outcome_of(page: GivingPage, request: HttpRequest, which: uuid.UUID) -> Outcome | None:
    """Return how the gift with that address stands; None when there is none."""
    checkout = Checkout.objects.for_settling().filter(uuid=which).first()
    if checkout is not None:
        return _of_payment(page, request, checkout)
    gifts = Gift.objects.filter(uuid=which, source=GiftSource.ONLINE, checkout__isnull=True)
    gift = gifts.prefetch_related("allocations__fund").first()
    if gift is not None:
        return _of_promise(page, gift)
    standing = RecurringGift.objects.for_list().filter(uuid=which, kind=RecurringKind.STANDING_ORDER)
    recurring = standing.filter(external_system=FORM).first()
    return _of_standing_order(page, recurring) if recurring is not None else None


def _of_promise(page: GivingPage, gift: Gift) -> Outcome:
    return Outcome(
        kind="promised" if gift.status == "pending" else "received",
        which=gift.uuid,
        money=gift.money,
        subject=gift,
        gift=gift,
        how=tuple(page.how(gift.method)),
    )


def _of_standing_order(page: GivingPage, recurring: RecurringGift) -> Outcome:
    return Outcome(
        kind="promised_regularly" if recurring.is_live else "ended",
        which=recurring.uuid,
        money=recurring.money,
        subject=recurring,
        often=_often(recurring),
        how=tuple(page.how(recurring.method)),
    )


def _of_payment(page: GivingPage, request: HttpRequest, checkout: Checkout) -> Outcome:
    checkout = look_again(checkout)
    kind = _kind(standing(checkout), checkout, request.GET.get("state", ""))
    typed = keeping.recall(request, str(checkout.uuid))[1]
    if kind in ("paid", "processing"):
        keeping.note_paid(request, checkout.uuid)
    gift = _gift_of(checkout)
    if gift is not None and kind == "paid":
        gift = _in_full(gift)
    subject = gift if gift is not None and checkout.gift is not None else checkout.subject
    again = {"again": str(checkout.uuid)}
    here = page.get_url(request)
    fee = Decimal(str(checkout.facts.get("fee_cover") or 0))
    return Outcome(
        kind=kind,
        which=checkout.uuid,
        money=subject.money,
        subject=subject,
        gift=gift,
        often=_often(subject),
        fee=Money(fee, subject.currency) if fee else None,
        given_name=typed.get("given_name", ""),
        receipt=_receipt(gift) if kind == "paid" else None,
        pay_address=page.address_of(request, "pay", checkout.uuid),
        receipt_address=page.address_of(request, "receipt", checkout.uuid),
        dedication=checkout.gift.tribute if checkout.gift else "",
        is_test=not checkout.livemode,
        again_address=f"{here}?{urlencode(again)}",
        promise_address=f"{here}?{urlencode(again | {'method': Method.TRANSFER.value})}",
        **(_follows(gift) | _offer(page, request, checkout) if kind == "paid" else {}),
    )


def _follows(gift: Gift | None) -> dict[str, Any]:
    """Say what the donor gets of it besides this page: only what is sure to come."""
    if gift is None:
        return {}
    gets_receipt = not why_not_receiptable(gift)
    return {"mail": mail_of_thanks(gift, gets_receipt=gets_receipt), "gets_receipt": gets_receipt}


def _in_full(gift: Gift) -> Gift:
    """Return a gift with all that the page says and asks of it, read in one go."""
    return gifts_to_thank(Gift.objects.select_related("valuation").filter(pk=gift.pk)).get()


def _kind(settled: Settled, checkout: Checkout, state: str) -> str:
    if settled is not Settled.OPEN:
        return settled.value
    if state == CANCELLED:
        return CANCELLED
    if checkout.state == CheckoutState.EXPIRED:
        return EXPIRED
    # Without a page nothing can have been paid: Stripe could not be reached.
    return "checking" if checkout.session_id and state != UNREACHED else UNREACHED


def _often(subject: Gift | RecurringGift) -> str:
    if not isinstance(subject, RecurringGift):
        return Often.ONCE.value
    return next((often.value for often in Often if often.frequency == subject.frequency), Often.MONTH.value)


def _offer(page: GivingPage, request: HttpRequest, checkout: Checkout) -> dict[str, Any]:
    """Offer, after a single gift of who gives nothing regularly, a part of it each month; the form comes filled in."""
    if checkout.gift is None or RecurringGift.objects.live().filter(donor=checkout.gift.donor_id).exists():
        return {}
    money = Money(Decimal(str(checkout.facts.get("net") or checkout.money.plain)), checkout.money.currency)
    suggestions = page.suggestions(money.currency)
    amounts = [amount for amount in suggestions.amounts.get(Often.MONTH, []) if amount <= money.amount]
    if not amounts or suggestions.currency != money.currency:
        return {}
    amount = min(amounts, key=lambda amount: abs(amount - money.amount / MONTHLY_PART))
    asked = {"again": str(checkout.uuid), "frequency": Often.MONTH.value, "amount": f"{amount.normalize():f}"}
    return {
        "offer": Money(amount, money.currency),
        "offer_address": f"{page.get_url(request)}?{urlencode(asked)}",
    }


def _receipt(gift: Gift | None) -> Receipt | None:
    """Return the receipt to hand out on this page: drawn, and of a gift that came just now."""
    if gift is None or gift.posted_at is None or clock.now() - gift.posted_at > RECEIPT_FOR:
        return None
    receipt = gift.live_receipt
    if receipt is None or not receipt.file or not receipt.is_deliverable:
        return None
    # One over several gifts says more than this page is about.
    return receipt if receipt.lines.count() == 1 else None


def _gift_of(checkout: Checkout) -> Gift | None:
    """Return the gift a payment page is for; of a recurring one the first that came."""
    if checkout.gift is not None or checkout.recurring is None:
        return checkout.gift
    return checkout.recurring.gifts.filter(posted_at__isnull=False).order_by("pk").first()


def receipt_of(request: HttpRequest, which: uuid.UUID) -> HttpResponse:
    """Return the receipt of a gift that was paid in the last day; 404 for anything else."""
    checkout = Checkout.objects.for_settling().filter(uuid=which).first()
    receipt = _receipt(_gift_of(checkout)) if checkout is not None else None
    if receipt is None:
        raise Http404
    return receipt_response(receipt)
