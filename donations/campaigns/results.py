"""What a campaign brought, what it cost, and who answered; in a constant number of queries however many the gifts.

A campaign's results are those of all that is part of it, each gift once. Every amount is in the base currency and of
counted gifts, less refunds. A donor here is a person or an organisation.

- *new*: their first gift ever is among these;
- *response*: those who gave after an appeal, of those it was sent to;
- *cost* is that of the appeals; *net* is revenue less cost; *return* (ROI) is net for each unit of cost; *cost to raise
  one* is cost for each unit of revenue.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Max, Q, QuerySet, Sum, Value, When, Window
from django.db.models.functions import RowNumber

from core.money import quantize
from core.organisation import current_organisation
from donations import metrics
from donations.campaigns.promised import Promised, promised_by_campaign
from donations.campaigns.tree import Tree
from donations.models import Appeal, Campaign, Gift

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Results:
    """What came of one effort. Rates are shares: 0.062 is 6.2 %; None where there is nothing to divide by."""

    revenue: Decimal = _ZERO
    gifts: int = 0
    donors: int = 0
    new_donors: int = 0
    largest: Decimal = _ZERO
    median: Decimal | None = None
    cost: Decimal = _ZERO
    sent: int = 0
    #: Who gave after an appeal that says how many it was sent to.
    responses: int = 0
    promised: Promised = field(default_factory=Promised)

    @property
    def average(self) -> Decimal | None:
        """The average gift."""
        return _money(self.revenue / self.gifts) if self.gifts else None

    @property
    def response_rate(self) -> Decimal | None:
        """Who answered, of those who were asked."""
        return Decimal(self.responses) / self.sent if self.sent else None

    @property
    def net(self) -> Decimal:
        """What is left after the cost."""
        return self.revenue - self.cost

    @property
    def roi(self) -> Decimal | None:
        """What each unit spent brought beyond itself: 3.2 is 320 %."""
        return self.net / self.cost if self.cost else None

    @property
    def cost_to_raise_one(self) -> Decimal | None:
        """What it cost to raise one unit of the base currency."""
        return self.cost / self.revenue if self.revenue else None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A campaign's results, those of what is directly part of it, and those of its own appeals and of all below."""

    total: Results
    parts: list[tuple[Campaign, Results]]
    appeals: list[tuple[Appeal, Results]]
    within: list[int]

    @property
    def named(self) -> Results:
        """What the appeals brought together."""
        rows = [results for _appeal, results in self.appeals]
        return Results(
            revenue=sum((row.revenue for row in rows), _ZERO),
            gifts=sum(row.gifts for row in rows),
            cost=self.total.cost,
            sent=self.total.sent,
            responses=self.total.responses,
        )


def breakdown_of(campaign: Campaign) -> Breakdown:
    """Return the results of a campaign, of its parts and of its appeals; ten queries, however large it is."""
    tree = Tree.read()
    within = sorted(tree.within(campaign.pk))
    gifts = Gift.objects.counted().filter(campaign__in=within)
    appeals = list(Appeal.objects.filter(campaign__in=within).select_related("campaign").order_by("-sent_on", "name"))
    answered = _sums(gifts.filter(appeal__isnull=False), "appeal")
    of_appeals = [
        (
            appeal,
            replace(
                answered.get(appeal.pk, Results()),
                cost=_money(appeal.cost),
                sent=appeal.number_sent,
                responses=answered[appeal.pk].donors if appeal.number_sent and appeal.pk in answered else 0,
            ),
        )
        for appeal in appeals
    ]
    promised = promised_by_campaign(within)
    whole = gifts.annotate(all=Value(1))
    total = _with_costs(_sums(whole, "all").get(1, Results()), of_appeals, promised, within)
    total = replace(total, median=_medians(whole, "all").get(1))
    return Breakdown(total, _parts(campaign, tree, gifts, of_appeals, promised), of_appeals, within)


def _parts(
    campaign: Campaign,
    tree: Tree,
    gifts: QuerySet[Gift],
    appeals: list[tuple[Appeal, Results]],
    promised: Mapping[int, Promised],
) -> list[tuple[Campaign, Results]]:
    children = list(campaign.children.order_by("-starts_on", "name"))
    if not children:
        return []
    branches = {child.pk: tree.within(child.pk) for child in children}
    sums = _sums(gifts.annotate(branch=_branch(branches)).filter(branch__isnull=False), "branch")
    return [
        (child, _with_costs(sums.get(child.pk, Results()), appeals, promised, branches[child.pk])) for child in children
    ]


def _branch(branches: Mapping[int, Iterable[int]]) -> Case:
    """Return, for each gift, the part of the tree it counts for."""
    whens = [When(campaign__in=list(keys), then=Value(key)) for key, keys in branches.items()]
    return Case(*whens, default=None, output_field=IntegerField(null=True))


