"""A small world of people, gifts, members and volunteers, and what conditions mean in it: read row by row in Python."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from constituents.models import (
    ConsentRecord,
    Constituent,
    ConstituentTag,
    Decision,
    EmailAddress,
    Household,
    HouseholdMembership,
    HouseholdRole,
    Kind,
    Tag,
)
from core import clock
from donations.models import Gift, Method
from donations.services.bulk import NewGift, post_gifts
from memberships.models import Fact, Membership, Standing
from memberships.status import MEMBER_STATUSES
from tests.factories.donations import make_campaign, make_fund
from tests.factories.memberships import add_bare_term, make_bare_membership, make_level
from tests.factories.volunteers import make_opportunity
from volunteers.models import HoursEntry, HoursStatus

TODAY = dt.date(2026, 11, 22)
TOWNS = ("Boston", "Portland", "Bosford")


class World:
    """Everything of one random world, made from a seed."""

    def __init__(self, seed: int, people: int = 24) -> None:
        chance = random.Random(seed)
        self.tags = [Tag.objects.create(name="Press")]
        self.tags.append(Tag.objects.create(name="Local press", parent=self.tags[0]))
        self.tags.append(Tag.objects.create(name="Board"))
        self.funds = [make_fund("General", is_default=True), make_fund("Roof")]
        self.campaigns = [make_campaign("Spring")]
        self.campaigns.append(make_campaign("Spring letters", parent=self.campaigns[0]))
        self.opportunity = make_opportunity()
        self.level = make_level()
        self.people = [self._person(chance, number) for number in range(people)]
        self._live_together(chance)
        self._give(chance)
        self._belong_and_help(chance)
        self._remember()

    def _person(self, chance: random.Random, number: int) -> Constituent:
        is_person = chance.random() < 0.8
        person = Constituent(
            kind=Kind.PERSON if is_person else Kind.ORGANISATION,
            given_name="Ann" if is_person else "",
            family_name=f"Lee{number}" if is_person else "",
            organisation_name="" if is_person else f"Trust {number}",
            is_deceased=chance.random() < 0.1,
            do_not_contact=chance.random() < 0.2,
            birth_year=chance.choice([None, 1950, 1986, 2006]) if is_person else None,
            birth_month=chance.choice([None, 5, 11]) if is_person else None,
        )
        person.birth_day = chance.choice([None, 22, 23]) if person.birth_month else None
        person.save()
        for tag in chance.sample(self.tags, chance.choice([0, 0, 1, 2])):
            ConstituentTag.objects.create(constituent=person, tag=tag)
        if chance.random() < 0.6:
            EmailAddress.objects.create(
                constituent=person, address=f"p{number}@example.org", is_bad=chance.random() < 0.3
            )
        if chance.random() < 0.5:
            person.addresses.create(city=chance.choice(TOWNS), do_not_use=chance.random() < 0.2)
        for days_ago in chance.sample([1, 50, 400], chance.choice([0, 1, 2])):
            ConsentRecord.objects.create(
                constituent=person,
                channel="email",
                purpose="newsletter",
                decision=chance.choice(Decision.values),
                where="test",
                at=clock.start_of_day(TODAY - dt.timedelta(days=days_ago)),
            )
        return person

    def _live_together(self, chance: random.Random) -> None:
        homeless = [person for person in self.people if person.is_person]
        chance.shuffle(homeless)
        while len(homeless) >= 3 and chance.random() < 0.8:
            home = Household.objects.create(name=f"Home {len(homeless)}")
            if chance.random() < 0.5:
                home.addresses.create(city=chance.choice(TOWNS))
            for role in chance.sample(HouseholdRole.values, chance.choice([1, 2, 3])):
                ended = chance.random() < 0.2
                HouseholdMembership.objects.create(
                    household=home, person=homeless.pop(), role=role, until=TODAY if ended else None
                )

    def _give(self, chance: random.Random) -> None:
        gifts = []
        for person in self.people:
            for _ in range(chance.choice([0, 0, 1, 2, 4])):
                amount = Decimal(chance.choice(["0.10", "0.20", "50.00", "100.00", "250.00"]))
                gift = Gift(
                    donor=person,
                    amount=amount,
                    currency="USD",
                    received_on=TODAY - dt.timedelta(days=chance.choice([0, 10, 200, 330, 365, 366, 700, 1500])),
                    method=chance.choice([Method.CHEQUE, Method.CARD]),
                    kind=chance.choice(["gift", "gift", "gift", "dues"]),
                    campaign=chance.choice([None, *self.campaigns]),
                )
                gifts.append(NewGift(gift, [(chance.choice(self.funds), amount)]))
        post_gifts(gifts, by=None, audited=False)

    def _belong_and_help(self, chance: random.Random) -> None:
        for person in self.people:
            if chance.random() < 0.4:
                start = TODAY - dt.timedelta(days=chance.choice([10, 350, 380, 500]))
                membership = make_bare_membership(person)
                add_bare_term(membership, self.level, start)
                if chance.random() < 0.4:
                    since = TODAY - dt.timedelta(days=chance.choice([0, 5]))
                    Standing.objects.create(
                        membership=membership,
                        kind=chance.choice(Fact.values),
                        since=since,
                        until=chance.choice([None, TODAY - dt.timedelta(days=1), TODAY]) if since < TODAY else None,
                    )
            for _ in range(chance.choice([0, 0, 1, 2])):
                HoursEntry.objects.create(
                    volunteer=person,
                    opportunity=self.opportunity,
                    worked_on=TODAY - dt.timedelta(days=chance.choice([5, 300, 800])),
                    hours=Decimal(chance.choice(["0.10", "0.20", "3.00"])),
                    status=chance.choice(HoursStatus.values),
                )

    def _remember(self) -> None:
        """Read the world once, so that thousands of questions are answered from memory."""
        everyone = Constituent.objects.prefetch_related(
            "tags", "emails", "consents", "addresses", "gifts__allocations", "hours"
        ).prefetch_related("household_memberships__household__addresses")
        self.people = list(everyone.order_by("pk"))
        self.standing = {
            person.pk: {held.status_on(TODAY) for held in Membership.objects.of(person)} for person in self.people
        }

    # What a condition means, one person at a time

    def fits(self, node: dict[str, Any], person: Constituent) -> bool:
        """Return whether the conditions hold for a person."""
        if "of" in node:
            held = [self.fits(part, person) for part in node["of"]]
            return {"all": all(held), "any": any(held) or not held, "none": not any(held)}[node["match"]]
        meaning = getattr(self, node["criterion"].replace(".", "_"))
        return bool(meaning(person, node["operator"], node.get("value"), node.get("where") or {}))

    def kind(self, person, operator, value, where):
        return (person.kind in value) == (operator == "any_of")

    def deceased(self, person, operator, value, where):
        return person.is_deceased == (operator == "yes")

    def tag(self, person, operator, value, where):
        wanted = set(value) | {tag.pk for tag in self.tags if tag.parent_id in value}
        return any(tag.pk in wanted for tag in person.tags.all()) == (operator == "any_of")

    def town(self, person, operator, value, where):
        home = person.household
        towns = [
            *(address for address in person.addresses.all() if not address.do_not_use),
            *(home.addresses.all() if home else ()),
        ]
        names = [address.city.lower() for address in towns]
        match operator:
            case "is":
                return value.lower() in names
            case "is_not":
                return value.lower() not in names
            case "starts_with":
                return any(name.startswith(value.lower()) for name in names)
            case "unknown":
                return not names

    def has_email(self, person, operator, value, where):
        return any(not email.is_bad for email in person.emails.all()) == (operator == "yes")

    def consent(self, person, operator, value, where):
        answers = sorted(person.consents.all(), key=lambda answer: (answer.at, answer.pk))
        said_yes = bool(answers) and answers[-1].decision == Decision.GIVEN
        may = said_yes and not person.do_not_contact and not person.is_deceased
        return {
            "may": may,
            "may_not": not may,
            "given": said_yes,
            "refused": bool(answers) and not said_yes,
            "never_asked": not answers,
        }[operator]

    def age(self, person, operator, value, where):
        if person.birth_year is None:
            return operator == "unknown"
        born = (person.birth_year, person.birth_month or 0, person.birth_day or 0)
        age = TODAY.year - person.birth_year - (born[1:] > (TODAY.month, TODAY.day))
        if operator == "unknown" or person.is_deceased:
            return False
        return age >= int(value) if operator == "at_least" else age <= int(value)

    def _gifts(self, person, where):
        kinds = where.get("kinds", ["gift"])
        gifts = [gift for gift in person.gifts.all() if gift.kind in kinds]
        if "period" in where:
            first, last = PERIODS[where["period"]["operator"]]
            gifts = [gift for gift in gifts if first <= gift.received_on <= last]
        if "funds" in where:
            gifts = [gift for gift in gifts if gift.allocations.all()[0].fund_id in where["funds"]]
        if "campaigns" in where:
            within = set(where["campaigns"])
            within |= {campaign.pk for campaign in self.campaigns if campaign.parent_id in within}
            gifts = [gift for gift in gifts if gift.campaign_id in within]
        return gifts

    def giving_gave(self, person, operator, value, where):
        return bool(self._gifts(person, where)) == (operator == "yes")

    def giving_total(self, person, operator, value, where):
        return _compares(sum(gift.amount for gift in self._gifts(person, where)), operator, value)

    def giving_count(self, person, operator, value, where):
        return _compares(len(self._gifts(person, where)), operator, value)

    def giving_largest(self, person, operator, value, where):
        gifts = self._gifts(person, where)
        return bool(gifts) and _compares(max(gift.amount for gift in gifts), operator, value)

    def giving_last(self, person, operator, value, where):
        gifts = self._gifts(person, where)
        if operator == "unknown":
            return not gifts
        first, last = PERIODS[operator]
        return bool(gifts) and first <= max(gift.received_on for gift in gifts) <= last

    def membership_is_member(self, person, operator, value, where):
        return bool(self.standing[person.pk] & set(MEMBER_STATUSES)) == (operator == "yes")

    def membership_status(self, person, operator, value, where):
        return bool(self.standing[person.pk] & set(value)) == (operator == "any_of")

    def volunteering_hours(self, person, operator, value, where):
        hours = [entry for entry in person.hours.all() if entry.status == HoursStatus.APPROVED]
        if "period" in where:
            first, last = PERIODS[where["period"]["operator"]]
            hours = [entry for entry in hours if first <= entry.worked_on <= last]
        return _compares(sum(entry.hours for entry in hours), operator, value)


PERIODS = {
    "in_last": (dt.date(2025, 11, 22), TODAY),  # the last 12 months
    "longer_ago": (dt.date.min, dt.date(2025, 11, 21)),
    "this_fiscal_year": (dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
    "in_calendar_year": (dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
}
PERIOD_VALUES = {
    "in_last": {"count": "12", "unit": "months"},
    "longer_ago": {"count": "12", "unit": "months"},
    "this_fiscal_year": None,
    "in_calendar_year": "2025",
}


def _compares(number: Decimal | int, operator: str, value: Any) -> bool:
    match operator:
        case "at_least":
            return number >= Decimal(value)
        case "more_than":
            return number > Decimal(value)
        case "at_most":
            return number <= Decimal(value)
        case "less_than":
            return number < Decimal(value)
        case "is":
            return number == Decimal(value)
        case "between":
            return Decimal(value["from"]) <= number <= Decimal(value["to"])
    raise ValueError(operator)


def random_condition(chance: random.Random, world: World) -> dict[str, Any]:
    """Return a condition on something of the world."""
    newsletter = {"purpose": "newsletter", "channel": "email"}
    amount = chance.choice(["0", "0.30", "50", "100.00", "300"])
    compared = chance.choice(["at_least", "more_than", "at_most", "less_than", "is", "between"])
    number = {"from": "0", "to": amount} if compared == "between" else amount
    yes_no = chance.choice(["yes", "no"])
    one_of = chance.choice(["any_of", "none_of"])
    when = chance.choice(list(PERIOD_VALUES))
    return chance.choice(
        [
            _is("kind", one_of, [chance.choice(Kind.values)]),
            _is("deceased", yes_no),
            _is("tag", one_of, [chance.choice(world.tags).pk]),
            _is(
                "town", *chance.choice([("is", "boston"), ("is_not", "Portland"), ("starts_with", "bos"), ("unknown",)])
            ),
            _is("has_email", yes_no),
            _is("consent", chance.choice(["may", "may_not", "given", "refused", "never_asked"]), newsletter),
            _is("age", *chance.choice([("at_least", "40"), ("at_most", "39"), ("at_least", "20"), ("unknown",)])),
            _is("giving.gave", yes_no, where=_which(chance, world)),
            _is("giving.total", compared, number, where=_which(chance, world)),
            _is(
                "giving.count",
                *chance.choice([("at_least", "2"), ("at_most", "1"), ("is", "0")]),
                where=_which(chance, world),
            ),
            _is(
                "giving.largest", *chance.choice([("at_least", "100"), ("at_most", "50")]), where=_which(chance, world)
            ),
            chance.choice([_is("giving.last", when, PERIOD_VALUES[when]), _is("giving.last", "unknown")]),
            _is("membership.is_member", yes_no),
            _is("membership.status", one_of, chance.sample(["lapsed", "grace", "due", "current"], 2)),
            _is("volunteering.hours", chance.choice(["at_least", "at_most", "is"]), chance.choice(["0", "0.3", "3"])),
        ]
    )


def _is(criterion: str, operator: str, value: Any = None, where: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"criterion": criterion, "operator": operator, "value": value, "where": where or {}}


def _which(chance: random.Random, world: World) -> dict[str, Any]:
    where: dict[str, Any] = {}
    if chance.random() < 0.5:
        operator = chance.choice(list(PERIOD_VALUES))
        where["period"] = {"operator": operator, "value": PERIOD_VALUES[operator]}
    if chance.random() < 0.25:
        where["funds"] = [chance.choice(world.funds).pk]
    if chance.random() < 0.25:
        where["campaigns"] = [chance.choice(world.campaigns).pk]
    if chance.random() < 0.2:
        where["kinds"] = ["gift", "dues"]
    return where


def random_criteria(chance: random.Random, world: World, levels: int = 3) -> dict[str, Any]:
    """Return conditions in groups within groups."""
    of = [
        random_criteria(chance, world, levels - 1)
        if levels > 1 and chance.random() < 0.35
        else random_condition(chance, world)
        for _ in range(chance.choice([1, 2, 3]))
    ]
    return {"match": chance.choice(["all", "any", "none"]), "of": of}
