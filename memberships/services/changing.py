"""Change a running membership: its level, its people, and the facts about it, down to its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from constituents.models import Constituent
from core import audit, clock
from memberships.errors import FactError, LevelError
from memberships.models import Fact, Level, Membership, Standing, Term
from memberships.periods import ONE_DAY
from memberships.services import upkeep
from memberships.services.dues import Payment, record_dues
from memberships.services.joining import decline_application
from memberships.services.quotes import quote_change
from memberships.signals import membership_cancelled


@transaction.atomic
def change_level(
    membership: Membership,
    *,
    level: Level,
    by: User | None,
    payment: Payment | None = None,
    people: Sequence[Constituent] = (),
    on: dt.date | None = None,
) -> Term | None:
    """Move to another level. Raises LevelError, CapacityError.

    An upgrade begins a new term at once: unused days are credited to the smallest unit of money, and days renewed ahead
    with them. A downgrade, or an upgrade that the credit would more than pay, waits for the next renewal; then None
    comes back.
    """
    membership = upkeep.locked(membership)
    on = on or (payment.day if payment is not None else clock.today())
    quote = quote_change(membership, level, on=on)
    if quote is None:
        old = membership.next_level
        membership.next_level = level
        membership.save(update_fields=["next_level"])
        audit.record(
            "membership.level_at_renewal",
            membership,
            by=by,
            old={"next_level": old.name if old else ""},
            new={"next_level": level.name},
            about=membership.bill_to,
        )
        return None
    if quote.total and payment is None:
        raise LevelError(_("Say how the difference of %(money)s was paid.") % {"money": quote.total})
    _end_terms(membership, last_day=on - ONE_DAY)
    upkeep.name_people(membership, people, since=on)
    gift = None
    if payment is not None:
        gift = record_dues(payer=membership.bill_to, level=level, money=quote.total, payment=payment, by=by)
    return upkeep.add_term(membership, quote, by=by, gift=gift)


@transaction.atomic
def add_people(membership: Membership, *, people: Sequence[Constituent], by: User | None) -> list[Constituent]:
    """Name people on the plan. Raises CapacityError, LevelError."""
    membership = upkeep.locked(membership)
    today = clock.today()
    added = upkeep.name_people(membership, people, since=today)
    if membership.level is not None:
        upkeep.check_capacity(membership.level, membership, upkeep.people_on(membership, today))
    for person in added:
        audit.record("membership.person_added", membership, by=by, new={"person": person.full_name}, about=person)
    return added


@transaction.atomic
def remove_person(
    membership: Membership, *, person: Constituent, by: User | None, reason: str = "", until: dt.date | None = None
) -> None:
    """Take a person off the plan after a last day, today by default; what was stays on record."""
    place = membership.people.select_for_update().filter(person=person, until__isnull=True).first()
    if place is None:
        return
    place.until, place.reason = until or clock.today(), reason
    place.full_clean()
    place.save()
    audit.record(
        "membership.person_removed", membership, by=by, old={"person": person.full_name}, reason=reason, about=person
    )


@transaction.atomic
def cancel(
    membership: Membership, *, by: User | None, reason: str, last_day: dt.date | None = None, at_end: bool = False
) -> Membership:
    """End a membership after its last day: today, a day named, or the end of what is paid for.

    Raises FactError when it is cancelled already, or for life and asked to end "at its end".
    """
    membership = upkeep.locked(membership)
    if membership.standings.filter(kind=Fact.CANCELLED, until__isnull=True).exists():
        raise FactError(_("This membership is cancelled already."))
    latest = membership.latest_term
    if at_end:
        if latest is None or latest.ends_on is None:
            raise FactError(_("This membership has no end to wait for. Name the last day."))
        last_day = latest.ends_on
    last_day = last_day or clock.today()
    _end_terms(membership, last_day=last_day)
    fact = Standing(membership=membership, kind=Fact.CANCELLED, since=last_day + ONE_DAY, reason=reason)
    if latest is None:
        fact.since = last_day
    fact.full_clean()
    fact.save()
    for application in membership.applications.open():
        decline_application(application, by=by, reason=reason, withdrawn=True)
    upkeep.refresh(membership)
    audit.record(
        "membership.cancelled",
        membership,
        by=by,
        new={"last_day": last_day},
        reason=reason,
        about=membership.bill_to,
    )
    membership_cancelled.send(Membership, membership=membership, by=by, reason=reason)
    return membership


def _end_terms(membership: Membership, *, last_day: dt.date) -> None:
    """Cut what lies after a last day; terms that end by then stay as they are, but are not renewed from."""
    for term in membership.terms.real():
        if term.ends_on is None or term.ends_on >= last_day:
            term.cut(last_day)
            term.save(update_fields=["ends_on", "due_from", "grace_until", "renewable_until", "new_until"])


@transaction.atomic
def state_fact(
    membership: Membership,
    *,
    fact: Fact,
    by: User | None,
    reason: str,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Standing:
    """Suspend a membership or make it honorary from a day on. Raises FactError; to cancel is a verb of its own."""
    if fact == Fact.CANCELLED:
        raise FactError(_("Cancel the membership instead."))
    membership = upkeep.locked(membership)
    if membership.standings.filter(kind=fact, until__isnull=True).exists():
        raise FactError(_("This is on record already."))
    standing = Standing(membership=membership, kind=fact, since=since or clock.today(), until=until, reason=reason)
    standing.full_clean()
    standing.save()
    audit.record(
        f"membership.{fact}",
        membership,
        by=by,
        new={"since": standing.since, "until": until},
        reason=reason,
        about=membership.bill_to,
    )
    return standing


@transaction.atomic
def lift_fact(membership: Membership, *, fact: Fact, by: User | None, last_day: dt.date | None = None) -> None:
    """End a suspension or an honorary membership after a last day, yesterday by default.

    Raises FactError when there is none to lift.
    """
    last_day = last_day or clock.today() - ONE_DAY
    standing = membership.standings.select_for_update().filter(kind=fact, until__isnull=True).first()
    if standing is None or fact == Fact.CANCELLED:
        raise FactError(_("There is nothing to lift."))
    standing.until = last_day
    standing.save(update_fields=["until"])
    audit.record(f"membership.{fact}_lifted", membership, by=by, new={"last_day": last_day}, about=membership.bill_to)
