"""Join: paid at the desk, given by somebody else, free of charge, or asked for and paid later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.models import Constituent, Household
from core import audit, clock
from core.money import Money
from donations.models import Gift, GiftSource, Method
from donations.services.gifts import cancel_gift
from memberships.errors import AlreadyMemberError, ApplicationStateError, LevelError
from memberships.models import (
    BELONGING,
    Application,
    ApplicationState,
    Flag,
    FlagKind,
    Joining,
    Level,
    Membership,
    Status,
    Term,
    TermKind,
)
from memberships.services import upkeep
from memberships.services.dues import Payment, record_dues
from memberships.services.flags import raise_flag
from memberships.services.quotes import Quote, is_cancelled, quote_joining, quote_renewal
from memberships.signals import application_received


@transaction.atomic
def join(
    *,
    holder: Constituent | Household,
    level: Level,
    by: User | None,
    payment: Payment | None = None,
    people: Sequence[Constituent] = (),
    payer: Constituent | None = None,
    given_by: Constituent | None = None,
    starts_on: dt.date | None = None,
    price: Money | None = None,
) -> Term:
    """Make a person, household or organisation a member, with the dues paid.

    Who comes back keeps the old membership and number. `people` are named on the plan of a household, an organisation
    or a person. `payer` gets the bill of a household (else its head); `given_by` pays for a present. `price`
    replaces the dues, without joining fee. Raises AlreadyMemberError, LevelError, CapacityError, PayerError
    or an error of donations.
    """
    on = starts_on or (payment.day if payment else clock.today())
    membership = upkeep.membership_of(holder, payer=payer, by=by)
    _refuse_members(membership, on)
    quote = _quote_for_newcomer(membership, level, on)
    if price is not None:
        quote = replace(quote, price=price, fee=Money.zero(price.currency))
    if quote.total and payment is None:
        raise LevelError(_("Say how the dues were paid, or give the membership free of charge with a reason."))
    upkeep.name_people(membership, people, since=on)
    gift = None
    if payment is not None:
        gift = record_dues(payer=given_by or membership.bill_to, level=level, money=quote.total, payment=payment, by=by)
    kind = TermKind.GIFT if given_by else None
    return upkeep.add_term(membership, quote, by=by, kind=kind, gift=gift)


@transaction.atomic
def comp(
    *,
    holder: Constituent | Household,
    level: Level,
    by: User | None,
    reason: str,
    people: Sequence[Constituent] = (),
    payer: Constituent | None = None,
    starts_on: dt.date | None = None,
) -> Term:
    """Give a term free of charge, with the reason: to a newcomer from today, to a member after the term that runs.

    Raises LevelError without a reason.
    """
    if not reason.strip():
        raise LevelError(_("Say why it is free of charge."))
    on = starts_on or clock.today()
    membership = upkeep.membership_of(holder, payer=payer, by=by)
    if membership.latest_term is not None and not is_cancelled(membership, on):
        quote = quote_renewal(membership, on=on, level=level)
    else:
        quote = quote_joining(level, on=on)
    upkeep.name_people(membership, people, since=on)
    nothing = Money.zero(level.currency)
    quote = replace(quote, price=nothing, fee=nothing)
    return upkeep.add_term(membership, quote, by=by, kind=TermKind.COMP, reason=reason)


def _refuse_members(membership: Membership, on: dt.date) -> None:
    begun_later = membership.terms.real().filter(starts_on__gt=on).exists()
    if membership.status_on(on) in BELONGING or (begun_later and not is_cancelled(membership, on)):
        raise AlreadyMemberError(membership)


def _quote_for_newcomer(membership: Membership, level: Level, on: dt.date) -> Quote:
    """Who comes back while the renewal price holds pays that, and no joining fee."""
    if membership.latest_term is not None and not is_cancelled(membership, on):
        return quote_renewal(membership, on=on, level=level)
    return quote_joining(level, on=on)


@transaction.atomic
def request_membership(
    *,
    holder: Constituent | Household,
    level: Level,
    by: User | None = None,
    method: str = Method.TRANSFER,
    people: Sequence[Constituent] = (),
    payer: Constituent | None = None,
    source: str = GiftSource.ONLINE,
    reference: str = "",
) -> Application:
    """Ask to join or renew and pay later: the dues are expected, and the term begins when they come.

    A level that wants approval waits for it first. The same wish twice is one. Raises AlreadyMemberError while nothing
    is due, LevelError when the level is not for sale, ApplicationStateError when another wish is still open.
    """
    on = clock.today()
    if not level.is_on_sale(on) or level.joining == Joining.INVITATION:
        raise LevelError(_("“%(level)s” cannot be had this way.") % {"level": level})
    membership = upkeep.membership_of(holder, payer=payer, by=by)
    if (waiting := membership.applications.open().first()) is not None:
        if waiting.level_id == level.pk:
            return waiting
        raise ApplicationStateError(
            _("There is an open application for “%(level)s” already.") % {"level": waiting.level}
        )
    status = membership.status_on(on)
    if status in BELONGING and status not in (Status.DUE, Status.GRACE):
        raise AlreadyMemberError(membership)
    upkeep.name_people(membership, people, since=on)
    upkeep.check_capacity(level, membership, upkeep.people_on(membership, on))
    application = Application(
        membership=membership,
        level=level,
        method=method,
        source=source,
        asked_on=on,
        state=ApplicationState.APPROVAL if level.joining == Joining.APPROVAL else ApplicationState.PAYMENT,
    )
    application.full_clean()
    application.save()
    if membership.level is None:
        membership.level = level
        membership.save(update_fields=["level"])
    audit.record(
        "membership.requested", membership, by=by, new={"level": level.name, "method": method}, about=membership.bill_to
    )
    application_received.send(Application, application=application, by=by)
    if application.state == ApplicationState.PAYMENT:
        _expect_dues(application, by=by, reference=reference)
    return application


def _expect_dues(application: Application, *, by: User | None, reference: str = "") -> None:
    membership, on = application.membership, clock.today()
    quote = _quote_for_newcomer(membership, application.level, on)
    payment = Payment(
        method=application.method or Method.TRANSFER,
        received_on=on,
        source=application.source or GiftSource.STAFF,
        reference=reference or membership.number,
    )
    application.gift = record_dues(
        payer=membership.bill_to, level=application.level, money=quote.total, payment=payment, by=by, received=False
    )
    application.save(update_fields=["gift"])
    if application.gift is None:
        complete_application(application, by=by)


@transaction.atomic
def approve_application(application: Application, *, by: User) -> Application:
    """Say yes: from here the dues are expected. Raises ApplicationStateError when it does not wait for approval."""
    application = _locked(application, ApplicationState.APPROVAL)
    application.state = ApplicationState.PAYMENT
    application.save(update_fields=["state"])
    audit.record("membership.approved", application.membership, by=by, about=application.membership.bill_to)
    _expect_dues(application, by=by)
    return application


@transaction.atomic
def decline_application(
    application: Application, *, by: User | None, reason: str, withdrawn: bool = False
) -> Application:
    """Say no, or note that it was withdrawn; dues that were expected no longer are."""
    application = _locked(application, ApplicationState.APPROVAL, ApplicationState.PAYMENT)
    state = ApplicationState.WITHDRAWN if withdrawn else ApplicationState.DECLINED
    application.answer(state, on=clock.today(), by=by, reason=reason)
    application.save()
    if application.gift is not None:
        cancel_gift(application.gift, by=by, reason=reason)
    audit.record(
        f"membership.{state}", application.membership, by=by, reason=reason, about=application.membership.bill_to
    )
    return application


@transaction.atomic
def complete_application(application: Application, *, by: User | None, gift: Gift | None = None) -> Term | Flag:
    """Begin the term that was asked for, now that its dues are here; called when they are posted.

    When the membership was renewed in another way meanwhile, it is not extended twice: the payment is flagged.
    """
    application = _locked(application, ApplicationState.PAYMENT)
    membership = upkeep.locked(application.membership)
    on = gift.received_on if gift is not None else clock.today()
    application.answer(ApplicationState.DONE, on=clock.today(), by=by)
    application.save()
    last = membership.latest_term
    running = last is not None and not is_cancelled(membership, on)
    if gift is not None and last is not None and running and is_paid_ahead(last, on):
        return raise_flag(FlagKind.PAID_TWICE, membership, gift=gift, term=last, by=by)
    quote = _quote_for_newcomer(membership, application.level, on)
    if gift is not None and gift.money != quote.total:
        # The price has changed since it was asked for: what was agreed counts.
        quote = replace(quote, price=gift.money, fee=Money.zero(gift.currency))
    return upkeep.add_term(membership, quote, by=by, gift=gift)


def is_paid_ahead(last: Term, on: dt.date) -> bool:
    """Whether a payment on a day finds nothing to pay for: the term is for life, or renewal has not opened."""
    return last.ends_on is None or (last.due_from is not None and on < last.due_from)


def _locked(application: Application, *states: ApplicationState) -> Application:
    found = (
        Application.objects.select_for_update(of=("self",))
        .select_related("membership__constituent", "membership__household", "membership__payer", "level", "gift")
        .get(pk=application.pk)
    )
    if found.state not in states:
        raise ApplicationStateError(_("This application has been answered already."))
    return found
