"""What Harbour Light asks for: its funds, a campaign a year with its parts and appeals, rates of other money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from core.demo import DemoPlan
from donations.models import Appeal, AppealChannel, Campaign, ExchangeRate, Fund, Restriction
from office.demo.countries import country_of

_BOUND = {"kitchen": Restriction.TEMPORARY, "boats": Restriction.TEMPORARY, "library": Restriction.PERMANENT}
# (name, code, what for, first month, last month, goal a head)
_CAMPAIGNS = (
    ("Spring Tide", "spring", "New planks for three dories before the season begins.", 4, 6, Decimal(9)),
    ("Winter Lights", "winter", "Keeps the kitchen warm and open until the ice is out.", 11, 12, Decimal(5)),
)
# (how, what it is called, day of the campaign's first month, share of the people it reaches, cost a head)
_APPEALS = (
    (AppealChannel.MAIL, "Letter", 3, Decimal("0.6"), Decimal("0.55")),
    (AppealChannel.EMAIL, "E-mail", 10, Decimal("0.45"), Decimal("0.02")),
    (AppealChannel.EVENT, "Supper on the wharf", 16, Decimal("0.05"), Decimal("0.35")),
    (AppealChannel.WEB, "Website", 1, Decimal(0), Decimal("0.01")),
)


def add_funds_and_campaigns(plan: DemoPlan) -> dict[str, int]:
    """Open the funds, and a year-end and a spring campaign for each year, with their appeals and costs."""
    funds = Fund.objects.bulk_create(
        Fund(
            name=name,
            code=code,
            purpose=purpose,
            is_default=code == "general",
            restriction=_BOUND.get(code, Restriction.NONE),
            accounting_code=str(4000 + 100 * number),
        )
        for number, (code, (name, purpose)) in enumerate(country_of(plan).funds.items())
    )
    for year in _years(plan):
        _ask_for_a_year(plan, year)
    _add_rates(plan)
    return {"funds": len(funds), "campaigns": Campaign.objects.count(), "appeals": Appeal.objects.count()}


def running_on(campaigns: Iterable[Campaign], day: dt.date) -> Campaign | None:
    """Return the first of the campaigns that runs on a day."""
    return next(
        (one for one in campaigns if one.starts_on and one.ends_on and one.starts_on <= day <= one.ends_on), None
    )


def _years(plan: DemoPlan) -> range:
    return range(plan.begins.year, plan.today.year + 1)


def _size(plan: DemoPlan) -> Decimal:
    """Return how many people goals and costs are reckoned for: a tiny demo has sums to look at, too."""
    return Decimal(max(plan.people, 40))


def _goal(plan: DemoPlan, year: int, a_head: Decimal, *, at_least: int) -> Decimal:
    """Return what a campaign is to raise, in round sums: eight hundredths more each year."""
    growth = Decimal(100 + 8 * (year - plan.begins.year)) / 100
    return max((_size(plan) * a_head * growth / 500).quantize(Decimal(1)) * 500, Decimal(at_least))


def _ask_for_a_year(plan: DemoPlan, year: int) -> None:
    size = _size(plan)
    whole_year = Campaign.objects.create(
        name=f"Annual Fund {year}",
        code=f"annual-{year}",
        description="Everything we ask for in a year, from the spring boats to the winter kitchen.",
        goal=_goal(plan, year, Decimal(16), at_least=2000),
        budget=(size * Decimal("2.2")).quantize(Decimal(1)),
        starts_on=dt.date(year, 1, 1),
        ends_on=dt.date(year, 12, 31),
        compared_with=_year_before("annual", year),
    )
    for name, code, description, month_from, month_to, a_head in _CAMPAIGNS:
        campaign = Campaign.objects.create(
            parent=whole_year,
            compared_with=_year_before(code, year),
            name=f"{name} {year}",
            code=f"{code}-{year}",
            description=description,
            goal=_goal(plan, year, a_head, at_least=1000),
            budget=size,
            starts_on=dt.date(year, month_from, 1),
            ends_on=dt.date(year, month_to, 30 if month_to == 6 else 31),
        )
        for channel, label, day, reach, cost in _APPEALS:
            Appeal.objects.create(
                campaign=campaign,
                name=f"{label}, {campaign.name}",
                code=f"{code}-{channel}-{year}",
                channel=channel,
                sent_on=dt.date(year, month_from, day),
                number_sent=int(size * reach),
                cost=max(size * cost, Decimal(40)).quantize(Decimal("0.01")),
            )


def _year_before(code: str, year: int) -> Campaign | None:
    return Campaign.objects.filter(code=f"{code}-{year - 1}").first()


def _add_rates(plan: DemoPlan) -> None:
    for year in _years(plan):
        for other, rate in country_of(plan).rates:
            ExchangeRate.objects.create(currency=other, valid_from=dt.date(year, 1, 1), rate=Decimal(rate))
