"""From a form to the payment page and back.

    checkout = prepare_gift(token=token, giver=Giver(...), money=money, by=user)     # one transaction
    return redirect(begin(checkout, return_url=..., cancel_url=...))                 # after it has committed
    ...
    match settle(checkout): case Settled.PAID: ...                                   # on the return page

However often the form is sent there is one gift and one page; asking again after a time-out asks for the very same.
"""

from __future__ import annotations

import datetime as dt
import enum
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django_tasks import task
from stripe import StripeClient

from accounts.models import User
from constituents.models import Constituent
from core import clock
from core.money import Money
from donations.errors import (
    OnlineGivingError,
    StripeBrokenError,
    StripeInHandError,
    StripeRefusedError,
    StripeUnavailableError,
)
from donations.models import (
    Appeal,
    Campaign,
    Checkout,
    CheckoutMode,
    CheckoutState,
    Gift,
    GiftSource,
    GiftStatus,
    Method,
    RecurringGift,
)
from donations.promises import setting_up
from donations.promises.schedule import Frequency
from donations.promises.standing import end_recurring
from donations.services.gifts import Allocations, cancel_gift, record_gift, revive_gift
from donations.stripe import gateway, mode
from donations.stripe.donors import Giver, donor_for
from donations.stripe.requests import ASKED_AGAIN_WITHIN, PAGE_LASTS, session_request
from donations.stripe.syncing import pages, sessions

#: The form a gift came by, as its external system: together with the form's token it is unique.
FORM = setting_up.FORM
# Seconds between looks when the same page is being asked for by another click this very moment.
_ANOTHER_CLICK = (0.2, 0.4, 0.8, 1.6)


class Settled(enum.Enum):
    """What the return page can honestly say."""

    PAID = "paid"
    PROCESSING = "processing"  # a bank debit that is on its way
    FAILED = "failed"
    OPEN = "open"  # not paid, or we do not know yet


def known(token: uuid.UUID) -> Checkout | None:
    """Return what a form with that token led to; None when it is new."""
    return Checkout.objects.for_settling().filter(token=token).first()


def whose(token: uuid.UUID) -> int | None:
    """Return the key of the donor a form with that token is from; None when it is new."""
    return Checkout.objects.filter(token=token).values_list("donor", flat=True).first()


def pages_asked_for(token: uuid.UUID) -> int:
    """Return how many payment pages the form with that token has led to; 0 when it is new."""
    return Checkout.objects.filter(token=token).values_list("attempt", flat=True).first() or 0


def prepare_gift(
    *,
    token: uuid.UUID,
    giver: Giver,
    money: Money,
    by: User | None,
    allocations: Allocations | None = None,
    campaign: Campaign | None = None,
    appeal: Appeal | None = None,
    tribute: str = "",
    is_anonymous: bool = False,
    facts: Mapping[str, Any] | None = None,
) -> Checkout:
    """Expect a gift that will be paid online, once for each form token.

    A form that was sent before and says something else now leads to a new gift in place of the one that was not paid.
    Raises what `record_gift` raises.
    """

    def record(donor: Constituent, external_id: str) -> dict[str, Any]:
        gift = record_gift(
            donor=donor,
            money=money,
            received_on=clock.today(),
            by=by,
            allocations=allocations,
            post=False,
            method=Method.CARD,
            source=GiftSource.ONLINE,
            campaign=campaign,
            appeal=appeal,
            tribute=tribute,
            is_anonymous=is_anonymous,
            external_system=FORM,
            external_id=external_id,
        )
        return {"gift": gift, "recurring": None, "mode": CheckoutMode.PAYMENT}

    return _prepare(token, giver, _Form(record, dict(facts or {}), money, None, allocations))


