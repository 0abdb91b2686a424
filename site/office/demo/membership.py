"""Membership: levels, and members in every status, with their dues in the ledger."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from constituents.models import Constituent, HouseholdMembership, HouseholdRole
from core import clock
from core.demo import DemoPlan
from donations.models import Fund, Gift, GiftKind, GiftSource, Method
from donations.services.bulk import NewGift, post_gifts
from donations.services.gifts import default_fund
from memberships.models import (
    Application,
    Fact,
    Level,
    Membership,
    MembershipPerson,
    MembershipSettings,
    PeriodKind,
    Standing,
    Term,
    TermKind,
)
from memberships.services.bulk import NewMembership, add_memberships
from memberships.services.joining import request_membership
from office.demo.setting import MEMBER, currency

_CHUNK = 1_000

LEVELS = (
    {
        "name": "Friend",
        "code": "friend",
        "dues": Decimal(40),
        "description": "You stand behind the kitchen, the boats and the books.",
        "benefits": "A vote at the meeting\nThe harbour letter, four times a year",
        "order": 10,
    },
    {
        "name": "Household",
        "code": "household",
        "dues": Decimal(65),
        "capacity": 6,
        "description": "Everyone at one address, children too.",
        "benefits": "Two votes at the meeting\nThe harbour letter\nA morning on the water",
        "advantage_amount": Decimal(15),
        "advantage_description": "A morning on the water",
        "order": 20,
    },
    {
        "name": "Captain",
        "code": "captain",
        "dues": Decimal(250),
        "description": "Keeps one teenager in the boat shed for a season.",
        "benefits": "All of the above\nThe launching supper in May",
        "advantage_amount": Decimal(45),
        "advantage_description": "The launching supper",
        "order": 30,
    },
    {
        "name": "Life member",
        "code": "life",
        "dues": Decimal(1_500),
        "period_kind": PeriodKind.LIFETIME,
        "description": "Once, for good.",
        "benefits": "All of the above\nYour name on a plank",
        "order": 40,
    },
)


def add_memberships_of_every_kind(plan: DemoPlan) -> dict[str, int]:
    """Make the levels, and about every fifth household a member: for years, lapsed, due, in grace, or just joined."""
    rng = plan.random("membership")
    fund = Fund.objects.get(code="general")
    levels = {
        str(details["code"]): Level.objects.create(currency=currency(), fund=fund, **details) for details in LEVELS
    }
    new_days = MembershipSettings.load().new_days
    count = 0
    batch: list[NewMembership] = []
    for person in _candidates():
        always = person.user is not None and person.user.email == MEMBER
        if not always and rng.random() > 0.34:
            continue
        batch.append(_membership(rng, plan, person, levels, new_days=new_days, always=always))
        if len(batch) >= _CHUNK:
            count += _save(batch)
            batch = []
    count += _save(batch)
    return {"memberships": count, "applications": _let_some_wait(plan)}


def _let_some_wait(plan: DemoPlan) -> int:
    """Let a few people ask to join who have yet to pay."""
    strangers = (
        Constituent.objects.people()
        .living()
        .filter(membership__isnull=True, named_on__isnull=True, household_memberships__role=HouseholdRole.HEAD)
        .order_by("pk")[:4]
    )
    friend = Level.objects.get(code="friend")
    wishes = [request_membership(holder=person, level=friend) for person in strangers]
    # The verb knows only the real today; the data ends on the plan's.
    Application.objects.filter(pk__in=[wish.pk for wish in wishes]).update(asked_on=plan.today)
    Gift.objects.filter(pk__in=[wish.gift_id for wish in wishes]).update(received_on=plan.today)
    return len(wishes)


def _candidates() -> list[Constituent]:
    adults = Constituent.objects.people().exclude(household_memberships__role__in=_NOT_HEADS)
    found = adults.select_related("user").prefetch_related("household_memberships__household").order_by("pk")
    # In chunks: SQLite refuses to look for tens of thousands of keys at once.
    return list(found.iterator(chunk_size=500))


_NOT_HEADS = (HouseholdRole.ADULT, HouseholdRole.CHILD)


def _membership(
    rng: random.Random,
    plan: DemoPlan,
    person: Constituent,
    levels: dict[str, Level],
    *,
    new_days: int,
    always: bool,
) -> NewMembership:
    household = person.household
    code = rng.choices(["friend", "captain", "life"], [80, 14, 3])[0]
    level = levels["household"] if household and (always or rng.random() < 0.75) else levels[code]
    if always and not household:
        level = levels["friend"]
    is_household = level.code == "household"
    membership = Membership(
        constituent=None if is_household else person,
        household=household if is_household else None,
        payer=person if is_household else None,
    )
    starts = _joined_on(rng, plan, always=always)
    terms: list[Term] = []
    while starts <= plan.today:
        term = Term.of(
            level,
            starts_on=starts,
            is_new=not terms,
            new_days=new_days,
            kind=TermKind.RENEW if terms else TermKind.JOIN,
            price=level.dues,
            created_at=clock.start_of_day(starts) + dt.timedelta(hours=11),
        )
        terms.append(term)
        if term.ends_on is None or (not always and rng.random() > 0.84):
            break
        # Some renew a while before the day, most around it, and a few after a gap.
        gap = rng.choices([0, 120], [93, 7])[0]
        starts = term.ends_on + dt.timedelta(days=1 + gap)
    people = []
    if is_household:
        people = [
            MembershipPerson(person_id=place.person_id, since=terms[0].starts_on)
            for place in HouseholdMembership.objects.filter(household=household, until__isnull=True)[: level.capacity]
        ]
    return NewMembership(membership, terms, people, _facts(rng, plan, always=always))


def _joined_on(rng: random.Random, plan: DemoPlan, *, always: bool) -> dt.date:
    if always:
        return plan.today - dt.timedelta(days=365 * 3 + 330)
    if rng.random() < 0.12:
        return plan.today - dt.timedelta(days=rng.randrange(1, 45))
    return plan.begins + dt.timedelta(days=rng.randrange(max(1, (plan.today - plan.begins).days)))


def _facts(rng: random.Random, plan: DemoPlan, *, always: bool) -> list[Standing]:
    if always:
        return []
    kind = rng.choices(["", Fact.CANCELLED, Fact.SUSPENDED, Fact.HONORARY], [95, 2, 1, 2])[0]
    if not kind:
        return []
    reasons: dict[str, str] = {
        Fact.CANCELLED: "Moved away from the bay",
        Fact.SUSPENDED: "Asked to pause for a year",
        Fact.HONORARY: "Thirty years at the tiller",
    }
    return [Standing(kind=kind, since=plan.today - dt.timedelta(days=rng.randrange(5, 300)), reason=reasons[kind])]


def _save(batch: list[NewMembership]) -> int:
    if not batch:
        return 0
    gifts = []
    owed = []
    for new in batch:
        payer = new.membership.payer or new.membership.constituent
        for term in new.terms:
            gifts.append(
                NewGift(
                    Gift(
                        donor=payer,
                        kind=GiftKind.DUES,
                        amount=term.price,
                        currency=currency(),
                        received_on=term.starts_on,
                        method=Method.CHEQUE,
                        source=GiftSource.STAFF,
                        advantage_amount=term.level.advantage_amount,
                        advantage_description=term.level.advantage_description,
                        posted_at=clock.start_of_day(term.starts_on) + dt.timedelta(hours=11),
                    ),
                    [(term.level.fund or default_fund(), term.price)],
                )
            )
            owed.append(term)
    for term, gift in zip(owed, post_gifts(gifts, by=None, audited=False), strict=True):
        term.gift = gift
    return len(add_memberships(batch))