def _with_costs(
    results: Results,
    appeals: list[tuple[Appeal, Results]],
    promised: Mapping[int, Promised],
    within: Iterable[int],
) -> Results:
    keys = set(within)
    rows = [row for appeal, row in appeals if appeal.campaign_id in keys]
    return replace(
        results,
        cost=sum((row.cost for row in rows), _ZERO),
        sent=sum(row.sent for row in rows),
        responses=sum(row.responses for row in rows),
        promised=sum((promised[key] for key in keys if key in promised), Promised()),
    )


def results_of_appeal(appeal: Appeal) -> Results:
    """Return what one appeal brought; two queries."""
    gifts = Gift.objects.counted().filter(appeal=appeal)
    found = _sums(gifts, "appeal").get(appeal.pk, Results())
    return replace(
        found,
        median=_medians(gifts, "appeal").get(appeal.pk),
        cost=_money(appeal.cost),
        sent=appeal.number_sent,
        responses=found.donors if appeal.number_sent else 0,
    )


def raised_by_campaign() -> dict[int, Decimal]:
    """Return what every campaign raised with all that is part of it, for lists; two queries."""
    own = Gift.objects.counted().filter(campaign__isnull=False).order_by().values_list("campaign")
    tree = Tree.read()
    found: dict[int, Decimal] = defaultdict(Decimal)
    for key, amount in own.annotate(total=Sum("net_base_amount")):
        for above in tree.above(key):
            found[above] += _money(amount)
    return dict(found)


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """A campaign over a period: what came in for it alone, so that lines add up, and what with all its parts."""

    campaign: Campaign
    part_of: str
    own: Results
    raised_with_parts: Decimal


def campaign_lines(first: dt.date, last: dt.date, switches: metrics.Switches = metrics.DEFAULT) -> list[CampaignLine]:
    """Return the campaigns that raised or cost something in a period, largest first.

    Donors are those of the switches: households by default. Costs and letters are those of appeals sent in the period.
    """
    tree = Tree.read()
    counted: QuerySet[Any] = metrics.counted(switches)
    gifts = counted.filter(received_on__gte=first, received_on__lte=last)
    sums = _sums(gifts.filter(campaign__isnull=False), "campaign", "unit")
    medians = _medians(gifts.filter(campaign__isnull=False), "campaign")
    appeals = list(Appeal.objects.filter(sent_on__gte=first, sent_on__lte=last).order_by("pk"))
    answered = _sums(gifts.filter(appeal__in=appeals), "appeal", "unit")
    of_appeals = [
        (
            appeal,
            Results(
                cost=_money(appeal.cost),
                sent=appeal.number_sent,
                responses=answered[appeal.pk].donors if appeal.number_sent and appeal.pk in answered else 0,
            ),
        )
        for appeal in appeals
    ]
    concerned = {*sums, *(appeal.campaign_id for appeal in appeals)}
    promised = promised_by_campaign(concerned)
    within: dict[int, Decimal] = defaultdict(Decimal)
    for key, row in sums.items():
        for above in tree.above(key):
            within[above] += row.revenue
    campaigns = Campaign.objects.select_related("parent").filter(pk__in={*concerned, *within})
    lines = [
        CampaignLine(
            campaign,
            campaign.parent.name if campaign.parent else "",
            replace(
                _with_costs(sums.get(campaign.pk, Results()), of_appeals, promised, [campaign.pk]),
                median=medians.get(campaign.pk),
            ),
            within[campaign.pk],
        )
        for campaign in campaigns
    ]
    return sorted(lines, key=lambda line: (-line.own.revenue, -line.raised_with_parts, line.campaign.name))


# How rows are added up


def _sums(gifts: QuerySet[Any], key: str, unit: str = "donor") -> dict[int, Results]:
    """Return what the gifts of each key add up to, in one query."""
    is_first = Q(received_on=F("donor__giving__first_gift_on"))
    rows = (
        gifts.order_by()
        .values(key)
        .annotate(
            revenue=Sum("net_base_amount"),
            number=Count("pk"),
            givers=Count(unit, distinct=True),
            new=Count(unit, distinct=True, filter=is_first),
            biggest=Max("net_base_amount"),
        )
    )
    return {
        row[key]: Results(
            revenue=_money(row["revenue"]),
            gifts=row["number"],
            donors=row["givers"],
            new_donors=row["new"],
            largest=_money(row["biggest"]),
        )
        for row in rows
    }


def _medians(gifts: QuerySet[Any], key: str) -> dict[int, Decimal]:
    """Return the middle gift of each key, in one query: only the one or two rows in the middle leave the database."""
    ranked = gifts.order_by().annotate(
        rank=Window(RowNumber(), partition_by=[F(key)], order_by=["net_base_amount", "pk"]),
        size=Window(Count("pk"), partition_by=[F(key)]),
    )
    middle = ranked.annotate(twice=F("rank") * 2).filter(twice__gte=F("size"), twice__lte=F("size") + 2)
    found: dict[int, list[Decimal]] = defaultdict(list)
    for group, amount in middle.values_list(key, "net_base_amount"):
        found[group].append(amount)
    return {group: _money(sum(amounts, _ZERO) / len(amounts)) for group, amounts in found.items()}


def _money(amount: Decimal | None) -> Decimal:
    return quantize(amount or _ZERO, current_organisation().base_currency)
