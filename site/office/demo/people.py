"""People: households of all shapes, organisations, and how to reach them."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from constituents.folding import fold
from constituents.models import (
    Address,
    Constituent,
    ConstituentTag,
    ContactKind,
    EmailAddress,
    Household,
    HouseholdMembership,
    HouseholdRole,
    Kind,
    Phone,
    Tag,
)
from constituents.models.contact import e164
from constituents.services.household_naming import naming_style
from constituents.services.households import write_names
from constituents.services.search_text import refresh_search_text
from core.demo import DemoPlan
from office.demo import names
from office.demo.countries import DemoCountry, country_of
from office.demo.setting import MEMBER, sign_in_for

SOURCE = "demo"
_CHUNK = 2_000

# Streets of an invented bay.
STREETS = (
    "Anchor Lane", "Bell Buoy Road", "Cannery Row", "Chapel Hill", "Dory Lane", "Ferry Road", "Fishhouse Lane",
    "Granite Street", "High Tide Road", "Island View", "Jetty Street", "Lighthouse Road", "Lobster Lane", "Mast Road",
    "Net Loft Lane", "Orchard Street", "Pier Street", "Quarry Road", "Ropewalk", "Schoolhouse Road", "Spruce Street",
    "Tern Lane", "Union Street", "Wharf Street",
)  # fmt: skip
OCCUPATIONS = (
    "Accountant", "Baker", "Boatbuilder", "Bus driver", "Carpenter", "Chef", "Civil engineer", "Dentist", "Electrician",
    "Farmer", "Fisher", "Gardener", "Graphic designer", "Harbour pilot", "Lawyer", "Librarian", "Marine biologist",
    "Musician", "Nurse", "Paramedic", "Pharmacist", "Photographer", "Plumber", "Potter", "Retired teacher", "Teacher",
    "Translator", "Veterinarian", "Weaver", "Writer",
)  # fmt: skip
TAGS = (("Founding friend", "#7a4b12"), ("Board", "#5b3a8c"), ("Press", "#0f5e7a"), ("Legacy circle", "#8a2b4a"))

# Shapes of a household: (adults, children, one family name), and how common each is.
SHAPES = (
    ((1, 0, True), 44), ((2, 0, True), 20), ((2, 0, False), 12), ((2, 2, True), 9), ((2, 1, True), 6),
    ((1, 1, True), 3), ((3, 0, False), 3), ((2, 3, True), 2), ((4, 0, True), 1),
)  # fmt: skip


@dataclass(slots=True)
class Family:
    """Those who live together, before they are saved."""

    people: list[tuple[Constituent, HouseholdRole]]
    address: Address
    household: Household | None = None
    emails: list[tuple[Constituent, str]] = field(default_factory=list)
    phones: list[tuple[Constituent, str]] = field(default_factory=list)


def add_people(plan: DemoPlan) -> dict[str, int]:
    """Make the people, their households, and one organisation for every twenty of them."""
    rng, country = plan.random("people"), country_of(plan)
    Tag.objects.bulk_create(Tag(name=name, colour=colour) for name, colour in TAGS)
    organisations = max(plan.people // 20, 2)
    made = households = 0
    while made < plan.people - organisations:
        families: list[Family] = []
        while made < plan.people - organisations and len(families) < _CHUNK // 2:
            family = _family(rng, country, first=made)
            made += len(family.people)
            families.append(family)
        households += _save(families, country)
    _add_organisations(rng, country, organisations)
    _tag_some(rng)
    _let_the_member_sign_in()
    refresh_search_text(Constituent.objects.values_list("pk", flat=True))
    return {"people": made, "households": households, "organisations": organisations}


def _family(rng: random.Random, country: DemoCountry, *, first: int) -> Family:
    adults, children, one_name = rng.choices([shape for shape, _w in SHAPES], [weight for _s, weight in SHAPES])[0]
    pool = names.choose_pool(rng, country)
    family_name = rng.choice(pool.family)
    since = dt.datetime(2019, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=rng.randrange(2_400))
    people = []
    for index in range(adults + children):
        woman = rng.random() < 0.52
        is_child = index >= adults
        own_pool = pool if one_name or index == 0 else names.choose_pool(rng, country)
        person = Constituent(
            kind=Kind.PERSON,
            title="" if is_child else names.choose_title(rng, country, woman=woman),
            given_name=rng.choice(own_pool.given_women if woman else own_pool.given_men),
            family_name=family_name if one_name or index == 0 else rng.choice(own_pool.family),
            language=own_pool.language if own_pool.language != "en" and rng.random() < country.keeps_language else "",
            occupation="" if is_child or rng.random() < 0.35 else rng.choice(OCCUPATIONS),
            birth_year=_birth_year(rng, is_child=is_child),
            is_deceased=not is_child and rng.random() < 0.012,
            do_not_contact=rng.random() < 0.012,
            source=SOURCE,
            created_at=since,
        )
        person.write_names()
        people.append((person, HouseholdRole.CHILD if is_child else _role(index)))
    family = Family(people, _address(rng, country), Household() if len(people) > 1 else None)
    for index, (person, role) in enumerate(people):
        if role != HouseholdRole.CHILD and rng.random() < 0.82:
            family.emails.append((person, _email(rng, person, first + index)))
        if role == HouseholdRole.HEAD and rng.random() < 0.7:
            family.phones.append((person, country.phones.format(rng.randrange(100))))
    return family


def _role(index: int) -> HouseholdRole:
    return HouseholdRole.HEAD if index == 0 else HouseholdRole.ADULT


def _birth_year(rng: random.Random, *, is_child: bool) -> int | None:
    if is_child:
        return 2026 - rng.randrange(2, 17)
    return None if rng.random() < 0.6 else 2026 - rng.randrange(24, 92)


def _address(rng: random.Random, country: DemoCountry) -> Address:
    town, code, _weight = rng.choices(country.towns, [weight for _t, _c, weight in country.towns])[0]
    number, street = rng.randrange(1, 220), rng.choice(country.streets or STREETS)
    return Address(
        kind=ContactKind.HOME,
        street=country.street(number, street),
        city=town,
        region=country.region,
        postal_code=code,
        country=country.code,
        is_primary=True,
        source=SOURCE,
        is_undeliverable=rng.random() < 0.015,
    )


def _email(rng: random.Random, person: Constituent, number: int) -> str:
    name = ".".join(part for part in fold(f"{person.given_name} {person.family_name}").split())
    name = "".join(character for character in name if character.isalnum() or character == ".") or "friend"
    return f"{name}.{number}@{rng.choice(('example.com', 'example.net', 'example.org'))}"


def _save(families: list[Family], country: DemoCountry) -> int:
    people = Constituent.objects.bulk_create([p for family in families for p, _role in family.people], batch_size=500)
    households, memberships, style = [], [], naming_style()
    for family in families:
        if (household := family.household) is None:
            continue
        members = [
            HouseholdMembership(
                household=household,
                person=person,
                role=role,
                in_name=role != HouseholdRole.CHILD,
                in_formal_salutation=role != HouseholdRole.CHILD,
                in_informal_salutation=role != HouseholdRole.CHILD,
            )
            for person, role in family.people
        ]
        write_names(household, members, style)
        households.append(household)
        memberships.extend(members)
    Household.objects.bulk_create(households, batch_size=500)
    HouseholdMembership.objects.bulk_create(memberships, batch_size=500)
    for family in families:
        if family.household:
            family.address.household = family.household
        else:
            family.address.constituent = family.people[0][0]
    Address.objects.bulk_create([family.address for family in families], batch_size=500)
    EmailAddress.objects.bulk_create(
        [
            EmailAddress(constituent=person, address=address, is_primary=True, source=SOURCE)
            for family in families
            for person, address in family.emails
        ],
        batch_size=500,
    )
    Phone.objects.bulk_create(
        [
            Phone(constituent=person, number=number, e164=e164(number, country.code), is_primary=True, source=SOURCE)
            for family in families
            for person, number in family.phones
        ],
        batch_size=500,
    )
    del people
    return len(households)


def _add_organisations(rng: random.Random, country: DemoCountry, count: int) -> None:
    pairs = [f"{first} {kind}" for first in names.ORGANISATION_FIRST for kind in names.ORGANISATION_KINDS]
    rng.shuffle(pairs)
    organisations = []
    for index in range(count):
        name = pairs[index % len(pairs)] + (f" {index // len(pairs) + 1}" if index >= len(pairs) else "")
        organisation = Constituent(kind=Kind.ORGANISATION, organisation_name=name, source=SOURCE)
        organisation.write_names()
        organisations.append(organisation)
    Constituent.objects.bulk_create(organisations, batch_size=500)
    addresses = []
    for organisation in organisations:
        address = _address(rng, country)
        address.kind = ContactKind.WORK
        address.constituent = organisation
        addresses.append(address)
    Address.objects.bulk_create(addresses, batch_size=500)
    EmailAddress.objects.bulk_create(
        [
            EmailAddress(
                constituent=organisation,
                address=f"office@{fold(organisation.organisation_name).replace(' ', '-')}.example",
                kind=ContactKind.WORK,
                is_primary=True,
                source=SOURCE,
            )
            for organisation in organisations
        ],
        batch_size=500,
    )


def _tag_some(rng: random.Random) -> None:
    ids = list(Constituent.objects.order_by("pk").values_list("pk", flat=True))
    rows = [
        ConstituentTag(constituent_id=pk, tag=tag)
        for tag in Tag.objects.order_by("pk")
        for pk in rng.sample(ids, max(1, len(ids) // 60))
    ]
    ConstituentTag.objects.bulk_create(rows, batch_size=500)


def _let_the_member_sign_in() -> None:
    """Give one living adult the address the demo's supporter signs in with, and their record to them."""
    person = (
        Constituent.objects.people()
        .living()
        .filter(do_not_contact=False, emails__isnull=False, household_memberships__role=HouseholdRole.HEAD)
        .order_by("pk")
        .first()
    )
    if person is None:
        return
    person.emails.filter(is_primary=True).update(address=MEMBER)
    person.user = sign_in_for(MEMBER, given_name=person.given_name, family_name=person.family_name)
    person.save(update_fields=["user"])
