"""Ties: who is married to whom, whose child, who works where, who speaks for an organisation; and papers of theirs."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator

from django.core.files.uploadedfile import SimpleUploadedFile

from constituents.models import (
    Constituent,
    ContactKind,
    DocumentKind,
    EmailAddress,
    HouseholdMembership,
    HouseholdRole,
    Interaction,
    Relationship,
    RelationshipType,
)
from constituents.services.documents import add_document
from core import clock
from core.demo import DemoPlan
from core.documents import Document

_TITLES = {
    "employee": ("Accountant", "Director", "Head of sales", "Office manager", "Skipper", "Workshop lead"),
    "board_member": ("Chair", "Member", "Secretary"),
    "contact_person": ("Community giving", "Managing director", ""),
    "treasurer": ("Treasurer",),
}
_PRONOUNS = ("she/her", "he/him", "they/them")
_FORMER = ("Abbot", "Barrow", "Carver", "Dunmore", "Fairweather", "Hollis", "Marlow", "Penrose")
_DOCUMENTS = (
    ("Gift agreement", DocumentKind.AGREEMENT, "What we agreed about the new boat."),
    ("Letter of thanks", DocumentKind.LETTER, "What we wrote after the summer supper."),
    ("Proposal for the kitchen", DocumentKind.REPORT, "What we asked for, and why."),
)


def add_ties(plan: DemoPlan) -> dict[str, int]:
    """Relate households and organisations, fill in personal details, and keep a few documents."""
    rng = plan.random("ties")
    types = {type.key: type for type in RelationshipType.objects.exclude(key=None)}
    rows = [*_families(types), *_affiliations(rng, types, plan.today)]
    Relationship.objects.bulk_create(rows, batch_size=1_000)
    _fill_in_details(rng)
    return {"relationships": len(rows), "documents": _keep_papers(rng), "work_emails": _add_work_emails(rng)}


def _families(types: dict[str | None, RelationshipType]) -> Iterator[Relationship]:
    """Two adults of one household are a couple, and the parents of its children."""
    homes = HouseholdMembership.objects.filter(until__isnull=True).order_by("household_id", "pk")
    lines = homes.values_list("household_id", "person_id", "role").iterator(chunk_size=5_000)
    for _household, members in itertools.groupby(lines, key=lambda line: line[0]):
        people = list(members)
        adults = [person for _home, person, role in people if role != HouseholdRole.CHILD]
        children = [person for _home, person, role in people if role == HouseholdRole.CHILD]
        if len(adults) == 2:
            first, second = sorted(adults)
            yield Relationship(type=types["spouse"], first_id=first, second_id=second)
        for adult in adults:
            for child in children:
                yield Relationship(type=types["parent"], first_id=adult, second_id=child, may_manage=True)


def _affiliations(
    rng: random.Random, types: dict[str | None, RelationshipType], today: dt.date
) -> Iterator[Relationship]:
    """Each organisation has somebody who speaks for it, a treasurer now and then, and people who work there."""
    adults = Constituent.objects.people().living().filter(birth_year__isnull=True).order_by("pk")
    people = list(adults.values_list("pk", flat=True))
    has_main: set[int] = set()
    for organisation in Constituent.objects.organisations().order_by("pk").values_list("pk", flat=True):
        keys = ["contact_person", *(["treasurer"] if rng.random() < 0.3 else []), "employee", "employee"]
        keys += ["board_member"] if rng.random() < 0.4 else []
        for key, person in zip(keys, rng.sample(people, len(keys)), strict=True) if len(people) >= len(keys) else ():
            is_over = key == "employee" and rng.random() < 0.2
            since = today - dt.timedelta(days=rng.randrange(400, 6_000))
            yield Relationship(
                type=types[key],
                first_id=person,
                second_id=organisation,
                title=rng.choice(_TITLES[key]),
                since=since,
                until=today - dt.timedelta(days=rng.randrange(30, 390)) if is_over else None,
                is_primary=not is_over and person not in has_main,
                may_manage=key == "treasurer",
            )
            if not is_over:
                has_main.add(person)


def _fill_in_details(rng: random.Random) -> None:
    """Some say their pronouns, were called otherwise before, or told us their birthday without the year."""
    people = Constituent.objects.people().filter(birth_year__isnull=True).order_by("pk")
    changed = []
    for person in people.only("pk").iterator(chunk_size=5_000):
        if rng.random() > 0.3:
            continue
        person.pronouns = rng.choice(_PRONOUNS) if rng.random() < 0.5 else ""
        person.former_names = rng.choice(_FORMER) if rng.random() < 0.2 else ""
        if rng.random() < 0.6:
            person.birth_month, person.birth_day = rng.randrange(1, 13), rng.randrange(1, 29)
        changed.append(person)
    Constituent.objects.bulk_update(changed, ["pronouns", "former_names", "birth_month", "birth_day"], batch_size=500)


def _add_work_emails(rng: random.Random) -> int:
    """Who works somewhere has an address there too; one in six of those bounces."""
    since = clock.today() - dt.timedelta(days=60)
    rows = []
    places = Relationship.objects.filter(type__key="employee", until__isnull=True).order_by("pk")
    for number, person in enumerate(dict.fromkeys(places.values_list("first_id", flat=True)), start=1):
        is_bad = rng.random() < 0.17
        rows.append(
            EmailAddress(
                constituent_id=person,
                address=f"work.{number}@example.net",
                kind=ContactKind.WORK,
                is_bad=is_bad,
                bad_since=since if is_bad else None,
                source="business card",
            )
        )
    EmailAddress.objects.bulk_create(rows, batch_size=1_000)
    return len(rows)


_PAPERS = 12


def _keep_papers(rng: random.Random) -> int:
    """The most generous have a paper or two, some with the meeting they came from."""
    generous = Constituent.objects.filter(giving__lifetime__gt=0).order_by("-giving__lifetime", "pk")[:_PAPERS]
    for donor in generous:
        name, kind, said = rng.choice(_DOCUMENTS)
        paper = Document(name, language="en")
        paper.heading(name)
        paper.paragraph(said)
        file = SimpleUploadedFile("paper.pdf", paper.render(), "application/pdf")
        meeting = Interaction.objects.filter(participants=donor, kind="meeting").order_by("pk").first()
        add_document(donor, file=file, name=name, kind=kind, interaction=meeting, by=None)
    return len(generous)
