"""The donor-prospect list on paper: a table of all, then a short profile of each."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.documents import Column, Document, strong
from core.money import Money, format_amount
from core.theme.figures import day_in_words
from office.documents.wording import language
from office.reports.prospects import ProspectLine, ProspectList


def prospects_document(found: ProspectList, *, reader: str, created: dt.datetime | None = None) -> bytes:
    """Return the donor-prospect list as PDF, stamped with its reader's name."""
    title = _("Whom to ask next")
    footer = _("Confidential. For %(reader)s only.") % {"reader": reader}
    document = Document(title, language=language(), created=created, subject=_("Donor prospects"), footer=footer)
    day = day_in_words(found.as_of)
    document.cover(title, subtitle=_("Donor prospects, with the reason for each name"), date=day)
    _how_it_was_made(document, found, day)
    _everybody(document, found)
    if found.lines:
        document.page_break()
        document.heading(_("One by one"))
    for line in found.lines:
        _profile(document, line, found.currency)
    return document.render()


def _how_it_was_made(document: Document, found: ProspectList, day: str) -> None:
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


def _everybody(document: Document, found: ProspectList) -> None:
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
