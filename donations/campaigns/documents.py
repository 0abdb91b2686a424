"""A campaign on paper: what its page says, for the board."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.documents import Bar, Column, Document, Series
from core.theme.charts import written
from core.theme.figures import day_in_words, format_whole
from donations.campaigns.page import CampaignPage
from donations.campaigns.results import Results
from donations.campaigns.wording import base, percent, whole


def campaign_document(page: CampaignPage, *, created: dt.datetime | None = None) -> bytes:
    """Return a campaign's page as PDF: how far it is, the curve, the appeals and the parts. Nobody is named."""
    name = page.campaign.name
    language = (get_language() or "en").split("-")[0]
    document = Document(name, language=language, created=created, subject=_("Campaign results"))
    document.heading(name)
    as_of = _("As of %(day)s.") % {"day": day_in_words(page.today)}
    document.paragraph(" ".join([*page.sentences(), as_of]), lead=True)
    document.key_figures(list(_key_figures(page)))
    _curve(document, page)
    _appeals(document, page)
    if page.found.parts:
        bars = [Bar(part.name, results.revenue, part.goal) for part, results in page.found.parts]
        document.bar_chart(_("Its parts, with their goals"), bars, currency=page.currency)
    document.heading(_("In figures"), level=2)
    document.facts([(label, value) for label, value in _facts(page) if value])
    return document.render()


def _key_figures(page: CampaignPage) -> Iterator[tuple[str, str, str]]:
    total = page.total
    words = {"share": f"{page.per_cent}%", "goal": format_whole(page.goal) if page.goal else ""}
    yield format_whole(page.raised), _("raised"), _("%(share)s of %(goal)s") % words if page.goal else ""
    yield written(total.donors), _("donors"), _("%(new)s of them new") % {"new": written(total.new_donors)}
    yield base(total.average), _("average gift"), _("median %(median)s") % {"median": base(total.median)}
    each = {"cost": base(total.cost_to_raise_one), "one": whole(Decimal(1))}
    yield percent(total.roi), _("return on cost"), _("%(cost)s for each %(one)s raised") % each if total.cost else ""


def _curve(document: Document, page: CampaignPage) -> None:
    if page.curve is None:
        return
    series = [Series(_("now"), page.curve.sums)]
    if page.campaign.goal:
        series.append(Series(_("goal"), [page.campaign.goal] * len(page.curve.days)))
    if page.curve.before:
        series.append(Series(_("before"), page.curve.before))
    days = [day_in_words(day, "d MMM") for day in page.curve.days]
    document.line_chart(page.chart_title, days, series, currency=page.currency, height=170)


def _appeals(document: Document, page: CampaignPage) -> None:
    if not page.found.appeals:
        return
    currency = page.currency
    document.heading(_("Appeals"), level=2)
    document.table(
        [
            Column(_("Appeal")),
            Column(_("Sent"), numeric=True),
            Column(_("Gifts"), numeric=True),
            Column(_("Response"), numeric=True),
            Column(_("Raised (%(currency)s)") % {"currency": currency}, currency=currency),
            Column(_("Cost (%(currency)s)") % {"currency": currency}, currency=currency),
            Column(_("Return"), numeric=True),
        ],
        [_row(appeal.name, results) for appeal, results in page.found.appeals],
        total=_row(_("Together"), page.found.named),
    )


def _row(name: str, results: Results) -> list[Any]:
    return [
        name,
        results.sent or "",
        results.gifts,
        percent(results.response_rate),
        results.revenue,
        results.cost,
        percent(results.roi),
    ]


def _facts(page: CampaignPage) -> Iterator[tuple[str, Any]]:
    total, campaign, promised = page.total, page.campaign, page.total.promised
    yield _("When"), page.when
    yield _("What for"), campaign.description
    yield _("Part of"), str(campaign.parent or "")
    spent = {"cost": whole(total.cost), "budget": whole(campaign.budget)}
    yield _("Cost"), _("%(cost)s of a budget of %(budget)s") % spent if campaign.budget else whole(total.cost)
    yield _("Left after cost"), whole(total.net)
    yield _("Largest gift"), base(total.largest) if total.gifts else ""
    pledged = {"pledged": whole(promised.pledged), "paid": whole(promised.paid)}
    yield _("Pledged"), _("%(pledged)s, of which %(paid)s came") % pledged if promised.pledged else ""
    yield _("Announced, not here yet"), whole(promised.expected) if promised.expected else ""
