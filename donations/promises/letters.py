"""Letters that remind of a pledge: one a donor or one a household, each with the parts that are due, by postal code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.utils import translation
from django.utils.translation import gettext as _

from constituents.models import Address, Constituent, Household
from constituents.services.addresses import addresses_on
from core.documents import Column, Document, bind_letters
from core.organisation import current_organisation
from core.postal import postal_order
from donations.models import Instalment, PledgeReminder, Together
from donations.thanks.choosing import language_of


@dataclass(frozen=True, slots=True)
class _Says:
    """One language."""

    title: str
    greeting: str
    before: str
    late: str
    due_on: str
    reference: str
    due: str
    total: str
    donor: str
    changed: str
    closing: str


_WORDS = {
    "en": _Says(
        title="Your pledge",
        greeting="Dear %(name)s,",
        before="Thank you for what you have promised to %(organisation)s. This part of it is due soon:",
        late=(
            "Thank you for what you have promised to %(organisation)s. As far as we can see this part of it has not "
            "reached us yet. If it is on its way, please forgive this letter."
        ),
        due_on="Due on",
        reference="Please quote",
        due="Amount",
        total="Together",
        donor="Promised by",
        changed="Should your plans have changed, please tell us: we will find a schedule that suits you.",
        closing="With kind regards,",
    ),
    "fr": _Says(
        title="Votre promesse de don",
        greeting="Bonjour %(name)s,",
        before="Merci de ce que vous avez promis à %(organisation)s. Ce versement arrive bientôt à échéance :",
        late=(
            "Merci de ce que vous avez promis à %(organisation)s. Sauf erreur de notre part, ce versement ne nous est "
            "pas encore parvenu. S’il est en route, veuillez ne pas tenir compte de cette lettre."
        ),
        due_on="Échéance",
        reference="Référence à indiquer",
        due="Montant",
        total="Total",
        donor="Promis par",
        changed="Si vos projets ont changé, dites-le-nous : nous trouverons un échéancier qui vous convient.",
        closing="Avec nos sentiments dévoués,",
    ),
    "de": _Says(
        title="Ihre Spendenzusage",
        greeting="Guten Tag %(name)s,",
        before="vielen Dank für Ihre Zusage an %(organisation)s. Dieser Teil davon ist bald fällig:",
        late=(
            "vielen Dank für Ihre Zusage an %(organisation)s. Soweit wir sehen, ist dieser Teil davon noch nicht bei "
            "uns eingegangen. Ist er schon unterwegs, betrachten Sie diesen Brief bitte als gegenstandslos."
        ),
        due_on="Fällig am",
        reference="Bitte angeben",
        due="Betrag",
        total="Zusammen",
        donor="Zugesagt von",
        changed="Sollten sich Ihre Pläne geändert haben, sagen Sie uns bitte Bescheid: Wir finden einen Weg.",
        closing="Mit freundlichen Grüßen",
    ),
}


@dataclass(frozen=True, slots=True)
class ReminderLetter:
    """One letter: to whom, where, and which parts it reminds of."""

    addressee: str
    salutation: str
    language: str
    lines: tuple[str, ...]
    instalments: tuple[Instalment, ...]


def reminder_document(letter: ReminderLetter, *, date: dt.date) -> Document:
    """Return the letter, not rendered yet."""
    says = _WORDS.get(letter.language, _WORDS["en"])
    is_late = any(instalment.due_on < date for instalment in letter.instalments)
    with translation.override(letter.language):
        document = Document(says.title, language=letter.language, created=date, counts_one_page=False)
        document.letterhead()
        document.address([letter.addressee, *letter.lines], date=date)
        document.paragraph(says.greeting % {"name": letter.salutation}, after=10)
        named = {"organisation": current_organisation().name}
        document.paragraph((says.late if is_late else says.before) % named, after=10)
        _list_parts(document, letter, says)
        document.paragraph(says.changed, after=10)
        document.paragraph(says.closing, after=4)
        document.signature()
    return document


def _list_parts(document: Document, letter: ReminderLetter, says: _Says) -> None:
    """Put the parts in a table, a table for each currency; whose a part is, is said where several promised."""
    several = len({instalment.pledge.donor_id for instalment in letter.instalments}) > 1
    for currency in sorted({instalment.pledge.currency for instalment in letter.instalments}):
        parts = [instalment for instalment in letter.instalments if instalment.pledge.currency == currency]
        columns = [Column(says.due_on), *([Column(says.donor)] if several else []), Column(says.reference)]
        rows = [
            [
                part.due_on,
                *([part.pledge.donor.formal_name] if several else []),
                part.pledge.reference,
                part.left.amount,
            ]
            for part in parts
        ]
        total = [says.total, *[""] * (len(columns) - 1), sum(part.left_amount for part in parts)]
        columns.append(Column(f"{says.due} ({currency})", currency=currency))
        document.table(columns, rows, total=total if len(parts) > 1 else None)
    document.space(6)


def plan_reminders(reminders: Iterable[PledgeReminder], *, together: str, on: dt.date) -> list[ReminderLetter]:
    """Return the letters for reminders loaded with instalment, pledge and donor, in postal order.

    A part stands in one letter once, however many reminders of it wait. Who has no address gets none.
    """
    parts = {reminder.instalment_id: reminder.instalment for reminder in reminders}
    donors = {part.pledge.donor_id: part.pledge.donor for part in parts.values()}
    homes = addresses_on(Constituent.objects.filter(pk__in=donors), on)
    households = Household.objects.in_bulk({home.household_id for home in homes.values() if home.household_id})
    groups: dict[tuple[bool, int], list[Instalment]] = {}
    for part in parts.values():
        home = homes.get(part.pledge.donor_id)
        if home is None:
            continue
        shares = together == Together.HOUSEHOLD and home.household_id in households
        key = (True, home.household_id) if shares and home.household_id else (False, part.pledge.donor_id)
        groups.setdefault(key, []).append(part)
    ours = str(current_organisation().country)
    found = []
    for (shared, pk), mine in groups.items():
        mine.sort(key=lambda part: (part.due_on, part.pk))
        donor = donors[mine[0].pledge.donor_id]
        several = len({part.pledge.donor_id for part in mine}) > 1
        home = homes[donor.pk]
        letter = _letter(donor, households[pk] if shared and several else None, home, mine)
        found.append((postal_order(home, from_country=ours), donor.sort_name, donor.pk, letter))
    return [row[-1] for row in sorted(found, key=lambda row: row[:-1])]


def _letter(
    donor: Constituent, household: Household | None, home: Address, parts: Sequence[Instalment]
) -> ReminderLetter:
    name = donor.formal_name
    salutation = donor.informal_name if donor.is_person else name
    if household is not None:
        name = household.addressee or household.name
        salutation = household.informal_salutation or household.name
    return ReminderLetter(name, salutation, language_of(donor), tuple(home.envelope_lines), tuple(parts))


def write_reminders(reminders: Iterable[PledgeReminder], out: BinaryIO, *, together: str, on: dt.date) -> int:
    """Write the letters as one PDF; return how many there are."""
    letters = plan_reminders(reminders, together=together, on=on)
    bind_letters((reminder_document(letter, date=on) for letter in letters), out, title=_("Reminders"))
    return len(letters)
