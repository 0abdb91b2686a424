"""The board's page: giving, membership and volunteering of a year, on one sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.documents import Bar, Document, Series, page_count
from core.money import Money
from core.theme.figures import day_in_words, format_whole
from office.documents.wording import against, language, share_in_words
from office.reports.board import BoardFigures, LevelLine

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
    document = Document(title, language=language(), created=created, subject=_("Summary for the board"))
    document.heading(title)
    document.paragraph(
        _("How the year stands on %(day)s; compared with the same days of the year before.")
        % {"day": day_in_words(figures.as_of)},
        lead=True,
    )
    document.key_figures(
        [
            (format_whole(figures.raised), _("given"), against(figures.giving.raised, figures.before.raised)),
            (figures.giving.donors, _("households gave"), against(figures.giving.donors, figures.before.donors)),
            (figures.members, _("memberships"), against(figures.members, figures.members_before)),
            (int(figures.hours), _("volunteer hours"), against(figures.hours, figures.hours_before)),
        ]
    )
    _months(document, figures)
    _giving(document, figures)
    _campaigns(document, figures, campaigns)
    document.heading(_("Members and volunteers"), level=2)
    _members(document, figures, levels)
    _volunteers(document, figures)
    return document.render()


def _months(document: Document, figures: BoardFigures) -> None:
    months = [day_in_words(month, "LLL") for month, _amount in figures.months]
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


def _giving(document: Document, figures: BoardFigures) -> None:
    document.heading(_("Giving"), level=2)
    moved = figures.moved
    document.facts(
        [
            (_("Gave last year and again this year"), f"{moved.kept} ({share_in_words(moved.retention)})"),
            (_("Of last year’s new donors, gave again"), share_in_words(moved.first_year_retention)),
            (_("New, came back, lapsed"), f"{moved.new_donors}, {moved.recaptured_donors}, {moved.lapsed_donors}"),
            (_("Average gift"), Money(figures.giving.average, figures.currency)),
        ]
    )


def _campaigns(document: Document, figures: BoardFigures, shown: int) -> None:
    if figures.campaigns[:shown]:
        document.bar_chart(
            _("Campaigns, with their goals"),
            [Bar(line.name, line.raised, line.goal) for line in figures.campaigns[:shown]],
            currency=figures.currency,
        )
    if (more := len(figures.campaigns) - shown) > 0:
        document.note(ngettext("%(n)s more campaign.", "%(n)s more campaigns.", more) % {"n": more})


def _members(document: Document, figures: BoardFigures, shown: int) -> None:
    document.paragraph(
        "; ".join(
            _("%(level)s %(now)s (%(before)s)") % {"level": level.name, "now": level.members, "before": level.before}
            for level in _folded(figures.levels, shown)
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


def _volunteers(document: Document, figures: BoardFigures) -> None:
    document.paragraph(
        ngettext("%(n)s person gave their time.", "%(n)s people gave their time.", figures.volunteers)
        % {"n": figures.volunteers},
        " ",
        ngettext(
            "%(n)s coming shift still needs people.", "%(n)s coming shifts still need people.", figures.short_shifts
        )
        % {"n": figures.short_shifts},
    )


def _folded(levels: Sequence[LevelLine], shown: int) -> list[LevelLine]:
    """Return the largest levels, and one line for all the others."""
    if len(levels) <= shown + 1:
        return list(levels)
    rest = levels[shown:]
    others = LevelLine(_("other levels"), sum(one.members for one in rest), sum(one.before for one in rest))
    return [*levels[:shown], others]
