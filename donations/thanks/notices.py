"""What those are told who are to hear of a gift in somebody's honour or memory, and the letters that tell them.

They hear that something was given and by whom, not how much: the amount is named only where the donor asked for it; a
donor who gives anonymously is not named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from django.utils import translation
from django.utils.translation import gettext as _

from constituents.models import Constituent
from constituents.services.addresses import addresses_on
from core.documents import Document, bind_letters, strong
from core.organisation import current_organisation
from core.postal import postal_lines, postal_order
from donations.models import DedicationKind, TributeNotice
from donations.thanks.choosing import language_of


@dataclass(frozen=True, slots=True)
class _Says:
    """One language; `%(donor)s` gave in `%(whose)s` honour or memory."""

    dear: str
    somebody: str
    honour: str
    memory: str
    amount: str
    message: str
    closing: str


_WORDS = {
    "en": _Says(
        dear="Dear %(name)s,",
        somebody="A friend who wishes to remain unnamed",
        honour="%(donor)s has made a gift to %(organisation)s in honour of %(whose)s.",
        memory="%(donor)s has made a gift to %(organisation)s in memory of %(whose)s.",
        amount="It is a gift of %(amount)s.",
        message="We were asked to tell you: “%(message)s”",
        closing="With kind regards,",
    ),
    "fr": _Says(
        dear="Bonjour %(name)s,",
        somebody="Une personne qui souhaite garder l’anonymat",
        honour="%(donor)s a fait un don à %(organisation)s en l’honneur de %(whose)s.",
        memory="%(donor)s a fait un don à %(organisation)s à la mémoire de %(whose)s.",
        amount="Il s’agit d’un don de %(amount)s.",
        message="On nous a priés de vous dire : « %(message)s »",
        closing="Avec nos sentiments dévoués,",
    ),
    "de": _Says(
        dear="Guten Tag %(name)s,",
        somebody="Jemand, der nicht genannt werden möchte,",
        honour="%(donor)s hat zu Ehren von %(whose)s für %(organisation)s gespendet.",
        memory="%(donor)s hat im Gedenken an %(whose)s für %(organisation)s gespendet.",
        amount="Es ist eine Spende von %(amount)s.",
        message="Wir sollen Ihnen ausrichten: „%(message)s“",
        closing="Mit freundlichen Grüßen",
    ),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody is told, in the language they are written to in; a letter and an e-mail say the same."""

    language: str
    title: str
    greeting: str
    told: str
    more: tuple[str, ...]
    closing: str


def what_is_told(notice: TributeNotice) -> Told:
    """Return the words of a notice: who gave, for whom, and never how much unless the donor asked for that."""
    gift, tribute = notice.tribute.gift, notice.tribute
    language = language_of(notice.constituent or gift.donor)
    says, organisation = _WORDS[language], current_organisation()
    donor = says.somebody if gift.is_anonymous else gift.donor.formal_name
    told = says.honour if tribute.kind == DedicationKind.HONOUR else says.memory
    whose = f"{tribute.name} ({tribute.occasion})" if tribute.occasion else tribute.name
    with translation.override(language):
        more = (
            says.amount % {"amount": gift.left} if tribute.tell_amount else "",
            says.message % {"message": tribute.message} if tribute.message else "",
        )
        return Told(
            language=language,
            title=str(tribute),
            greeting=_greeting(notice, says),
            told=told % {"donor": donor, "organisation": organisation.name, "whose": whose},
            more=tuple(filter(None, more)),
            closing=says.closing,
        )


def _greeting(notice: TributeNotice, says: _Says) -> str:
    """Return how the letter begins: as it was written down, with the comma that is rarely written down with it."""
    written = notice.salutation.strip()
    if not written:
        return says.dear % {"name": notice.recipient_name}
    return written if written[-1] in ",.:!" else f"{written},"


def notice_document(notice: TributeNotice, *, lines: list[str], date: dt.date) -> Document:
    """Return the letter to one who is to be told, not rendered yet."""
    says = what_is_told(notice)
    with translation.override(says.language):
        document = Document(says.title, language=says.language, created=date, counts_one_page=False)
        document.letterhead()
        document.address([notice.recipient_name, *lines], date=date)
        document.paragraph(says.greeting, after=10)
        document.paragraph(strong(says.told), after=10)
        for sentence in says.more:
            document.paragraph(sentence, after=10)
        document.paragraph(says.closing, after=4)
        document.signature()
    return document


def write_notices(notices: Iterable[TributeNotice], out: BinaryIO, *, on: dt.date) -> int:
    """Write one PDF of the letters that have somewhere to go, in postal order; return how many there are."""
    rows = list(notices)
    on_record = {notice.constituent_id for notice in rows if notice.constituent_id}
    homes = addresses_on(Constituent.objects.filter(pk__in=on_record), on)
    ours = str(current_organisation().country)
    found: list[tuple[tuple[bool, str, str], int, TributeNotice, list[str]]] = []
    for notice in rows:
        home = homes.get(notice.constituent_id) if notice.constituent_id and not notice.street else None
        lines = home.envelope_lines if home is not None else postal_lines(notice, from_country=ours)
        if lines:
            found.append((postal_order(home or notice, from_country=ours), notice.pk, notice, lines))
    found.sort(key=lambda row: row[:2])
    letters = (notice_document(notice, lines=lines, date=on) for _place, _key, notice, lines in found)
    bind_letters(letters, out, title=_("Notices"))
    return len(found)
