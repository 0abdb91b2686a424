"""Reports by name on paper."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from core.documents import Column, Document
from core.organisation import current_organisation
from donations.campaigns.wording import percent
from office.documents.wording import language
from office.reports.named import Report

#: Reports by name that are had as PDF too: title, and the columns that fit a page with what they are called.
ON_PAPER: dict[str, tuple[Any, dict[str, Any]]] = {
    "campaigns": (
        _lazy("What campaigns brought in %(year)s"),
        {
            "campaign": _lazy("Campaign"),
            "gifts": _lazy("Gifts"),
            "donors": _lazy("Donors"),
            "raised": _lazy("Raised"),
            "goal": _lazy("Goal"),
            "response_rate": _lazy("Response"),
            "cost": _lazy("Cost"),
            "roi": _lazy("Return"),
        },
    ),
    "funds": (
        _lazy("What funds received in %(year)s"),
        {
            "fund": _lazy("Fund"),
            "code": _lazy("Code"),
            "account": _lazy("Account"),
            "gifts": _lazy("Gifts"),
            "raised": _lazy("Received"),
        },
    ),
}
_AMOUNTS = {"raised", "goal", "cost"}
_SHARES = {"response_rate", "roi"}
_ADDED = {"gifts", "raised", "cost"}


def report_document(name: str, year: int, report: Report, *, created: dt.datetime | None = None) -> bytes:
    """Return a named report as PDF: the rows of the file, the columns that fit a page, and their sums."""
    title, columns = ON_PAPER[name]
    currency = current_organisation().base_currency
    heading = title % {"year": year}
    document = Document(heading, language=language(), created=created)
    document.heading(heading)
    document.paragraph(_("Amounts in %(currency)s, after refunds.") % {"currency": currency}, lead=True)
    places = [report.columns.index(column) for column in columns]
    rows = [[_on_paper(column, row[at]) for column, at in zip(columns, places, strict=True)] for row in report.rows]
    sums = [
        sum((row[at] for row in rows if row[at] != ""), Decimal(0) if column in _AMOUNTS else 0)
        if column in _ADDED
        else ""
        for at, column in enumerate(columns)
    ]
    document.table(
        [
            Column(
                label,
                currency=currency if column in _AMOUNTS else "",
                numeric=column in (_ADDED | _SHARES | {"donors"}),
            )
            for column, label in columns.items()
        ],
        rows,
        total=[_("Together"), *sums[1:]],
    )
    return document.render()


def _on_paper(column: str, value: Any) -> Any:
    if value is None:
        return ""
    if column in _AMOUNTS:
        return Decimal(value)
    return percent(Decimal(value)) if column in _SHARES else value