def prepare_recurring(
    *,
    token: uuid.UUID,
    giver: Giver,
    money: Money,
    frequency: Frequency,
    by: User | None,
    allocations: Allocations | None = None,
    campaign: Campaign | None = None,
    appeal: Appeal | None = None,
    replaces: RecurringGift | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Checkout:
    """Write down a recurring gift that will be set up online, once for each form token. Raises what its funds raise.

    The one it `replaces` ends when it begins.
    """

    def record(donor: Constituent, external_id: str) -> dict[str, Any]:
        recurring = setting_up.prepare_recurring(
            donor=donor,
            money=money,
            frequency=frequency,
            by=by,
            allocations=allocations,
            campaign=campaign,
            appeal=appeal,
            replaces=replaces,
            external_system=FORM,
            external_id=external_id,
        )
        return {"gift": None, "recurring": recurring, "mode": CheckoutMode.SUBSCRIPTION}

    return _prepare(token, giver, _Form(record, dict(facts or {}), money, frequency, allocations))


def _prepare(token: uuid.UUID, giver: Giver, form: _Form) -> Checkout:
    try:
        return _prepared(token, giver, form)
    except (IntegrityError, ValidationError):
        # The same form, sent twice at one moment: the other one was quicker.
        if (found := known(token)) is None:
            raise
        return found


@transaction.atomic
def _prepared(token: uuid.UUID, giver: Giver, form: _Form) -> Checkout:
    found = Checkout.objects.select_for_update().filter(token=token).first()
    if found is not None and found.state == CheckoutState.COMPLETE:
        return found
    donor = donor_for(giver)
    email = giver.email or donor.primary_email
    if found is not None and (found.donor_id, found.email) == (donor.pk, email) and form.is_what(found):
        return found
    if found is None:
        _pay_instead_of_promising(token)
        return Checkout.objects.create(
            token=token,
            donor=donor,
            email=email,
            facts=form.facts,
            livemode=mode.current().is_live,
            **form.record(donor, str(token)),
        )
    _give_up(found, _("The donor changed the form."))
    _forget_page(found)
    for name, value in form.record(donor, f"{token}-{found.attempt + 1}").items():
        setattr(found, name, value)
    found.donor, found.email, found.facts = donor, email, form.facts
    found.save()
    return found


@dataclass(frozen=True)
class _Form:
    """What a form asks for, and how that is written down."""

    record: Callable[[Constituent, str], dict[str, Any]]
    facts: dict[str, Any]
    money: Money
    frequency: Frequency | None
    allocations: Allocations | None

    def is_what(self, checkout: Checkout) -> bool:
        """Whether a checkout is for just this: then the form was only sent again."""
        subject = checkout.subject
        frequency = subject.frequency if isinstance(subject, RecurringGift) else None
        if (subject.money, frequency, checkout.facts) != (self.money, self.frequency, self.facts):
            return False
        parts = {part.fund_id: part.amount for part in subject.allocations.all()}
        return self.allocations is None or parts == {fund.pk: amount for fund, amount in self.allocations}


def _pay_instead_of_promising(token: uuid.UUID) -> None:
    """Give up what the same form had promised by transfer or cheque: it is paid online now."""
    promised = Gift.objects.expected().filter(external_system=FORM, external_id=str(token)).first()
    if promised is not None:
        Gift.objects.filter(pk=promised.pk).update(external_id=f"{token}-promised")
        cancel_gift(promised, by=None, reason=_("The donor pays online instead."))
    for standing in setting_up.promised(token).live():
        end_recurring(standing, by=None, reason=_("The donor pays online instead."))


@transaction.atomic
def give_up(checkout: Checkout, *, reason: str) -> None:
    """Give up what was not paid, as another form has taken its place; the page closes beside the web.

    What was completed stays as it is.
    """
    row = Checkout.objects.select_for_update(of=("self",)).for_settling().get(pk=checkout.pk)
    if row.state == CheckoutState.COMPLETE:
        return
    _give_up(row, reason)
    if row.session_id and row.state == CheckoutState.OPEN:
        close_page.enqueue(row.session_id)
    row.state = CheckoutState.EXPIRED
    row.save(update_fields=["state"])


def _give_up(checkout: Checkout, reason: str) -> None:
    if checkout.gift is not None and checkout.gift.status == GiftStatus.PENDING:
        cancel_gift(checkout.gift, by=None, reason=reason)
    elif checkout.recurring is not None:
        setting_up.abandon_recurring(checkout.recurring, reason=reason)


#: What `_forget_page` takes off a row.
_OF_A_PAGE = ("session_id", "url", "expires_at", "request", "state")


def _forget_page(checkout: Checkout) -> None:
    """Let the next attempt get a page of its own; one that is still open is closed beside the web."""
    if checkout.session_id and checkout.state == CheckoutState.OPEN:
        close_page.enqueue(checkout.session_id)
    checkout.session_id, checkout.url, checkout.expires_at, checkout.request = None, "", None, {}
    checkout.state = CheckoutState.OPEN


@task
def close_page(session_id: str) -> None:
    """Close a payment page that another has taken the place of, so that nobody pays on both."""
    with suppress(StripeRefusedError), gateway.answering():  # completed or expired already
        gateway.for_jobs().v1.checkout.sessions.expire(session_id, options={"idempotency_key": f"close-{session_id}"})


def begin(checkout: Checkout, *, return_url: str, cancel_url: str, is_signed_in: bool = False) -> str:
    """Return the address to send the donor to: of the page there is, of a new one, or back when it is paid already.

    Call it outside any transaction; both addresses are whole ones. Raises StripeBusyError, StripeUnavailableError and
    StripeRefusedError; the gift is kept, and the same call may be made again.
    """
    row = _attempt(checkout, return_url=return_url, cancel_url=cancel_url, is_signed_in=is_signed_in)
    if there_is := _page_there_is(row, return_url):
        return there_is
    client = gateway.for_donor()
    try:
        return _new_page(row, client)
    except StripeRefusedError:
        if "customer" not in row.request:
            raise
    # Deleted at Stripe, or with a subscription in another currency there: the donor gives as anybody would.
    _spend_attempt(row)
    row = _attempt(checkout, return_url=return_url, cancel_url=cancel_url, is_signed_in=False)
    return _page_there_is(row, return_url) or _new_page(row, client)


def _page_there_is(row: Checkout, return_url: str) -> str:
    """Return where an attempt leads without asking Stripe: back when it is paid, to its page; empty when to neither."""
    if _is_done(row):
        return return_url
    return row.url if row.is_usable(clock.now()) else ""


def _new_page(row: Checkout, client: StripeClient) -> str:
    """Ask Stripe for the page of an attempt, and return its address."""
    try:
        with gateway.answering():
            session = client.v1.checkout.sessions.create(row.request, {"idempotency_key": row.key})
    except StripeInHandError:
        return _of_another_click(row)
    except StripeBrokenError:
        # A page that was made all the same is one nobody can find.
        _spend_attempt(row)
        raise
    return pages.remember(row, session.to_dict())


def _spend_attempt(row: Checkout) -> None:
    """Have the next try ask anew, under a key of its own: Stripe answers the same key the same for a day."""
    Checkout.objects.filter(pk=row.pk, attempt=row.attempt, session_id=None).update(request={})


def _of_another_click(checkout: Checkout) -> str:
    """Return the page that another click of the same donor is asking for this very moment."""
    for seconds in _ANOTHER_CLICK:
        time.sleep(seconds)
        checkout.refresh_from_db()
        if checkout.is_usable(clock.now()):
            return checkout.url
    raise StripeUnavailableError


@transaction.atomic
def _attempt(checkout: Checkout, *, return_url: str, cancel_url: str, is_signed_in: bool) -> Checkout:
    """Write down what will be asked of Stripe, so that a second try after a time-out asks for exactly that."""
    now = clock.now()
    row = Checkout.objects.select_for_update(of=("self",)).for_settling().get(pk=checkout.pk)
    if _is_done(row) or row.is_usable(now):
        return row
    if row.request and row.state == CheckoutState.OPEN and not row.session_id and _asked_lately(row, now):
        return row
    _forget_page(row)
    _expect_again(row)
    row.attempt += 1
    row.request = session_request(row, now=now, return_url=return_url, cancel_url=cancel_url, is_signed_in=is_signed_in)
    row.save(update_fields=[*_OF_A_PAGE, "attempt"])
    return row


def _is_done(row: Checkout) -> bool:
    """Whether nothing is to be paid any more: it was, here or another way."""
    return row.state == CheckoutState.COMPLETE or (row.gift is not None and row.gift.is_posted)


def _asked_lately(row: Checkout, now: dt.datetime) -> bool:
    ends_at = dt.datetime.fromtimestamp(row.request["expires_at"], tz=dt.UTC)
    return ends_at - now > PAGE_LASTS - ASKED_AGAIN_WITHIN


def _expect_again(row: Checkout) -> None:
    if row.gift is not None and row.gift.status == GiftStatus.CANCELLED:
        row.gift = revive_gift(row.gift, by=None, reason=_("The donor tries again."))


def settle(checkout: Checkout) -> Settled:
    """Ask Stripe how a payment stands, and say so."""
    return standing(look_again(Checkout.objects.for_settling().get(pk=checkout.pk)))


def look_again(checkout: Checkout) -> Checkout:
    """Ask Stripe how a payment stands, as the webhook does, and return the row, which was read just now, as it is then.

    Neither trusts that the donor came back. When Stripe does not say, the row is what we know; the webhook brings the
    rest.
    """
    if not checkout.session_id or standing(checkout) not in (Settled.OPEN, Settled.PROCESSING):
        return checkout
    with suppress(OnlineGivingError):  # logged where it happened, in Stripe's words
        sessions.sync(checkout.session_id, client=gateway.for_donor())
    return Checkout.objects.for_settling().get(pk=checkout.pk)


def standing(checkout: Checkout) -> Settled:
    """Return how a payment stands, by our own rows."""
    if checkout.gift is not None and checkout.gift.is_posted:
        return Settled.PAID
    if checkout.recurring is not None and checkout.recurring.gifts.filter(posted_at__isnull=False).exists():
        return Settled.PAID
    match checkout.state:
        case CheckoutState.COMPLETE:
            return Settled.PROCESSING
        case CheckoutState.FAILED:
            return Settled.FAILED
        case _:
            return Settled.OPEN
