"""Giving: years of gifts as people really give - seasonal, lapsing, upgrading, some every month, a few very large."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from constituents.models import Constituent
from core import clock
from core.demo import DemoPlan
from core.money import Money
from donations.models import Appeal, AppealChannel, Campaign, Fund, Gift, GiftSource, Method
from donations.services.bulk import NewGift, post_gifts
from donations.services.gifts import record_gift, refund_gift, void_gift
from office.demo.campaigns import running_on
from office.demo.setting import MEMBER, currency

_CHUNK = 2_000
_NICE = [5, 10, 15, 20, 25, 30, 35, 40, 50, 60, 75, 100, 120, 150, 200, 250, 300, 350, 500, 750, 1_000, 1_500, 2_500,
         5_000, 7_500, 10_000, 15_000, 25_000]  # fmt: skip
_HONOURED = ("Rose Tanaka", "Walter Abara", "Ines Lindqvist", "Theo Marsh", "Aunt Pilar Vega", "Captain Ole Brandt")
# How much of a year's giving falls in each month: a spring bump and the turn of the year.
_MONTHS = [5, 4, 5, 8, 9, 6, 4, 4, 6, 8, 15, 26]


@dataclass(frozen=True, slots=True)
class Habit:
    """One way of giving: how often, how much, and how likely it is to go on for another year."""

    name: str
    share: float
    gifts_a_year: float
    usual: float
    spread: float
    goes_on: float


HABITS = (
    Habit("every month", 0.06, 12, 22, 0.5, 0.86),
    Habit("every year", 0.30, 1.2, 75, 0.8, 0.78),
    Habit("when asked", 0.27, 0.9, 50, 0.7, 0.6),
    Habit("once", 0.34, 1, 40, 0.8, 0.12),
    Habit("large", 0.03, 1.6, 1_800, 0.9, 0.84),
)


def add_giving(plan: DemoPlan) -> dict[str, int]:
    """Let about half of everyone give, by habit, from the first day to today."""
    rng = plan.random("giving")
    funds = list(Fund.objects.order_by("pk"))
    campaigns = list(Campaign.objects.filter(parent__isnull=False).order_by("starts_on"))
    appeals = {(appeal.campaign_id, appeal.channel): appeal for appeal in Appeal.objects.all()}
    count = 0
    chunk: list[NewGift] = []
    donors = Constituent.objects.order_by("pk").only("pk", "kind", "is_deceased")
    member = Constituent.objects.filter(user__email=MEMBER).values_list("pk", flat=True).first()
    for donor in donors.iterator(chunk_size=5_000):
        if donor.pk != member and rng.random() > (0.52 if donor.is_person else 0.4):
            continue
        habit = HABITS[1] if donor.pk == member else rng.choices(HABITS, [habit.share for habit in HABITS])[0]
        chunk.extend(_gifts(rng, plan, donor, habit, funds, campaigns, appeals, always=donor.pk == member))
        if len(chunk) >= _CHUNK:
            count += len(post_gifts(chunk, by=None, audited=False))
            chunk = []
    count += len(post_gifts(chunk, by=None, audited=False))
    return {"gifts": count, "expected": _add_expected(rng, plan), "reversed": _reverse_some(rng)}


def _gifts(
    rng: random.Random,
    plan: DemoPlan,
    donor: Constituent,
    habit: Habit,
    funds: list[Fund],
    campaigns: list[Campaign],
    appeals: dict[tuple[int, str], Appeal],
    *,
    always: bool,
) -> Iterator[NewGift]:
    first_year = plan.begins.year if always else rng.choice(range(plan.begins.year, plan.today.year + 1))
    usual = habit.usual * rng.lognormvariate(0, habit.spread) * (1 if donor.is_person else 4)
    favourite = rng.choices(funds, [5, 3, 2, 1])[0]
    method = rng.choices([Method.CHEQUE, Method.CARD, Method.TRANSFER, Method.CASH], [45, 35, 15, 5])[0]
    for year in range(first_year, plan.today.year + 1):
        for date in _dates(rng, habit, year):
            if date > plan.today:
                continue
            amount = _nice(usual * rng.lognormvariate(0, 0.12))
            campaign = running_on(campaigns, date)
            if campaign and (habit.name == "every month" or rng.random() < 0.35):
                campaign = None
            channel = _channel(rng, amount) if campaign else None
            appeal = appeals[campaign.pk, channel] if campaign and channel else None
            yield _gift(rng, donor, date, amount, favourite, funds, method, campaign, appeal)
        if not always and rng.random() > (habit.goes_on if year > first_year else habit.goes_on * 0.8):
            return
        if rng.random() < 0.22:
            usual *= rng.choice([1.25, 1.5, 2])


def _dates(rng: random.Random, habit: Habit, year: int) -> list[dt.date]:
    if habit.name == "every month":
        day = 1 + rng.randrange(28)
        return [dt.date(year, month, day) for month in range(1, 13)]
    count = max(1, round(rng.gauss(habit.gifts_a_year, 0.5)))
    months = rng.choices(range(1, 13), _MONTHS, k=count)
    return sorted(dt.date(year, month, 1 + rng.randrange(28)) for month in months)


def _channel(rng: random.Random, amount: Decimal) -> AppealChannel | None:
    """Return what was answered: letters most of all, the supper by who gives much; now and then nobody knows."""
    supper = 3 if amount >= 250 else 0.4
    channels = [AppealChannel.MAIL, AppealChannel.EMAIL, AppealChannel.EVENT, AppealChannel.WEB, None]
    return rng.choices(channels, [6, 3.5, supper, 1.5, 1])[0]


def _nice(amount: float) -> Decimal:
    return Decimal(min(_NICE, key=lambda nice: abs(nice - amount)))


def _gift(
    rng: random.Random,
    donor: Constituent,
    date: dt.date,
    amount: Decimal,
    favourite: Fund,
    funds: list[Fund],
    method: str,
    campaign: Campaign | None,
    appeal: Appeal | None,
) -> NewGift:
    dinner = campaign is not None and amount >= 100 and rng.random() < 0.06
    gift = Gift(
        donor=donor,
        amount=amount,
        currency=currency(),
        received_on=date,
        method=method,
        reference=str(rng.randrange(100, 9_999)) if method == Method.CHEQUE else "",
        campaign=campaign,
        appeal=appeal,
        source=GiftSource.ONLINE if method == Method.CARD else GiftSource.STAFF,
        is_anonymous=rng.random() < 0.02,
        tribute=_tribute(rng) if rng.random() < 0.01 else "",
        advantage_amount=Decimal(45) if dinner else Decimal(0),
        advantage_description="Dinner on the wharf" if dinner else "",
        posted_at=clock.start_of_day(date) + dt.timedelta(hours=10 + rng.randrange(8)),
    )
    if amount >= 200 and rng.random() < 0.15:
        other = rng.choice([fund for fund in funds if fund.pk != favourite.pk])
        small = (amount / 4).quantize(Decimal("0.01"))
        return NewGift(gift, [(favourite, amount - small), (other, small)])
    return NewGift(gift, [(favourite, amount)])


def _tribute(rng: random.Random) -> str:
    kind = "In memory of" if rng.random() < 0.7 else "In honour of"
    return f"{kind} {rng.choice(_HONOURED)}"


def _add_expected(rng: random.Random, plan: DemoPlan) -> int:
    """Promise a few gifts by transfer and cheque that have not come yet."""
    donors = list(Constituent.objects.people().living().filter(giving__gift_count__gt=1).order_by("pk")[:400])
    chosen = rng.sample(donors, min(len(donors), 7))
    for number, donor in enumerate(chosen):
        record_gift(
            donor=donor,
            money=Money(Decimal(rng.choice([25, 50, 75, 100, 250])), currency()),
            received_on=plan.today - dt.timedelta(days=rng.randrange(1, 20)),
            by=None,
            post=False,
            method=Method.TRANSFER if number % 2 else Method.CHEQUE,
            source=GiftSource.ONLINE,
        )
    return len(chosen)


def _reverse_some(rng: random.Random) -> int:
    """Void a gift typed twice and refund a few, so that the books show how that looks."""
    recent = list(Gift.objects.counted().order_by("-received_on", "-pk")[:200])
    chosen = rng.sample(recent, min(len(recent), 4))
    for number, gift in enumerate(chosen):
        if number == 0:
            void_gift(gift, by=None, reason="Entered twice: the same cheque stands in Monday’s batch.")
        elif number == 1:
            refund_gift(gift, money=gift.money, by=None, reason="Given to the wrong organisation; donor asked.")
        else:
            half = Money(gift.amount / 2, gift.currency)
            refund_gift(gift, money=half, by=None, reason="Card charged twice for the raffle.")
    return len(chosen)
