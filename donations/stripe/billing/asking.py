"""Donor or staff ask for a change of a recurring gift that Stripe charges.

    asked = change_amount(recurring, money=money, by=user)  # a row, in a transaction of its own
    asked = carry_out(asked)  # Stripe is asked, and read back; never inside a transaction

The row comes first, and its uuid is the idempotency key: when the answer is lost nobody knows whether Stripe did it,
and the clock asks again, with the same key, until it does. Our own rows change only by what Stripe says afterwards.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_tasks import task
from stripe import StripeClient

from accounts.models import User
from core import audit, clock
from core.money import Money
from donations.errors import StripeBrokenError, StripeRefusedError, StripeUnavailableError
from donations.models import Asked, AskedChange, AskedState, Fund, RecurringGift, RecurringStatus, StripeSubscription
from donations.promises.errors import PromiseError
from donations.promises.refreshing import locked
from donations.promises.schedule import Frequency
from donations.promises.standing import change_recurring
from donations.stripe import gateway
from donations.stripe.billing import sending, telling, terms
from donations.stripe.minor import is_chargeable, least

logger = logging.getLogger("donations.stripe")

#: How far from today a charge may be put off, and a pause may last.
LONGEST_PUT_OFF, LONGEST_PAUSE = dt.timedelta(days=400), dt.timedelta(days=366)
# Stripe draws the invoice up when the period ends: what is asked by then comes too late for it.
_TOO_LATE_TO_CHANGE = dt.timedelta(hours=1)
# Stripe forgets a key after a day at the earliest; what is asked then is the same wish once more, and nothing here adds
# up when it is done twice.
_FIRST_PAUSE, _LONGEST = dt.timedelta(minutes=1), dt.timedelta(hours=4)


OVER_WORDS = _lazy("It has ended: set up a new one.")


class StillAskingError(PromiseError):
    """The change before this one is not settled: two under way could be done in either order."""

    def __init__(self) -> None:
        super().__init__(_("We are still asking the payment service for the change before this one."))


def change_amount(
    recurring: RecurringGift, *, money: Money, by: User | None, reason: str = ""
) -> AskedChange:  # fmt: skip
    """Ask for another amount from the next charge on. Raises PromiseError, StillAskingError."""
    if money == recurring.money:
        raise PromiseError(_("Nothing would change."))
    return ask(recurring, Asked.AMOUNT, _price(recurring, money, recurring.frequency), by, reason)


def change_rhythm(
    recurring: RecurringGift,
    *,
    frequency: Frequency,
    by: User | None,
    money: Money | None = None,
    on: dt.date | None = None,
    reason: str = "",
) -> AskedChange:
    """Ask for another rhythm, and another amount if one is given, from the next charge on, which may be moved too.

    Without `on` the next charge stays on its day: Stripe by itself would charge at once. Raises PromiseError,
    StillAskingError.
    """
    money = money or recurring.money
    if frequency == recurring.frequency:
        raise PromiseError(_("It is charged as often already."))
    _must_be_charged(recurring)
    if on is not None and on != recurring.next_due_on:
        _must_be_near(on)
        at = terms.seconds(on)
    else:
        at = _next_charge(recurring)
    return ask(recurring, Asked.RHYTHM, _price(recurring, money, frequency) | {"at": at}, by, reason)


def _price(recurring: RecurringGift, money: Money, frequency: Frequency) -> dict[str, Any]:
    """Return what is asked for with another price. Raises PromiseError for an amount that cannot be charged."""
    if money.currency != recurring.currency:
        raise PromiseError(_("A recurring gift keeps its currency: end it, and start another."))
    if money < least(money.currency):
        raise PromiseError(_("The least that can be charged is %(least)s.") % {"least": least(money.currency)})
    if not is_chargeable(money):
        raise PromiseError(_("This amount cannot be charged: round it."))
    subscription = subscription_of(recurring)
    often = terms.interval_of(frequency)
    return {"amount": money.plain, "item": subscription.item_id, "product": subscription.product_id, **often}


def _next_charge(recurring: RecurringGift) -> int:
    """Return the instant of the next charge as Stripe counts it; it must be far enough away to be kept."""
    at = subscription_of(recurring).period_ends_at
    if at is None or at <= clock.now() + _TOO_LATE_TO_CHANGE:
        raise PromiseError(_("It is about to be charged: change it when that is done, or choose another day."))
    return int(at.timestamp())


def move_day(recurring: RecurringGift, *, on: dt.date, by: User | None, reason: str = "") -> AskedChange:
    """Ask for the next charge on another day, from which all others count. Raises PromiseError, StillAskingError."""
    _must_be_near(on)
    _must_be_charged(recurring)
    return ask(recurring, Asked.DAY, {"from": on.isoformat()}, by, reason)


def _must_be_near(on: dt.date) -> None:
    today = clock.today()
    if not today < on <= today + LONGEST_PUT_OFF:
        raise PromiseError(_("Choose a day after today, within a year."))


def _must_be_charged(recurring: RecurringGift) -> None:
    """Refuse what moves the next charge while there is none, or the last one is still open."""
    if recurring.status == RecurringStatus.FAILING:
        raise PromiseError(_("The last gift could not be charged yet: replace the card first."))
    if recurring.status == RecurringStatus.PAUSED:
        raise PromiseError(_("It is paused: let it go on first."))


def pause(
    recurring: RecurringGift, *, by: User | None, until: dt.date | None = None, reason: str = ""
) -> AskedChange:  # fmt: skip
    """Ask that nothing is charged until a day, or until told. Raises PromiseError, StillAskingError."""
    today = clock.today()
    if until is not None and not today < until <= today + LONGEST_PAUSE:
        raise PromiseError(_("Choose a day after today, within a year."))
    wanted = {"until": until.isoformat()} if until is not None else {}
    return ask(recurring, Asked.PAUSE, wanted, by, reason)


def resume(recurring: RecurringGift, *, by: User | None, reason: str = "") -> AskedChange:
    """Ask that a pause ends now. Raises PromiseError when it is not paused, StillAskingError."""
    if recurring.status != RecurringStatus.PAUSED:
        raise PromiseError(_("It is going on already."))
    return ask(recurring, Asked.RESUME, {}, by, reason)


def stop(recurring: RecurringGift, *, by: User | None, reason: str = "") -> AskedChange:
    """Ask that nothing is ever charged again. A reason is welcome, and never needed. Raises as the others do."""
    return ask(recurring, Asked.STOP, {}, by, reason or _("The donor stopped it, and gave no reason."))


def use_card(recurring: RecurringGift, *, method: str, by: User | None) -> AskedChange:
    """Ask that a payment method the donor has just given is the one that is charged."""
    return ask(recurring, Asked.CARD, {"method": method}, by, "")


@transaction.atomic
def change_fund(recurring: RecurringGift, *, fund: Fund, by: User | None, reason: str = "") -> RecurringGift:
    """Give all of it to another fund from today on: Stripe need not know. Raises PromiseError, ClosedFundError."""
    if [part.fund_id for part in recurring.allocations.all()] == [fund.pk]:
        raise PromiseError(_("Nothing would change."))
    seen = telling.newest_change(recurring)
    changed = change_recurring(
        recurring,
        by=by,
        effective_on=max(clock.today(), recurring.starts_on),
        allocations=[(fund, recurring.amount)],
        reason=reason,
    )
    telling.tell_of_changes(changed, since=seen)
    return changed


@transaction.atomic
def ask(
    recurring: RecurringGift, what: Asked, wanted: dict[str, Any], by: User | None, reason: str
) -> AskedChange:  # fmt: skip
    """Write down what Stripe is to be asked for. Raises PromiseError when it is over, StillAskingError."""
    recurring = locked(recurring)
    subscription = subscription_of(recurring)
    # What Stripe has given up and not cancelled may still be stopped: paying its invoice would wake it.
    if subscription.is_over or not (recurring.is_live or what == Asked.STOP):
        raise PromiseError(OVER_WORDS)
    if subscription.asked.waiting().exists():
        raise StillAskingError
    asked = AskedChange(
        subscription=subscription, what=what, terms=wanted, reason=reason.strip()[:500], by=by, asked_at=clock.now()
    )
    try:
        with transaction.atomic():
            asked.save()
    except IntegrityError as error:  # somebody else asks at this very moment
        raise StillAskingError from error
    audit.record(
        "recurring.asked", recurring, by=by, new={"what": what, **wanted}, reason=asked.reason, about=recurring.donor
    )
    return asked


def subscription_of(recurring: RecurringGift) -> StripeSubscription:
    """Return what charges a recurring gift. Raises PromiseError when nothing does yet."""
    try:
        return recurring.subscription
    except ObjectDoesNotExist as error:
        raise PromiseError(_("The payment service has not set it up yet.")) from error


def carry_out(asked: AskedChange, *, client: StripeClient | None = None) -> AskedChange:
    """Ask Stripe, and bring what it says into our rows; returns the row as it stands.

    When no answer comes the row stays as asked, and the clock goes on: that is no error. Raises StripeRefusedError,
    with words for whoever asked, when Stripe will not do it. Never call it inside a transaction.
    """
    if asked.state != AskedState.ASKED:
        return asked
    client = client or gateway.for_donor()
    AskedChange.objects.filter(pk=asked.pk).update(tries=F("tries") + 1)
    refusal: StripeRefusedError | None = None
    is_answered = True
    try:
        try:
            with gateway.answering():
                sending.send(asked, client)
        except StripeRefusedError as error:
            refusal = sending.in_words(asked, error)
        except StripeBrokenError:
            is_answered = False
            _spend_key(asked)
        # Also after a refusal or a failure: what cannot be cancelled may have been, what cannot be paid may be paid.
        sending.read_back(asked, client)
    except StripeUnavailableError:
        return _again(asked)
    if refusal is not None and not sending.is_done_all_the_same(asked):
        terms.settle(asked, state=AskedState.REFUSED, answer=refusal.detail)
    elif is_answered:
        terms.settle(asked)
    asked = _again(asked)
    if asked.state == AskedState.REFUSED and refusal is not None:
        raise refusal
    return asked


def _spend_key(asked: AskedChange) -> None:
    """Let the next try have a key of its own: what is asked says how things shall be, and adds up to nothing.

    An invoice is paid once, whatever key it is paid with.
    """
    AskedChange.objects.filter(pk=asked.pk, keys_spent=asked.keys_spent).update(keys_spent=F("keys_spent") + 1)


def _again(asked: AskedChange) -> AskedChange:
    return AskedChange.objects.select_related("subscription__recurring").get(pk=asked.pk)


def ask_again(*, now: dt.datetime) -> int:
    """Have the worker ask again for what is not settled; returns how many. Rung by the clock."""
    due = [asked for asked in AskedChange.objects.waiting().order_by("asked_at")[:200] if _rested_until(asked) <= now]
    for asked in due:
        carry_out_later.enqueue(asked.pk)
    return len(due)


def _rested_until(asked: AskedChange) -> dt.datetime:
    """Return when it is asked again: after 1 minute, 3, 7, 15 and so on, then every four hours."""
    short = min(asked.tries, 8)
    return asked.asked_at + _FIRST_PAUSE * (2**short - 1) + _LONGEST * (asked.tries - short)


@task
def carry_out_later(asked_id: int) -> None:
    """Ask once more, beside the web."""
    asked = AskedChange.objects.waiting().select_related("subscription__recurring").filter(pk=asked_id).first()
    if asked is None:
        return
    try:
        carry_out(asked, client=gateway.for_jobs())
    except StripeRefusedError as refusal:  # it stands in the row, where donor and staff see it
        logger.warning("Change %s of subscription %s: %s", asked.uuid, asked.subscription, refusal)
