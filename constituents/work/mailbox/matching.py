"""Whose mail it is: by the addresses on it, leaving out our own, and by what staff decided about an address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.db.models import Q
from django.db.models.functions import Lower

from accounts.models import User
from constituents.models import AddressDecision, Constituent, EmailAddress, WaitingFor, WorkSettings
from constituents.work.mailbox.parsing import ParsedMail, Person


@dataclass(frozen=True, slots=True)
class Verdict:
    """On whom a mail is filed; or by which address it is not known whose it is, and why; or that it is thrown away."""

    person: Person
    people: list[Constituent] = field(default_factory=list)
    waiting_for: str = ""
    is_discarded: bool = False


def judge(mail: ParsedMail) -> Verdict:
    """Return whose mail it is."""
    people = _not_ours(mail)
    if not people:
        return Verdict(mail.sender, waiting_for=WaitingFor.NOBODY)
    first, addresses = people[0], [person.address for person in people]
    decided = {decision.address.lower(): decision for decision in _decisions(addresses)}
    if (decision := decided.get(first.address)) is not None and decision.constituent is None:
        return Verdict(first, is_discarded=True)
    known = constituents_at(addresses)
    found: list[Constituent] = []
    for person in people:
        decision = decided.get(person.address)
        if decision is not None and decision.constituent is not None:
            found.append(decision.constituent)
        elif len(sharing := known.get(person.address, [])) > 1:
            return Verdict(person, waiting_for=WaitingFor.SEVERAL)
        else:
            found += sharing
    if not found:
        return Verdict(first, waiting_for=WaitingFor.NOBODY)
    return Verdict(first, list(dict.fromkeys(found)))


def constituents_at(addresses: Collection[str]) -> Mapping[str, list[Constituent]]:
    """Return who uses each address, in one query."""
    rows = EmailAddress.objects.annotate(lower=Lower("address")).filter(
        lower__in=addresses, constituent__merged_into__isnull=True
    )
    found: dict[str, list[Constituent]] = defaultdict(list)
    for row in rows.select_related("constituent").order_by("constituent__sort_name", "pk"):
        found[row.address.lower()].append(row.constituent)
    return found


def _not_ours(mail: ParsedMail) -> list[Person]:
    """Return whose mail it may be, the likeliest first.

    Mail from one of us is about whom it was sent to, or, forwarded, about who wrote it first. Mail from anybody else is
    theirs, whatever they forward: nobody files words on somebody else's record by writing a name into them.
    """
    ours = our_addresses([mail.sender.address, *(person.address for person in mail.recipients)])
    everyone = [mail.sender, *mail.recipients]
    if mail.sender.address in ours and mail.original is not None:
        everyone = [mail.original]
        ours = our_addresses([mail.original.address])
    first_of: dict[str, Person] = {}
    for person in everyone:
        if person.address not in ours:
            first_of.setdefault(person.address, person)
    return list(first_of.values())


def our_addresses(addresses: Iterable[str]) -> set[str]:
    """Return which of the addresses are our own: those of staff, and those the settings name."""
    wanted = set(addresses)
    own = [line.strip().lower() for line in WorkSettings.load().own_addresses.splitlines() if line.strip()]
    domains = tuple(line for line in own if line.startswith("@"))
    named = {address for address in wanted if address in own or (domains and address.endswith(domains))}
    is_staff = Q(groups__permissions__codename="access_admin") | Q(is_superuser=True)
    signs_in_with = reduce(or_, (Q(email__iexact=address) for address in wanted), Q(pk__in=[]))
    staff = User.objects.filter(is_staff, signs_in_with).values_list("email", flat=True)
    return named | {address.lower() for address in staff}


def _decisions(addresses: Iterable[str]) -> Iterable[AddressDecision]:
    rows = AddressDecision.objects.annotate(lower=Lower("address")).filter(lower__in=list(addresses))
    return rows.select_related("constituent")
