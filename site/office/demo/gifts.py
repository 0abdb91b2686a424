"""What hangs on gifts: some put right, some charged back, tributes, recognition, matching, goods and securities."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from constituents.models import Constituent, Relationship
from core import clock
from core.demo import DemoPlan
from core.money import Money
from donations.models import (
    DedicationKind,
    Gift,
    Match,
    MatchingRule,
    Method,
    NoticeWay,
    SoftCreditRole,
    Tribute,
    TributeNotice,
    ValuationMethod,
)
from donations.services.adjusting import adjust_gift
from donations.services.gifts import charge_back_gift, record_gift, reinstate_gift
from donations.services.matching import EMPLOYEE, claim_match, expect_matches, receive_match
from donations.services.recognition import credit
from donations.services.tributes import mark_all_notified
from donations.services.valuing import value_gift
from office.demo.countries import here
from office.demo.setting import currency

_TRIBUTES = 40
_STILL_TO_TELL = 6
_EMPLOYERS = 3
_FAMILY = ("Ada", "Bruno", "Clara", "Doria", "Emil", "Fenna", "Gil", "Hanne", "Ivo", "Jola")


def add_gift_stories(plan: DemoPlan) -> dict[str, int]:
    """Let a few gifts have the stories that gifts have."""
    rng = plan.random("gift stories")
    return {
        "adjustments": _put_right(rng),
        "charge_backs": _charge_back(rng),
        "tributes": _dedicate(rng, plan.today),
        "soft_credits": _recognise(rng),
        "goods": _give_goods(rng, plan.today),
        "matches": _match(rng, plan.today),
    }


def _recent(number: int, **which: object) -> list[Gift]:
    # What was paid at Stripe is what Stripe says.
    gifts = Gift.objects.counted().filter(receipt_lines=None, online_payment=None, refunded_amount=0, **which)
    return list(gifts.order_by("-received_on", "-pk")[:number])


def _put_right(rng: random.Random) -> int:
    chosen = rng.sample(recent := _recent(120), min(len(recent), 4))
    for number, gift in enumerate(chosen):
        match number:
            case 0:
                money = Money(gift.amount * 10, gift.currency)
                adjust_gift(gift, money=money, by=None, reason="A zero was left out: the cheque says so.")
            case 1:
                earlier = gift.received_on - dt.timedelta(days=3)
                adjust_gift(gift, received_on=earlier, by=None, reason="Dated by its arrival; the postmark counts.")
            case 2:
                other = rng.choice(recent).donor
                if other.pk != gift.donor_id:
                    adjust_gift(gift, donor=other, by=None, reason="Another person of the same name sent it.")
            case _:
                method = Method.CASH if gift.method != Method.CASH else Method.CHEQUE
                adjust_gift(gift, method=method, by=None, reason="Paid at the summer fair, not by post.")
    return len(chosen)


def _charge_back(rng: random.Random) -> int:
    chosen = rng.sample(cards := _recent(80, method=Method.CARD), min(len(cards), 3))
    for number, gift in enumerate(chosen):
        gift = charge_back_gift(gift, by=None, reason="The cardholder says the card was stolen.")
        if number == 0:
            reinstate_gift(gift, by=None, reason="The bank ruled for us: the donor had signed.")
    return len(chosen)


def _dedicate(rng: random.Random, today: dt.date) -> int:
    """Give the newest dedications in words their honouree, and the family a notice; the newest are still to be told."""
    gifts = list(Gift.objects.counted().exclude(tribute="").order_by("-received_on", "-pk")[:_TRIBUTES])
    rows = [
        Tribute(
            gift=gift,
            kind=DedicationKind.MEMORY if gift.tribute.startswith("In memory") else DedicationKind.HONOUR,
            honouree_name=gift.tribute.partition(" of ")[2],
            occasion="" if gift.tribute.startswith("In memory") else "70th birthday",
        )
        for gift in gifts
    ]
    tributes = Tribute.objects.bulk_create(rows)
    notices = TributeNotice.objects.bulk_create(_notice(rng, tribute) for tribute in tributes)
    mark_all_notified(notices[_STILL_TO_TELL:], by=None)
    return len(tributes)


def _notice(rng: random.Random, tribute: Tribute) -> TributeNotice:
    family = tribute.honouree_name.rpartition(" ")[2]
    given = rng.choice(_FAMILY)
    country = here()
    town, postal_code, _weight = rng.choice(country.towns[1:4])
    by_mail = rng.random() < 0.3
    return TributeNotice(
        tribute=tribute,
        name=f"{given} {family}",
        salutation=f"Dear {given}",
        street="" if by_mail else country.street(rng.randrange(2, 98), "Chandler Row"),
        city="" if by_mail else town,
        postal_code="" if by_mail else postal_code,
        country=country.code,
        email=f"{given}.{family}@example.org".lower() if by_mail else "",
        way=NoticeWay.EMAIL if by_mail else NoticeWay.LETTER,
    )


def _recognise(rng: random.Random) -> int:
    """Say who asked for a few large gifts."""
    askers = list(Constituent.objects.people().living().filter(giving__gift_count__gt=3).order_by("pk")[:5])
    large = list(Gift.objects.counted().order_by("-net_base_amount", "pk")[:12])
    made = 0
    for gift in large:
        asker = rng.choice(askers) if askers else None
        if asker is not None and asker.pk != gift.donor_id:
            credit(gift, constituent=asker, role=SoftCreditRole.SOLICITOR, by=None, note="At the spring supper")
            made += 1
    return made


def _give_goods(rng: random.Random, today: dt.date) -> int:
    donors = list(Constituent.objects.people().living().filter(giving__gift_count__gt=1).order_by("-pk")[:40])
    if len(donors) < 3:
        return 0
    shares, table, euros = rng.sample(donors, 3)
    gift = record_gift(
        donor=shares,
        money=Money(Decimal("4872.60"), currency()),
        received_on=today - dt.timedelta(days=23),
        by=None,
        method=Method.SECURITIES,
        description="Common stock of Northern Ferries Inc.",
        quantity=Decimal(120),
        quantity_unit="shares",
        ticker="NFI",
    )
    value_gift(
        gift,
        amount=gift.amount,
        method=ValuationMethod.HIGH_LOW,
        valued_on=gift.received_on,
        note="High 41.02, low 40.19.",
        by=None,
    )
    gift = record_gift(
        donor=table,
        money=Money(Decimal(850), currency()),
        received_on=today - dt.timedelta(days=41),
        by=None,
        method=Method.IN_KIND,
        description="An oak reading table, about 1910",
        quantity=Decimal(1),
    )
    value_gift(
        gift,
        amount=Decimal(900),
        method=ValuationMethod.APPRAISAL,
        valuer="Odette Marchand, appraiser, Portbury",
        valued_on=today - dt.timedelta(days=30),
        by=None,
    )
    record_gift(
        donor=euros,
        money=Money(Decimal(250), "EUR"),
        received_on=today - dt.timedelta(days=12),
        by=None,
        method=Method.TRANSFER,
        reference="Gruss aus Lübeck",
    )
    return 3


def _match(rng: random.Random, today: dt.date) -> int:
    """Give the employers of most donors a rule; claim what is old, receive one."""
    jobs = Relationship.objects.filter(type__key=EMPLOYEE, first__giving__gift_count__gt=0)
    employers = list(dict.fromkeys(jobs.order_by("second_id", "pk").values_list("second", flat=True)))[:_EMPLOYERS]
    for number, employer in enumerate(employers):
        MatchingRule.objects.create(
            employer_id=employer,
            ratio=(Decimal(1), Decimal(2), Decimal("0.5"))[number % 3],
            currency=currency(),
            minimum=Decimal(25),
            maximum=Decimal(2_500),
            maximum_a_year=Decimal(5_000),
            claim_within_days=(180, 365, None)[number % 3],
            how_to_claim="Their giving page, Community, Match a gift; they ask for our registration number.",
        )
    first, _last = clock.calendar_year_bounds(today.year)
    people = jobs.filter(second__in=employers).values("first")
    given = Gift.objects.counted().filter(donor__in=people, received_on__gte=first).order_by("received_on", "pk")
    matches = expect_matches(list(given[:60]), by=None)
    for match in matches[::3]:
        claim_match(match, claimed_on=today - dt.timedelta(days=rng.randrange(3, 40)), by=None)
    _receive_one(Match.objects.filter(claimed_on__isnull=False).order_by("pk").first(), today)
    return len(matches)


def _receive_one(match: Match | None, today: dt.date) -> None:
    if match is None:
        return
    gift = record_gift(
        donor=match.rule.employer,
        money=match.money,
        received_on=today - dt.timedelta(days=2),
        by=None,
        method=Method.TRANSFER,
        reference="Employee match",
    )
    receive_match(match, gift=gift, by=None)
