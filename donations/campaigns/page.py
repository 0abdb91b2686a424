"""Everything a campaign's page says, put together once for the screen and for paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.money import Money
from core.organisation import current_organisation
from core.theme.charts import LineChart, Series
from core.theme.figures import day_in_words, format_whole
from donations.campaigns.curve import Curve, curve_of
from donations.campaigns.results import Breakdown, Results, breakdown_of
from donations.models import Campaign


@dataclass(frozen=True)
class CampaignPage:
    """A campaign as the board sees it."""

    campaign: Campaign
    currency: str
    today: dt.date
    found: Breakdown
    curve: Curve | None

    @property
    def total(self) -> Results:
        """The results of the whole."""
        return self.found.total

    def money(self, amount: Decimal | None) -> Money | None:
        """Return an amount with its currency; None for None."""
        return None if amount is None else Money(amount, self.currency)

    @property
    def raised(self) -> Money:
        """What came in."""
        return Money(self.total.revenue, self.currency)

    @property
    def goal(self) -> Money | None:
        """What is to come in."""
        return self.money(self.campaign.goal)

    @property
    def share(self) -> Decimal | None:
        """How much of the goal is reached: 0.69 is 69 %."""
        return self.total.revenue / self.campaign.goal if self.campaign.goal else None

    @property
    def per_cent(self) -> int | None:
        """The share in whole per cent; 100 only when the goal is reached."""
        return None if self.share is None else int((self.share * 100).to_integral_value(ROUND_FLOOR))

    @property
    def is_reached(self) -> bool:
        """Whether the goal is reached."""
        return self.share is not None and self.share >= 1

    @property
    def time_gone(self) -> Decimal | None:
        """How much of its time is gone; None when it has no dates or is not running."""
        first, last = self.campaign.starts_on, self.campaign.ends_on
        if not first or not last or not first <= self.today <= last:
            return None
        return Decimal((self.today - first).days + 1) / ((last - first).days + 1)

    @property
    def state(self) -> tuple[str, str]:
        """Where it stands in time, with the tone of a chip."""
        campaign = self.campaign
        if campaign.starts_on and self.today < campaign.starts_on:
            return _("Planned"), "quiet"
        if campaign.ends_on and campaign.ends_on < self.today:
            return _("Ended"), "quiet"
        return _("Running"), "waiting"

    @property
    def when(self) -> str:
        """Its dates in words."""
        first, last = self.campaign.starts_on, self.campaign.ends_on
        if first and last:
            return _("%(first)s to %(last)s") % {"first": day_in_words(first), "last": day_in_words(last)}
        if first:
            return _("since %(first)s") % {"first": day_in_words(first)}
        return _("until %(last)s") % {"last": day_in_words(last)} if last else ""

    def sentences(self) -> Iterator[str]:
        """Say in words what the bar shows: what is missing, how long there is, what that asks of each day."""
        goal = self.goal
        if goal is None:
            return
        if self.is_reached:
            over = self.raised - goal
            yield (
                _("The goal is reached, and %(over)s more.") % {"over": format_whole(over)}
                if over.amount
                else _("The goal is reached.")
            )
        else:
            has_ended = self.campaign.ends_on is not None and self.campaign.ends_on < self.today
            said = _("%(left)s short of its goal.") if has_ended else _("%(left)s to go.")
            yield said % {"left": format_whole(goal - self.raised)}
        if self.curve and self.curve.late:
            late = Money(self.curve.late, self.currency)
            yield _("%(late)s of it came after the last day.") % {"late": format_whole(late)}
        if self.time_gone is None or not self.campaign.ends_on:
            return
        left = (self.campaign.ends_on - self.today).days
        yield ngettext("%(count)s day is left.", "%(count)s days are left.", left) % {"count": left}
        if left and not self.is_reached:
            a_day = Money((goal.amount - self.raised.amount) / left, self.currency)
            yield _("That asks for %(amount)s a day.") % {"amount": format_whole(a_day)}

    @property
    def chart(self) -> LineChart | None:
        """The curve, its goal, and the earlier campaign behind it."""
        if self.curve is None:
            return None
        series = [Series(_("now"), self.curve.sums)]
        if self.campaign.goal:
            series.append(Series(_("goal"), [self.campaign.goal] * len(self.curve.days), is_mark=True))
        if self.curve.before:
            series.append(Series(_("before"), self.curve.before))
        return LineChart(
            self.chart_title,
            [day_in_words(day, "d MMM") for day in self.curve.days],
            series,
            self.currency,
            most_labels=9,
        )

    @property
    def chart_title(self) -> str:
        """What the curve shows."""
        words = {"before": self.campaign.compared_with or ""}
        if self.curve and self.curve.before:
            return _("How giving added up, with %(before)s behind it") % words
        return _("How giving added up")


def campaign_page(campaign: Campaign) -> CampaignPage:
    """Put the page of a campaign together; a constant number of queries."""
    return CampaignPage(
        campaign,
        current_organisation().base_currency,
        clock.today(),
        breakdown_of(campaign),
        curve_of(campaign),
    )
