"""The board's page and the donor-prospect list on paper; every number is the one on the screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_percent
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from core.documents import Bar, Column, Document, Series, page_count, strong
from core.money import Money, format_amount
from core.organisation import current_organisation
from core.theme.figures import format_whole
from donations.campaigns.wording import percent
from office.reports.board import BoardFigures, LevelLine
from office.reports.named import Report
from office.reports.prospects import ProspectLine, ProspectList


def _language() -> str:
    return (get_language() or "en").split("-")[0]


def _percent(share: Decimal | None) -> str:
    return _("not yet known") if share is None else format_percent(share, locale=_language())


def _against(now: Decimal | int, before: Decimal | int) -> str:
    """Say how a number compares with the year before, in words and not by colour alone."""
    if not before:
        return _("nothing the year before") if not now else _("first year")
    change = (Decimal(now) - Decimal(before)) / Decimal(before)
    if change >= 0:
        return _("%(share)s more than the year before") % {"share": _percent(change)}
    return _("%(share)s less than the year before") % {"share": _percent(-change)}


# How much of campaigns and levels the board's page shows: the most that leaves it one page; the rest is told in a line.
_ROOM = ((6, 8), (4, 6), (3, 4), (2, 3), (1, 2), (0, 0))


def board_page(figures: BoardFigures, *, created: dt.datetime | None = None) -> bytes:
    """Return the one-page summary for the board as PDF, however many campaigns and levels there are."""
    for campaigns, levels in _ROOM:
        page = _board_page(figures, campaigns, levels, created)
        if page_count(page) == 1:
            break
    return page


def _board_page(figures: BoardFigures, campaigns: int, levels: int, created: dt.datetime | None) -> bytes:
    title = _("The year %(year)s") % {"year": figures.year}
    document = Document(title, language=_language(), created=created, subject=_("Summary for the board"))
    whole = {"money": format_whole(figures.raised)}
    document.heading(title)
    document.paragraph(
        _("How the year stands on %(day)s; compared with the same days of the year before.")
        % {"day": format_date(figures.as_of, "long", locale=_language())},
        lead=True,
    )
    document.key_figures(
        [
            (whole["money"], _("given"), _against(figures.giving.raised, figures.before.raised)),
            (figures.giving.donors, _("households gave"), _against(figures.giving.donors, figures.before.donors)),
            (figures.members, _("memberships"), _against(figures.members, figures.members_before)),
            (int(figures.hours), _("volunteer hours"), _against(figures.hours, figures.hours_before)),
        ]
    )
    months = [format_date(month, "LLL", locale=_language()) for month, _amount in figures.months]
    known = [amount if month <= figures.as_of else None for month, amount in figures.months]
    document.column_chart(
        _("Giving by month, this year and last, in %(currency)s") % {"currency": figures.currency},
        months,
        [
            Series(str(figures.year), known),
            Series(str(figures.year - 1), [amount for _month, amount in figures.months_before]),
        ],
        height=104,
    )
    document.heading(_("Giving"), level=2)
    moved = figures.moved
    document.facts(
        [
            (_("Gave last year and again this year"), f"{moved.kept} ({_percent(moved.retention)})"),
            (_("Of last year’s new donors, gave again"), _percent(moved.first_year_retention)),
            (_("New, came back, lapsed"), f"{moved.new_donors}, {moved.recaptured_donors}, {moved.lapsed_donors}"),
            (_("Average gift"), Money(figures.giving.average, figures.currency)),
        ]
    )
    if figures.campaigns[:campaigns]:
        document.bar_chart(
            _("Campaigns, with their goals"),
            [Bar(line.name, line.raised, line.goal) for line in figures.campaigns[:campaigns]],
            currency=figures.currency,
        )
    if (more := len(figures.campaigns) - campaigns) > 0:
        document.note(ngettext("%(n)s more campaign.", "%(n)s more campaigns.", more) % {"n": more})
    document.heading(_("Members and volunteers"), level=2)
    document.paragraph(
        "; ".join(
            _("%(level)s %(now)s (%(before)s)") % {"level": level.name, "now": level.members, "before": level.before}
            for level in _folded(figures.levels, levels)
        )
        or _("No members yet"),
        ". ",
        _("In brackets: a year before.") if figures.levels else "",
    )
    flow = figures.membership
    sentence = _(
        "This year %(start)s at the start, %(joined)s joined, %(back)s came back, %(lapsed)s lapsed, "
        "%(cancelled)s cancelled, %(died)s died: %(end)s today."
    )
    document.paragraph(
        sentence
        % {
            "start": flow.start,
            "joined": flow.joined,
            "back": flow.rejoined,
            "lapsed": flow.lapsed,
            "cancelled": flow.cancelled,
            "died": flow.deceased,
            "end": flow.end,
        }
    )
    document.paragraph(
        ngettext("%(n)s person gave their time.", "%(n)s people gave their time.", figures.volunteers)
        % {"n": figures.volunteers},
        " ",
        ngettext(
            "%(n)s coming shift still needs people.", "%(n)s coming shifts still need people.", figures.short_shifts
        )
        % {"n": figures.short_shifts},
    )
    return document.render()


def _folded(levels: Sequence[LevelLine], shown: int) -> list[LevelLine]:
    """Return the largest levels, and one line for all the others."""
    if len(levels) <= shown + 1:
        return list(levels)
    rest = levels[shown:]
    others = LevelLine(_("other levels"), sum(one.members for one in rest), sum(one.before for one in rest))
    return [*levels[:shown], others]


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
    document = Document(heading, language=_language(), created=created)
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


def prospects_document(found: ProspectList, *, reader: str, created: dt.datetime | None = None) -> bytes:
    """Return the donor-prospect list as PDF, stamped with its reader's name."""
    title = _("Whom to ask next")
    footer = _("Confidential. For %(reader)s only.") % {"reader": reader}
    document = Document(title, language=_language(), created=created, subject=_("Donor prospects"), footer=footer)
    day = format_date(found.as_of, "long", locale=_language())
    document.cover(title, subtitle=_("Donor prospects, with the reason for each name"), date=day)
    document.heading(_("How this list was made"))
    document.paragraph(
        _(
            "Everyone with a gift that counts is ranked by what they gave, each gift halved for every year of its age: "
            "who gave much and lately stands first. Nothing after %(day)s was used."
        )
        % {"day": day},
        lead=True,
    )
    document.paragraph(
        ngettext("%(n)s donor was ranked.", "%(n)s donors were ranked.", found.ranked) % {"n": found.ranked},
        " ",
        ngettext(
            "%(n)s is left out because they have died or asked not to be contacted.",
            "%(n)s are left out because they have died or asked not to be contacted.",
            found.left_out,
        )
        % {"n": found.left_out},
    )
    currency = found.currency
    document.table(
        [
            Column("#", numeric=True),
            Column(_("Name")),
            Column(_("Last gift")),
            Column(_("Largest (%(currency)s)") % {"currency": currency}, currency=currency),
            Column(_("Ask (%(currency)s)") % {"currency": currency}, currency=currency),
        ],
        [
            (
                line.place,
                line.constituent.full_name,
                line.prospect.history.last_on,
                line.prospect.history.largest,
                line.prospect.ask,
            )
            for line in found.lines
        ],
        total=["", _("All asks"), "", "", found.asked_for],
    )
    if found.lines:
        document.page_break()
        document.heading(_("One by one"))
    for line in found.lines:
        _profile(document, line, currency)
    return document.render()


def _profile(document: Document, line: ProspectLine, currency: str) -> None:
    history = line.prospect.history
    document.heading(f"{line.place}. ", line.constituent.full_name, level=2)
    document.paragraph(strong(_("Why: ")), "; ".join(line.reasons), ".")
    document.facts(
        [
            (_("Household"), line.household or _("none")),
            (_("Gave in all"), f"{format_amount(history.lifetime, currency)} ({history.gifts})"),
            (_("Suggested ask"), Money(line.prospect.ask, currency)),
            (_("Notes"), " "),
        ]
    )
