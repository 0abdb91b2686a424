"""What every verb does to the rows around a term: find and lock the membership, write the term, keep lists true."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from accounts.models import User
from constituents.merging.signposts import standing
from constituents.models import Constituent, Household
from constituents.services.search_text import refresh_search_text
from core import audit
from donations.models import Gift
from memberships.errors import CapacityError, LevelError, PayerError
from memberships.models import Fact, Level, Membership, MembershipPerson, MembershipSettings, Term, TermKind
from memberships.periods import ONE_DAY, member_since
from memberships.services.numbers import take_numbers
from memberships.services.quotes import Quote
from memberships.signals import term_added


def locked(membership: Membership) -> Membership:
    """Return the membership as it is now, locked until the transaction ends."""
    return (
        Membership.objects.select_for_update(of=("self",))
        .select_related("constituent", "household", "payer", "level__successor", "next_level")
        .get(pk=membership.pk)
    )


def membership_of(holder: Constituent | Household, *, payer: Constituent | None, by: User | None) -> Membership:
    """Return the holder's membership, locked; made with a number of its own when there is none.

    Raises PayerError for a household that nobody pays for.
    """
    holder = standing(holder) if isinstance(holder, Constituent) else holder
    key = "household" if isinstance(holder, Household) else "constituent"
    # Two clerks may enter the same new member at once: the holder's row makes the second one wait.
    type(holder)._default_manager.select_for_update().get(pk=holder.pk)
    existing = Membership.objects.filter(**{key: holder}).first()
    if existing is not None:
        return locked(existing)
    if key == "household" and payer is None:
        payer = next(iter(holder.members), None)  # type: ignore[union-attr]
        if payer is None:
            raise PayerError(_("Nobody lives in this household. Name who pays."))
    membership = Membership(number=take_numbers()[0], payer=payer, **{key: holder})
    membership.full_clean()
    membership.save()
    if membership.constituent_id:
        refresh_search_text([membership.constituent_id])
    audit.record("membership.opened", membership, by=by, new={"number": membership.number}, about=membership.bill_to)
    return locked(membership)


def add_term(
    membership: Membership,
    quote: Quote,
    *,
    by: User | None,
    kind: TermKind | None = None,
    gift: Gift | None = None,
    reason: str = "",
) -> Term:
    """Write a term as quoted, end what stood against it, and say so. Raises CapacityError."""
    settings = MembershipSettings.load()
    check_capacity(quote.level, membership, people_on(membership, quote.starts_on))
    term = Term.of(
        quote.level,
        starts_on=quote.starts_on,
        is_new=quote.kind == TermKind.JOIN,
        new_days=settings.new_days,
        membership=membership,
        kind=kind or quote.kind,
        price=quote.price.amount,
        fee=quote.fee.amount,
        credit=quote.credit.amount,
        gift=gift,
        reason=reason,
        created_by=by if by is not None and by.pk else None,
    )
    term.full_clean(exclude=["created_by"])
    term.save()
    for fact in membership.standings.filter(kind=Fact.CANCELLED, until__isnull=True):
        fact.until = quote.starts_on - ONE_DAY
        fact.save(update_fields=["until"])
    if membership.next_level_id == quote.level.pk:
        membership.next_level = None
        membership.save(update_fields=["next_level"])
    refresh(membership)
    audit.record(
        f"membership.{term.kind}",
        membership,
        by=by,
        new={
            "level": quote.level.name,
            "from": term.starts_on,
            "until": term.ends_on,
            "price": quote.total,
        },
        reason=reason,
        about=membership.bill_to,
    )
    term_added.send(Term, term=term, by=by)
    return term


def refresh(membership: Membership, *, gap_days: int | None = None) -> None:
    """Write level and "member since" anew from the terms."""
    if gap_days is None:
        gap_days = MembershipSettings.load().gap_days
    terms = list(membership.terms.real().select_related("level"))
    if terms:
        membership.level = terms[-1].level
    membership.member_since = member_since((term.period for term in terms), gap_days=gap_days)
    membership.save(update_fields=["level", "member_since"])


def people_on(membership: Membership, date: dt.date) -> list[Constituent]:
    """Return the people the plan names on a date, without the member who holds it."""
    return [place.person for place in membership.people.on(date).select_related("person")]


def check_capacity(level: Level, membership: Membership, people: Sequence[Constituent]) -> None:
    """Raise CapacityError when the level has no place for all; a person who holds the plan takes one."""
    holds = 1 if membership.constituent is not None and membership.constituent.is_person else 0
    if holds + len(people) > level.capacity and people:
        raise CapacityError(level, level.capacity)


def name_people(membership: Membership, people: Iterable[Constituent], *, since: dt.date) -> list[Constituent]:
    """Put people on the plan who are not on it yet; returns those added. Raises LevelError for an organisation."""
    there = {membership.constituent_id, *membership.people.filter(until__isnull=True).values_list("person", flat=True)}
    added = []
    for person in people:
        if person.pk in there:
            continue
        if not person.is_person:
            raise LevelError(_("“%(name)s” is an organisation; a plan names people.") % {"name": person})
        MembershipPerson.objects.create(membership=membership, person=person, since=since)
        there.add(person.pk)
        added.append(person)
    return added
